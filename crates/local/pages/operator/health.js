// Whether the books agree with Stripe's, and whether any event waits for somebody.

import { badge, element, facts, moment } from "/elements.js";
import { instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { drift, quarantine } from "/operator/calls.js";

export async function showHealth() {
  const waiting = showLoading("Looking at the books…");
  try {
    const [{ body: report }, parked] = await Promise.all([drift(), firstParked()]);
    if (!isShown(waiting)) return;
    render(report, parked);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The books could not be looked at", error, retry: showHealth, back: { href: "#/", label: "Rollout" } });
  }
}

/** A page of the quarantine is some days, and can be empty while older ones are not. */
async function firstParked() {
  let page = { items: [], next_cursor: null };
  do page = (await quarantine(page.next_cursor)).body;
  while (page.items.length === 0 && page.next_cursor !== null);
  return page;
}

function render({ last, current, cancel_open: canceling }, parked) {
  const root = instantiate("health-view");
  const slot = slots(root);
  const found = last?.differences_found ?? 0;
  slot("drift-state").replaceChildren(
    last === null ? badge("Not reconciled yet", "wait")
      : found === 0 ? badge("No difference", "yes")
        : badge(`${found} ${found === 1 ? "difference" : "differences"}`, "no"),
  );
  facts(slot("drift"), [
    ["Last reconciliation", last && element("span", {}, `No. ${last.number}, ended `, moment(last.finished_at ?? last.started_at))],
    ["Looked at", last && `${last.counts.intents} intents, ${last.counts.transactions} movements, ${last.counts.accounts} accounts, ${last.counts.due} unfinished payments`],
    ["Undelivered events", last && String(last.counts.events)],
    ["Canceling what was open", canceling && element("span", {}, `${canceling.canceled} canceled, ${canceling.finished_at ? "done" : "under way"}; until `, moment(canceling.until))],
    ["Under way", current && element("span", {}, `No. ${current.number}, since `, moment(current.started_at))],
  ]);
  slot("differences").replaceChildren(...(last?.differences ?? []).map(difference));
  const count = parked.items.length;
  const waiting = count === 0 ? badge("Empty", "yes") : badge(`${count}${parked.next_cursor ? " or more" : ""} waiting`, "no");
  slot("quarantine-state").replaceChildren(waiting);
  slot("parked").replaceChildren(...parked.items.map(parkedRow));
  show(root);
}

const difference = ({ kind, payment_id: payment, object, detail }) =>
  element(
    "li",
    {},
    element("p", { class: "row-title" }, element("strong", {}, kind.replaceAll("_", " ")), ` ${payment ?? object ?? ""}`),
    detail && element("p", { class: "hint" }, detail),
  );

const parkedRow = ({ event_id: id, event_type: type, reason, received_at: at, redriven_at: redriven }) =>
  element(
    "li",
    {},
    element("p", { class: "row-title" }, element("strong", {}, type ?? "Unknown type"), ` ${id}`),
    element("p", { class: "hint" }, `${reason} · `, moment(at), redriven && " · redriven ", redriven && moment(redriven)),
  );
