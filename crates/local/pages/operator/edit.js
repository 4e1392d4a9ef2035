// Opening a wave or changing it: what is typed is tried out first, and what was tried out is what is written.

import { attempt, onSubmit } from "/elements.js";
import { rateText } from "/rates.js";
import { announce, fieldError, fill, instantiate, isShown, show, showLoading, showProblem, slots, whileBusy } from "/view.js";
import { wave } from "/operator/calls.js";
import { fillDifference, isNothing } from "/operator/difference.js";
import { localMinute, readEdit } from "/operator/reads.js";
import { apply, dryRun } from "/operator/requests.js";
import { neverHalts } from "/operator/words.js";

/** The form for the wave of that name, or for a new one. */
export async function showEdit(name) {
  let present = null;
  if (name !== null) {
    const waiting = showLoading(`Opening ${name}…`);
    try {
      present = (await wave(name)).body;
    } catch (error) {
      if (isShown(waiting)) showProblem({ title: "This wave could not be opened", error, retry: () => showEdit(name), back: { href: "#/", label: "Rollout" } });
      return;
    }
    if (!isShown(waiting)) return;
  }
  const root = instantiate("edit-view");
  fillForm(root, present);
  wire(root, present);
  show(root);
}

function fillForm(root, present) {
  const form = root.querySelector("#wave-form");
  const fields = form.elements;
  fill(root, { title: present ? `Change ${present.name}` : "Open a wave", zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  slots(root)("name-field").hidden = present !== null;
  slots(root)("back").href = present ? `#/waves/${encodeURIComponent(present.name)}` : "#/";
  fields.percentage.value = String(present?.percentage ?? 0);
  fields.starts_at.value = localMinute(present?.starts_at);
  const halt = neverHalts(present?.halt) ? null : present.halt;
  fields.halts.checked = halt !== null;
  if (halt) {
    fields.dispute_rate.value = rateText(halt.dispute_rate_ppm);
    fields.failure_rate.value = rateText(halt.failure_rate_ppm);
    fields.min_payments.value = String(halt.min_payments);
  }
  const update = () => {
    slots(root)("halt-fields").hidden = !fields.halts.checked;
  };
  fields.halts.addEventListener("change", update);
  update();
}

function wire(root, present) {
  const form = root.querySelector("#wave-form");
  const shown = slots(root)("difference");
  const tried = { edit: null, etag: null };
  const tryOut = async () => {
    shown.hidden = true;
    const edit = readEdit(form, present);
    if (edit === null) return;
    const { difference, etag } = await dryRun(edit);
    if (!isShown(root)) return;
    Object.assign(tried, { edit, etag });
    fillDifference(shown, difference);
    root.querySelector("#apply").hidden = isNothing(difference) && present !== null;
    shown.hidden = false;
    shown.querySelector("h2").focus();
  };
  onSubmit(form, tryOut);
  // What was tried out is no longer what the form says.
  form.addEventListener("input", () => {
    shown.hidden = true;
    fieldError(form.elements.reason, "");
  });
  const outdated = {
    sentence: "Somebody else changed this wave since the difference was found. Nothing was written over theirs.",
    label: "Find the difference again",
    again: () => attempt(form, tryOut),
  };
  const button = root.querySelector("#apply");
  button.addEventListener("click", () => whileBusy(button, () => attempt(shown, async () => {
    const { name } = await apply(tried.edit, tried.etag);
    location.hash = `#/waves/${encodeURIComponent(name)}`;
    announce(`The wave ${name} is written.`);
  }, outdated)));
}
