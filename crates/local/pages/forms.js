// Forms: required fields, one submission at a time, and what the API refuses.

import { ApiError, NetworkError } from "/api.js";
import { element } from "/elements.js";
import { alertIn, fieldError, isShown, slots, whileBusy } from "/view.js";

/** The text of a required field, or null after showing `sentence` next to it. */
export function readRequired(input, sentence) {
  const text = input.value.trim();
  fieldError(input, text === "" ? sentence : "");
  if (text !== "") return text;
  input.focus();
  return null;
}

/** Runs `work(button)` once for each press of a form's button. What the API refuses is shown in the form's alert. */
export function onSubmit(form, work, { outdated } = {}) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter ?? form.querySelector("[type=submit]");
    whileBusy(pressed, () => attempt(form, () => work(pressed), outdated));
  });
}

/**
 * The version under which an edit is saved: the one that was shown when its author began to type. A view that updates itself
 * meanwhile must not make the edit overwrite what its author has not seen.
 */
export function editedVersion(form, shown) {
  let began = null;
  form.addEventListener("input", () => (began ??= shown()));
  return { etag: () => began ?? shown(), restart: () => (began = null) };
}

/** Runs `work` and shows a refusal in `root`'s alert. If the version is outdated, the alert has a button to read again. */
export async function attempt(root, work, outdated) {
  alertIn(root, "");
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
    if (!isShown(root)) return;
    if (error.isOutdated && outdated) alertOutdated(root, outdated);
    else alertIn(root, [error.message, ...(error.reasons ?? []).map((reason) => reason.message)].join(" "));
  }
}

function alertOutdated(root, { sentence, label, retry }) {
  alertIn(root, sentence);
  const button = element("button", { type: "button", class: "link", "data-testid": "reload" }, label);
  button.addEventListener("click", () => attempt(root, retry));
  slots(root)("alert").append(" ", button);
}
