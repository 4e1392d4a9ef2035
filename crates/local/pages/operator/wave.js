// One wave: its state and rule, its report, resuming it and rolling it back, and its audit trail.

import { facts, ifKnown, moment, onSubmit, readRequired } from "/elements.js";
import { listen } from "/live.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { resumeWave, rollBackWave, wave, waveAudit } from "/operator/calls.js";
import { showReport } from "/operator/report.js";
import { haltRule, waveBadge } from "/operator/words.js";

const OF_A_WAVE = ["WaveChanged", "WaveHalted"];
const WHY = "Say why. It stays in the audit trail.";

export async function showWave(name) {
  const waiting = showLoading(`Opening ${name}…`);
  try {
    const answer = await wave(name);
    if (!isShown(waiting)) return;
    open(answer);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This wave could not be opened", error, retry: () => showWave(name), back: { href: "#/", label: "Rollout" } });
  }
}

function open(answer) {
  const root = instantiate("wave-view");
  const { name } = answer.body;
  const board = { root, ...answer };
  fill(root, { name });
  slots(root)("change").href = `#/waves/${encodeURIComponent(name)}/edit`;
  fillWave(board);
  wireEnd(board, root.querySelector("#resume-form"), "The wave goes on.", resumeWave);
  wireEnd(board, root.querySelector("#rollback-form"), "The wave is rolled back.", rollBackWave);
  show(root);
  listen({ filter: { detail_type: OF_A_WAVE.join(",") }, heard: (type, detail) => hear(board, type, detail) });
  showReport(root, () => board.body);
  showAudit(root, (cursor) => waveAudit(name, cursor));
}

function hear(board, type, detail) {
  if (detail.wave !== board.body.name || !isShown(board.root)) return;
  if (type === "WaveHalted") announce(`The wave ${detail.wave} has halted by itself.`);
  ifKnown(() => refresh(board));
}

/** Brings the view up to what is true now, without touching what is being typed. */
async function refresh(board) {
  const answer = await wave(board.body.name);
  if (!isShown(board.root)) return;
  Object.assign(board, answer);
  fillWave(board);
  await showAudit(board.root, (cursor) => waveAudit(board.body.name, cursor));
}

function fillWave({ root, body }) {
  const { state } = body;
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
  slot("change").textContent = state === "rolled_back" ? "Take creators off its lists" : "Change it";
  slot("halted").hidden = state !== "halted";
  slot("rollback").hidden = state === "rolled_back";
}

/** A form that takes a reason and does one thing to the wave as it is shown. */
function wireEnd(board, form, done, act) {
  const work = async () => {
    const reason = readRequired(form.elements.reason, WHY);
    if (reason === null) return;
    await act(board.body.name, reason, board.etag);
    form.reset();
    await refresh(board);
    board.root.querySelector("h1").focus();
    announce(done);
  };
  const outdated = {
    sentence: "Somebody else changed this wave since this page read it. Nothing was written.",
    label: "See what it is now",
    again: () => refresh(board),
  };
  onSubmit(form, work, { outdated });
}
