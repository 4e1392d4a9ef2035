// One wave: its state and rule, report and audit trail, and the forms to resume it and to roll it back.

import { readOrNull } from "/api.js";
import { descriptionList, moment } from "/elements.js";
import { onSubmit, readRequired } from "/forms.js";
import { listen } from "/events.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { rollBackWave, wave, waveAudit } from "/operator/api.js";
import { haltByHand, isHaltedByHand, resume } from "/operator/halt_by_hand.js";
import { regularly } from "/operator/regularly.js";
import { showReport } from "/operator/report.js";
import { haltRule, waveBadge } from "/operator/labels.js";

const WAVE_EVENTS = ["WaveChanged", "WaveHalted"];
const REASON_REQUIRED = "Enter a reason. It is kept in the audit trail.";

export async function showWave(name) {
  const waiting = showLoading(`Loading ${name}…`);
  try {
    const answer = await wave(name);
    if (!isShown(waiting)) return;
    open(answer);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This wave could not be loaded", error, retry: () => showWave(name), back: { href: "#/", label: "Rollout" } });
  }
}

function open(answer) {
  const root = instantiate("wave-view");
  const { name } = answer.body;
  const page = { root, ...answer };
  fill(root, { name });
  slots(root)("change").href = `#/waves/${encodeURIComponent(name)}/edit`;
  fillWave(page);
  wireReasonForm(page, root.querySelector("#resume-form"), "The wave is resumed.", resume(() => page.body));
  wireReasonForm(page, root.querySelector("#halt-form"), "The wave is halted.", haltByHand);
  wireReasonForm(page, root.querySelector("#rollback-form"), "The wave is rolled back.", rollBackWave);
  show(root);
  listen({ filter: { detail_type: WAVE_EVENTS.join(",") }, onEvent: (type, detail) => handleEvent(page, type, detail) });
  regularly(root, () => readOrNull(() => refresh(page)));
  showReport(root, () => page.body);
  showAudit(root, (cursor) => waveAudit(name, cursor));
}

function handleEvent(page, type, detail) {
  if (detail.wave !== page.body.name || !isShown(page.root)) return;
  if (type === "WaveHalted") announce(`The wave ${detail.wave} halted automatically.`);
  readOrNull(() => refresh(page));
}

/** Updates the view, and keeps what the user is typing. */
async function refresh(page) {
  const answer = await wave(page.body.name);
  if (!isShown(page.root)) return;
  const isChanged = answer.etag !== page.etag;
  // A wave starts by the clock, without a change.
  if (!isChanged && answer.body.state === page.body.state) return;
  Object.assign(page, answer);
  fillWave(page);
  if (isChanged) await showAudit(page.root, (cursor) => waveAudit(page.body.name, cursor));
}

function fillWave({ root, body }) {
  const { state } = body;
  const byHand = isHaltedByHand(body);
  const slot = slots(root);
  slot("state").replaceChildren(waveBadge(body));
  descriptionList(slot("details"), [
    ["Admits", body.percentage > 0 ? `Its list and ${body.percentage}% of all creators` : "Its list", "wave-reach"],
    ["Starts", byHand ? null : body.starts_at ? moment(body.starts_at) : "At once"],
    ["Halts automatically", haltRule(body.halt), "wave-halt"],
    ["Opened", body.created_at && moment(body.created_at)],
    ["Opened by", body.created_by],
    ["Rolled back", body.rolled_back_at && moment(body.rolled_back_at)],
    ["Rolled back by", body.rolled_back_by],
  ]);
  slot("change").textContent = state === "rolled_back" ? "Remove creators from its lists" : "Change this wave";
  slot("halted").hidden = state !== "halted" && !byHand;
  slot("halted-why").textContent = byHand
    ? "An operator halted this wave; the changes of the rollout say why. It admits no creators until it is resumed."
    : "This wave halted automatically because a rate exceeded its limit; the changes of the rollout say which. It admits no creators until it is resumed.";
  slot("planned").hidden = state !== "not_started" || byHand;
  slot("halt").hidden = state !== "open";
  slot("rollback").hidden = state === "rolled_back";
}

/** A form that asks for a reason and acts on the wave under the version that is shown. */
function wireReasonForm(page, form, done, act) {
  const work = async () => {
    const reason = readRequired(form.elements.reason, REASON_REQUIRED);
    if (reason === null) return;
    await act(page.body.name, reason, page.etag);
    form.reset();
    await refresh(page);
    page.root.querySelector("h1").focus();
    announce(done);
  };
  const outdated = {
    sentence: "Someone else has changed this wave since this page was loaded. Nothing was saved.",
    label: "Reload",
    retry: () => refresh(page),
  };
  onSubmit(form, work, { outdated });
}
