// The differences between the ledger and Stripe, the statement of the balance, and the quarantine.

import { badge, descriptionList, element, moment } from "/elements.js";
import { instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { drift, quarantine, statement } from "/operator/api.js";
import { statementBadge, statementTables } from "/operator/statement.js";

export async function showHealth() {
  const waiting = showLoading("Loading the last reconciliation…");
  try {
    const [{ body: report }, parked, { body: books }] = await Promise.all([drift(), firstParked(), statement()]);
    if (!isShown(waiting)) return;
    render(report, parked, books);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The last reconciliation could not be loaded", error, retry: showHealth, back: { href: "#/", label: "Rollout" } });
  }
}

/** The first page with parked events: a page covers some days, and can be empty while older pages are not. */
async function firstParked() {
  let page = { items: [], next_cursor: null };
  do page = (await quarantine(page.next_cursor)).body;
  while (page.items.length === 0 && page.next_cursor !== null);
  return page;
}

function render({ last, current, cancel_open: canceling }, parked, books) {
  const root = instantiate("health-view");
  const slot = slots(root);
  const found = last?.differences_found ?? 0;
  slot("drift-state").replaceChildren(
    last === null ? badge("Not reconciled yet", "wait")
      : found === 0 ? badge("No differences", "yes")
        : badge(`${found} ${found === 1 ? "difference" : "differences"}`, "no"),
  );
  descriptionList(slot("drift"), [
    ["Last reconciliation", last && element("span", {}, `No. ${last.number}, finished `, moment(last.finished_at ?? last.started_at))],
    ["Compared", last && `${last.counts.intents} intents, ${last.counts.transactions} balance transactions, ${last.counts.accounts} accounts, ${last.counts.due} unfinished payments`],
    ["Undelivered events", last && String(last.counts.events)],
    ["Cancellation of open payments", canceling && element("span", {}, `${canceling.canceled} canceled, ${canceling.finished_at ? "finished" : "in progress"}; created until `, moment(canceling.until))],
    ["In progress", current && element("span", {}, `No. ${current.number}, since `, moment(current.started_at))],
  ]);
  slot("differences").replaceChildren(...(last?.differences ?? []).map(difference));
  slot("statement-state").replaceChildren(statementBadge(books));
  slot("statement").replaceChildren(...statementTables(books));
  slot("statement-days").textContent = `${books.from} to ${books.to}`;
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
