// The ledger beside Stripe: the last reconciliation and its differences, and the statement of the balance.

import { badge, descriptionList, element, moment } from "/elements.js";
import { attempt, onSubmit } from "/forms.js";
import { announce, instantiate, isShown, show, showLoading, showProblem, slots, whileBusy } from "/view.js";
import { downloadStatement, drift, statement } from "/operator/api.js";
import { signedMoney } from "/operator/amounts.js";
import { paymentAddress, sentence } from "/operator/payment_labels.js";
import { wireReconcile } from "/operator/reconciliation.js";
import { statementBadge, statementTables } from "/operator/statement.js";

const PAYMENT = /^pay_[0-9a-f]{32}$/;

export async function showBooks() {
  const waiting = showLoading("Loading the last reconciliation…");
  try {
    const [{ body: report }, { body: books }] = await Promise.all([drift(), statement()]);
    if (!isShown(waiting)) return;
    const root = instantiate("books-view");
    fillReport(root, report);
    fillStatement(root, books);
    wireStatement(root);
    wireReconcile(root, async () => {
      const [{ body: found }, { body: now }] = await Promise.all([drift(), statement(period(root))]);
      fillReport(root, found);
      fillStatement(root, now);
    });
    show(root);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The last reconciliation could not be loaded", error, retry: showBooks, back: { href: "#/", label: "Rollout" } });
  }
}

export function driftBadge(last) {
  if (last === null) return badge("Not reconciled yet", "wait");
  const found = last.differences_found;
  return found === 0 ? badge("No differences", "yes") : badge(`${found} ${found === 1 ? "difference" : "differences"}`, "no");
}

function fillReport(root, { last, current, cancel_open: canceling }) {
  const slot = slots(root);
  slot("drift-state").replaceChildren(driftBadge(last));
  descriptionList(slot("drift"), [
    ["Last reconciliation", last && element("span", {}, `No. ${last.number}, finished `, moment(last.finished_at ?? last.started_at)), "last-run"],
    ["Compared", last && `${last.counts.intents} intents, ${last.counts.transactions} balance transactions, ${last.counts.accounts} accounts, ${last.counts.due} unfinished payments`],
    ["Events that Stripe could not deliver", last && String(last.counts.events)],
    ["Cancellation of open payments", canceling && element("span", {}, `${canceling.canceled} canceled, ${canceling.finished_at ? "finished" : "in progress"}; created until `, moment(canceling.until))],
    ["In progress", current && element("span", {}, `No. ${current.number}, since `, moment(current.started_at))],
    ...(last?.platform_balances ?? []).map(({ currency, available, awaited }) =>
      [`Available at Stripe, ${currency.toUpperCase()}`, `${signedMoney(available, currency)}${awaited > 0 ? `, and ${signedMoney(awaited, currency)} waits for it` : ""}`]),
  ]);
  slot("differences").replaceChildren(...(last?.differences ?? []).map(difference));
  slot("no-differences").hidden = last?.differences_found !== 0;
  const unlisted = (last?.differences_found ?? 0) - (last?.differences ?? []).length;
  slot("unlisted").textContent = unlisted > 0 ? `And ${unlisted} more, counted above.` : "";
}

function difference({ kind, payment_id: payment, object, amount, currency, detail }) {
  const shown = payment ?? object ?? "";
  return element(
    "li",
    { "data-testid": `difference-${kind}` },
    element(
      "p",
      { class: "row-title" },
      sentence(kind),
      PAYMENT.test(shown) ? element("a", { class: "id", href: paymentAddress(shown) }, shown) : element("span", { class: "id" }, shown),
      amount !== undefined && amount !== null && currency && element("span", { class: "money" }, signedMoney(amount, currency)),
    ),
    payment && object && element("p", { class: "hint id" }, object),
    detail && element("p", { class: "hint" }, detail),
  );
}

function fillStatement(root, books) {
  const slot = slots(root);
  slot("statement-state").replaceChildren(statementBadge(books));
  slot("statement").replaceChildren(...statementTables(books));
  slot("no-statement").hidden = books.currencies.length > 0;
  const { from, to } = root.querySelector("#statement-form").elements;
  from.value = books.from;
  to.value = books.to;
}

/** The days of the form; without one, the API chooses. */
function period(root) {
  const { from, to } = root.querySelector("#statement-form").elements;
  return Object.fromEntries([["from", from.value], ["to", to.value]].filter(([, day]) => day !== ""));
}

function wireStatement(root) {
  const form = root.querySelector("#statement-form");
  onSubmit(form, async () => {
    const { body } = await statement(period(root));
    if (isShown(root)) fillStatement(root, body);
  });
  const csv = root.querySelector("#statement-csv");
  csv.addEventListener("click", () => whileBusy(csv, () => attempt(form, async () => {
    await downloadStatement(period(root));
    announce("The CSV file is downloaded.");
  })));
}
