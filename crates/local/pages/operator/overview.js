// The rollout: the kill switch, the percentage, the waves, the event feed and the audit trail.

import { readOrNull } from "/api.js";
import { element, moment } from "/elements.js";
import { attempt, editedVersion, onSubmit, readRequired } from "/forms.js";
import { parsePercentage } from "/rates.js";
import { announce, fieldError, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { allWaves, changeRollout, rollout, rolloutAudit } from "/operator/api.js";
import { showEventFeed } from "/operator/event_feed.js";
import { haltRule, waveBadge } from "/operator/labels.js";
import { isHaltedByHand } from "/operator/halt_by_hand.js";
import { regularly } from "/operator/regularly.js";

const REASON_REQUIRED = "Enter a reason. It is kept in the audit trail.";
/** Prefilled, so that one press is enough when every second counts. */
const STOP_REASON = "Emergency stop; the cause is being investigated.";

export async function showOverview() {
  const waiting = showLoading("Loading the rollout…");
  let first;
  try {
    first = await Promise.all([rollout(), allWaves()]);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The rollout could not be loaded", error, retry: showOverview, back: { href: "#/books", label: "Books" } });
    return;
  }
  if (!isShown(waiting)) return;
  const root = instantiate("overview-view");
  const page = { root, etag: null, paused: null, percentage: null };
  wireSwitch(page);
  wirePercentage(page);
  fillRollout(page, first[0], first[1]);
  listWaves(page, first[1]);
  show(root);
  showEventFeed(root, () => refresh(page));
  regularly(root, () => readOrNull(() => update(page)));
  await showAudit(root, rolloutAudit);
}

const refresh = (page) => attempt(page.root.querySelector("#switch-form"), () => update(page));

/** Updates the view, and keeps what the user is typing. */
async function update(page) {
  const [now, all] = await Promise.all([rollout(), allWaves()]);
  if (!isShown(page.root)) return;
  const isChanged = page.etag !== now.etag;
  fillRollout(page, now, all);
  listWaves(page, all);
  if (isChanged) await showAudit(page.root, rolloutAudit);
}

/** Who can receive now, in a heading and a sentence. */
function reach({ paused, percentage }, all) {
  if (paused) return { title: "Nobody can receive", lead: "Every new payment is refused, including to creators enabled by a wave or an operator. Existing payments stay as they are." };
  if (percentage === 100) return { title: "Every creator can receive", lead: "New payments are accepted for every creator who has an account and is not denied or disabled." };
  const open = all.filter(({ state }) => state === "open").length;
  const groups = [
    "creators enabled one by one",
    open > 0 && `those of ${open === 1 ? "the open wave" : `${open} open waves`}`,
    percentage > 0 && `${percentage}% of all creators`,
  ].filter(Boolean);
  const title = groups.length === 1 ? "Only enabled creators can receive" : "Some creators can receive";
  return { title, lead: `New payments are accepted for ${groups.join(", ").replace(/, ([^,]*)$/, " and $1")}.` };
}

function fillRollout(page, { body, etag }, all) {
  const { root } = page;
  const { paused, percentage, cancel_open_until: canceledUntil } = body;
  const slot = slots(root);
  slot("state").textContent = paused ? "Stopped" : "Running";
  slot("state").className = `badge ${paused ? "no" : "yes"}`;
  fill(root, {
    ...reach(body, all),
    "percentage-now": `${percentage}%`,
    "switch-label": paused ? "Resume receiving" : "Stop all receiving",
  });
  slot("canceled").hidden = !canceledUntil;
  slot("canceled").replaceChildren(...(canceledUntil ? ["Open payments created until ", moment(canceledUntil), " are canceled."] : []));
  slot("cancel-row").hidden = paused;
  const press = root.querySelector("#switch-press");
  press.className = paused ? "primary wide" : "danger wide";
  if (page.paused !== paused) root.querySelector("#switch-reason").value = paused ? "" : STOP_REASON;
  // A field that the user has changed keeps its text; others are updated.
  const typed = root.querySelector("#percentage");
  if (typed.value === String(page.percentage ?? "")) typed.value = String(percentage);
  Object.assign(page, { etag, paused, percentage });
}

function wireSwitch(page) {
  const form = page.root.querySelector("#switch-form");
  onSubmit(form, async () => {
    const { "switch-reason": reasonInput, "switch-cancel": cancel } = form.elements;
    const reason = readRequired(reasonInput, REASON_REQUIRED);
    if (reason === null) return;
    // Unconditional: the switch has to work even if someone else changed the rollout.
    const body = { paused: !page.paused, reason };
    if (!page.paused && cancel.checked) body.cancel_open = true;
    await changeRollout(body);
    cancel.checked = false;
    await refresh(page);
    announce(page.paused ? "Receiving is stopped for everyone." : "Receiving is resumed.");
  });
}

function wirePercentage(page) {
  const form = page.root.querySelector("#percentage-form");
  const version = editedVersion(form, () => page.etag);
  const reload = () => {
    version.restart();
    return refresh(page);
  };
  const outdated = {
    sentence: "Someone else has changed the rollout since you began to type. Nothing was saved.",
    label: "Reload",
    retry: reload,
  };
  const save = async () => {
    const { percentage: input, "percentage-reason": reasonInput } = form.elements;
    const { percentage, error } = parsePercentage(input.value);
    fieldError(input, error ?? "");
    if (error) return input.focus();
    const reason = readRequired(reasonInput, REASON_REQUIRED);
    if (reason === null) return;
    await changeRollout({ percentage, reason }, version.etag());
    reasonInput.value = "";
    await reload();
    announce(`The general percentage is now ${percentage}%.`);
  };
  onSubmit(form, save, { outdated });
}

function listWaves({ root }, list) {
  const slot = slots(root);
  slot("waves").replaceChildren(...list.map(waveRow));
  slot("no-waves").hidden = list.length > 0;
}

function waveRow(wave) {
  const { name, state, percentage, starts_at: startsAt, halt } = wave;
  const link = element("a", { href: `#/waves/${encodeURIComponent(name)}` }, name);
  const isPlanned = state === "not_started" && !isHaltedByHand(wave);
  const reach = percentage > 0 ? `Its list and ${percentage}% of all creators` : "Its list";
  return element(
    "li",
    { "data-testid": `wave-${name}` },
    element("p", { class: "row-title" }, link, " ", waveBadge(wave)),
    element("p", { class: "hint" }, reach, isPlanned && " · starts ", isPlanned && moment(startsAt)),
    state !== "rolled_back" && element("p", { class: "hint" }, "Halts automatically: ", haltRule(halt).toLowerCase()),
  );
}
