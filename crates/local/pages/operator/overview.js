// How far receiving is open: the kill switch first, then the percentage, the waves, and what has just happened.

import { attempt, element, moment, onSubmit, readRequired } from "/elements.js";
import { parsePercentage } from "/rates.js";
import { announce, fieldError, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { changeRollout, rollout, rolloutAudit, waves } from "/operator/calls.js";
import { showHappening } from "/operator/happening.js";
import { haltRule, waveBadge } from "/operator/words.js";

const WHY = "Say why. It stays in the audit trail.";
/** So that one press is enough when every second counts; it can be overwritten first. */
const STOP_REASON = "Stopped at once; the cause is being looked into.";

export async function showOverview() {
  const waiting = showLoading("Looking at the rollout…");
  let first;
  try {
    first = await Promise.all([rollout(), waves()]);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The rollout could not be read", error, retry: showOverview, back: { href: "#/health", label: "Health" } });
    return;
  }
  if (!isShown(waiting)) return;
  const root = instantiate("overview-view");
  const board = { root, etag: null, paused: null, percentage: null };
  wireSwitch(board);
  wirePercentage(board);
  fillRollout(board, first[0]);
  listWaves(board, first[1].body);
  show(root);
  showHappening(root, () => refresh(board));
  await showAudit(root, rolloutAudit);
}

/** Brings the view up to what is true now, without touching what is being typed. */
async function refresh(board) {
  await attempt(board.root.querySelector("#switch-form"), async () => {
    const [now, all] = await Promise.all([rollout(), waves()]);
    if (!isShown(board.root)) return;
    fillRollout(board, now);
    listWaves(board, all.body);
    await showAudit(board.root, rolloutAudit);
  });
}

function fillRollout(board, { body, etag }) {
  const { root } = board;
  const { paused, percentage, cancel_open_until: canceledUntil } = body;
  const slot = slots(root);
  slot("state").textContent = paused ? "Stopped" : "Open";
  slot("state").className = `badge ${paused ? "no" : "yes"}`;
  fill(root, {
    title: paused ? "Nobody can receive" : "Receiving is open",
    lead: paused
      ? "Every new payment is refused, whatever waves and operators say. Payments already made stay as they are."
      : "To whom: whoever an operator enabled, the waves below, and the percentage.",
    "percentage-now": `${percentage} %`,
    "switch-label": paused ? "Let receiving go on" : "Stop all receiving",
  });
  slot("canceled").hidden = !canceledUntil;
  slot("canceled").replaceChildren(...(canceledUntil ? ["Open payments made until ", moment(canceledUntil), " are canceled."] : []));
  slot("cancel-row").hidden = paused;
  const press = root.querySelector("#switch-press");
  press.className = paused ? "primary wide" : "danger wide";
  if (board.paused !== paused) root.querySelector("#switch-reason").value = paused ? "" : STOP_REASON;
  // What somebody is typing is theirs; what stands as it was shown is brought up to date.
  const typed = root.querySelector("#percentage");
  if (typed.value === String(board.percentage ?? "")) typed.value = String(percentage);
  Object.assign(board, { etag, paused, percentage });
}

function wireSwitch(board) {
  const form = board.root.querySelector("#switch-form");
  onSubmit(form, async () => {
    const { "switch-reason": reasonInput, "switch-cancel": cancel } = form.elements;
    const reason = readRequired(reasonInput, WHY);
    if (reason === null) return;
    // Unconditional: whatever somebody else changed meanwhile, this is to be so.
    const body = { paused: !board.paused, reason };
    if (!board.paused && cancel.checked) body.cancel_open = true;
    await changeRollout(body);
    cancel.checked = false;
    await refresh(board);
    announce(board.paused ? "Receiving is stopped for everyone." : "Receiving is open again.");
  });
}

function wirePercentage(board) {
  const form = board.root.querySelector("#percentage-form");
  const outdated = {
    sentence: "Somebody else changed the rollout since this page read it. Nothing was written.",
    label: "See what it is now",
    again: () => refresh(board),
  };
  const save = async () => {
    const { percentage: input, "percentage-reason": reasonInput } = form.elements;
    const { percentage, error } = parsePercentage(input.value);
    fieldError(input, error ?? "");
    if (error) return input.focus();
    const reason = readRequired(reasonInput, WHY);
    if (reason === null) return;
    await changeRollout({ percentage, reason }, board.etag);
    reasonInput.value = "";
    await refresh(board);
    announce(`The percentage is ${percentage} now.`);
  };
  onSubmit(form, save, { outdated });
}

function listWaves({ root }, page) {
  const slot = slots(root);
  slot("waves").replaceChildren(...page.items.map(waveRow));
  slot("no-waves").hidden = page.items.length > 0;
}

function waveRow({ name, state, percentage, starts_at: startsAt, halt }) {
  const link = element("a", { href: `#/waves/${encodeURIComponent(name)}` }, name);
  const reach = percentage > 0 ? `Its list and ${percentage} % of all creators` : "Its list";
  return element(
    "li",
    { "data-testid": `wave-${name}` },
    element("p", { class: "row-title" }, link, " ", waveBadge(state)),
    element("p", { class: "hint" }, reach, state === "not_started" && " · starts ", state === "not_started" && moment(startsAt)),
    state !== "rolled_back" && element("p", { class: "hint" }, "Halts: ", haltRule(halt).toLowerCase()),
  );
}
