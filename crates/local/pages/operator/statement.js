// The statement of the platform's balance: opening balance, movements by class, closing balance, by currency.

import { badge, element } from "/elements.js";
import { signedMoney } from "/operator/amounts.js";
import { sentence } from "/operator/payment_labels.js";

/** Whether everything is booked and our balance is Stripe's. */
export const agrees = ({ currencies, balance }) =>
  currencies.every((each) => each.difference === 0) && (balance?.balances ?? []).every((each) => each.ours === each.stripe);

export function statementBadge(statement) {
  if (statement.since === null) return badge("Not compared yet", "wait");
  return agrees(statement) ? badge("As at Stripe", "yes") : badge("Differs from Stripe", "no");
}

/** A table for each currency. */
export const statementTables = ({ currencies }) => currencies.map(table);

function table({ currency, opening, movements, closing, difference }) {
  const money = (amount) => element("td", { class: "num" }, signedMoney(amount, currency));
  const row = (label, ...cells) => element("tr", {}, element("th", { scope: "row" }, label), ...cells);
  const empty = () => element("td", {});
  return element(
    "table",
    { "data-testid": `statement-${currency}` },
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, currency.toUpperCase()), ...["Number", "Net"].map((each) => element("th", { class: "num", scope: "col" }, each)))),
    element(
      "tbody",
      {},
      row("Opening balance", empty(), money(opening)),
      ...movements.map((each) => row(sentence(each.class), element("td", { class: "num" }, String(each.count)), money(each.net))),
      row("Closing balance", empty(), money(closing)),
      difference !== 0 && row("Not booked", empty(), money(difference)),
    ),
  );
}
