// Opens or changes a wave. A dry run shows the difference first; exactly what was previewed is then saved.

import { attempt, onSubmit } from "/forms.js";
import { rateText } from "/rates.js";
import { announce, fieldError, fill, instantiate, isShown, show, showLoading, showProblem, slots, whileBusy } from "/view.js";
import { wave } from "/operator/api.js";
import { fillDifference, isNothing } from "/operator/difference.js";
import { localDateTime, readEdit } from "/operator/wave_form.js";
import { apply, dryRun } from "/operator/wave_requests.js";
import { neverHalts } from "/operator/labels.js";

/** Shows the form for the named wave, or for a new one if `name` is null. */
export async function showEdit(name) {
  let current = null;
  if (name !== null) {
    const waiting = showLoading(`Loading ${name}…`);
    try {
      current = (await wave(name)).body;
    } catch (error) {
      if (isShown(waiting)) showProblem({ title: "This wave could not be loaded", error, retry: () => showEdit(name), back: { href: "#/", label: "Rollout" } });
      return;
    }
    if (!isShown(waiting)) return;
  }
  const root = instantiate("edit-view");
  fillForm(root, current);
  wire(root, current);
  show(root);
}

function fillForm(root, current) {
  const form = root.querySelector("#wave-form");
  const fields = form.elements;
  fill(root, { title: current ? `Change the wave ${current.name}` : "Open a wave", zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const slot = slots(root);
  slot("name-field").hidden = current !== null;
  slot("remove-field").hidden = current === null;
  slot("deny-part").open = current !== null;
  slot("back").href = current ? `#/waves/${encodeURIComponent(current.name)}` : "#/";
  fields.percentage.value = String(current?.percentage ?? 0);
  fields.starts_at.value = localDateTime(current?.starts_at);
  const halt = neverHalts(current?.halt) ? null : current.halt;
  // A new wave has a rule unless its operator decides against one.
  fields.halts.checked = current === null || halt !== null;
  if (halt) {
    fields.dispute_rate.value = rateText(halt.dispute_rate_ppm);
    fields.failure_rate.value = rateText(halt.failure_rate_ppm);
    fields.min_payments.value = String(halt.min_payments);
  }
  const update = () => {
    slot("halt-fields").hidden = !fields.halts.checked;
  };
  fields.halts.addEventListener("change", update);
  update();
}

function wire(root, current) {
  const form = root.querySelector("#wave-form");
  const shown = slots(root)("difference");
  const button = root.querySelector("#apply");
  button.textContent = current === null ? "Confirm: open this wave" : "Confirm: save these changes";
  const previewed = { edit: null, etag: null };
  const preview = async () => {
    shown.hidden = true;
    const edit = readEdit(form, current);
    if (edit === null) return;
    const { difference, etag } = await dryRun(edit);
    if (!isShown(root)) return;
    Object.assign(previewed, { edit, etag });
    fillDifference(shown, difference);
    button.hidden = isNothing(difference) && current !== null;
    shown.hidden = false;
    const title = shown.querySelector("h2");
    title.focus();
    title.scrollIntoView();
  };
  onSubmit(form, preview);
  // The preview no longer matches the form.
  form.addEventListener("input", () => {
    shown.hidden = true;
    fieldError(form.elements.reason, "");
  });
  const outdated = {
    sentence: "Someone else has changed this wave since the preview. Their change was not overwritten.",
    label: "Preview again",
    retry: () => attempt(form, preview),
  };
  button.addEventListener("click", () => whileBusy(button, () => attempt(shown, async () => {
    const { name } = await apply(previewed.edit, previewed.etag);
    location.hash = `#/waves/${encodeURIComponent(name)}`;
    announce(current === null ? `The wave ${name} is opened.` : `The changes of the wave ${name} are saved.`);
  }, outdated)));
}
