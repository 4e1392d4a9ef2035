// One wave: its state and rule, its report, resuming it and rolling it back, and its audit trail.

import { facts, moment, onSubmit, readRequired } from "/elements.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { resumeWave, rollBackWave, wave, waveAudit } from "/operator/calls.js";
import { showReport } from "/operator/report.js";
import { haltRule, waveBadge } from "/operator/words.js";

const WHY = "Say why. It stays in the audit trail.";

export async function showWave(name) {
  const waiting = showLoading(`Opening ${name}…`);
  try {
    const answer = await wave(name);
    if (!isShown(waiting)) return;
    render(answer);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This wave could not be opened", error, retry: () => showWave(name), back: { href: "#/", label: "Overview" } });
  }
}

function render({ body, etag }) {
  const root = instantiate("wave-view");
  const { name, state } = body;
  fill(root, { name });
  const slot = slots(root);
  slot("state").replaceChildren(waveBadge(state));
  facts(slot("facts"), [
    ["Reaches", body.percentage > 0 ? `Its list and ${body.percentage} % of all creators` : "Its list", "wave-reach"],
    ["Starts", body.starts_at ? moment(body.starts_at) : "At once"],
    ["Halts", haltRule(body.halt), "wave-halt"],
    ["Opened", body.created_at && moment(body.created_at)],
    ["Opened by", body.created_by],
    ["Rolled back", body.rolled_back_at && moment(body.rolled_back_at)],
    ["Rolled back by", body.rolled_back_by],
  ]);
  slot("change").href = `#/waves/${encodeURIComponent(name)}/edit`;
  slot("halted").hidden = state !== "halted";
  slot("rollback").hidden = state === "rolled_back";
  wireEnd(root.querySelector("#resume-form"), body, "The wave goes on.", (reason) => resumeWave(name, reason, etag));
  wireEnd(root.querySelector("#rollback-form"), body, "The wave is rolled back.", (reason) => rollBackWave(name, reason, etag));
  show(root);
  showReport(root, body);
  showAudit(root, (cursor) => waveAudit(name, cursor));
}

/** A form that takes a reason and does one thing to the wave as it was shown. */
function wireEnd(form, { name }, done, act) {
  const work = async () => {
    const reason = readRequired(form.elements.reason, WHY);
    if (reason === null) return;
    await act(reason);
    await showWave(name);
    announce(done);
  };
  const outdated = {
    sentence: "Somebody else changed this wave since this page read it. Nothing was written.",
    label: "See what it is now",
    again: () => showWave(name),
  };
  onSubmit(form, work, { outdated });
}
