// Small pieces that the pages are put together from. Text from outside only ever becomes text nodes, never markup.

import { ApiError, NetworkError } from "/api.js";
import { alertIn, fieldError, isShown, slots, whileBusy } from "/view.js";

/** An element with attributes and children; strings become text, and what is null or false is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const TIME_OF_DAY = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

function time(iso, format) {
  const at = new Date(iso);
  return element("time", { datetime: iso }, Number.isNaN(at.getTime()) ? iso : format.format(at));
}

/** A point in time in the reader's own time zone. */
export const moment = (iso) => time(iso, MOMENT);

/** The same, of today. */
export const timeOfDay = (iso) => time(iso, TIME_OF_DAY);

export const badge = (text, tone) => element("span", { class: `badge ${tone}` }, text);

/** Rows of a description list, from `[term, text or element, data-testid?]`; rows without a text are left out. */
export function facts(list, rows) {
  const present = rows.filter(([, text]) => text !== null && text !== undefined && text !== "");
  list.replaceChildren(
    ...present.map(([term, text, testid]) =>
      element("div", {}, element("dt", {}, term), element("dd", { "data-testid": testid }, text))),
  );
}

/** Reads a field that must not be empty, or answers null after saying so next to it. */
export function readRequired(input, sentence) {
  const text = input.value.trim();
  fieldError(input, text === "" ? sentence : "");
  if (text !== "") return text;
  input.focus();
  return null;
}

/** Works once per press of a form's button, which `work` is told; what the API refuses is told in the form's own alert. */
export function onSubmit(form, work, { outdated } = {}) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter ?? form.querySelector("[type=submit]");
    whileBusy(pressed, () => attempt(form, () => work(pressed), outdated));
  });
}

/** Does `work`; a refusal becomes words in `root`'s alert, and one that is out of date gets a way to look again. */
export async function attempt(root, work, outdated) {
  alertIn(root, "");
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
    if (!isShown(root)) return;
    if (error.isOutdated && outdated) tellOutdated(root, outdated);
    else alertIn(root, [error.message, ...(error.reasons ?? []).map((reason) => reason.message)].join(" "));
  }
}

/** What `read` answers, or null where the API does not say now: what is shown stays until it is read again. */
export async function ifKnown(read) {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError || error instanceof NetworkError) return null;
    throw error;
  }
}

function tellOutdated(root, { sentence, label, again }) {
  alertIn(root, sentence);
  const button = element("button", { type: "button", class: "link", "data-testid": "look-again" }, label);
  button.addEventListener("click", () => attempt(root, again));
  slots(root)("alert").append(" ", button);
}
