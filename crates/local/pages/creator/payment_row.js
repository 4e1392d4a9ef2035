// A payment as its creator sees it: from whom, how much, what for, and what became of it.

import { badge, element, moment } from "/elements.js";
import { formatMoney } from "/money.js";

export const from = ({ sender_id: sender }) => sender ?? "An anonymous sender";

export function paymentRow(payment) {
  const { payment_id: id, amount, currency, message, context, settled_at: settled, created_at: created } = payment;
  return element(
    "li",
    { "data-testid": `payment-${id}` },
    element("p", { class: "row-title" }, from(payment), ...standingBadges(payment), element("span", { class: "money" }, formatMoney(amount, currency))),
    message && element("p", { class: "said" }, message),
    element("p", { class: "hint" }, moment(settled ?? created), context && ` · For ${context}`),
  );
}

const isDisputed = ({ disputed_amount: disputed, disputes }) => disputed > 0 || disputes?.length > 0;

/** What became of a payment, as the filter names it. */
export function standing(payment) {
  if (isDisputed(payment)) return "disputed";
  return payment.refunded_amount > 0 ? "refunded" : "kept";
}

/** Refunds and disputes of the payment. */
function standingBadges(payment) {
  const { refunded_amount: refunded, currency } = payment;
  const said = [];
  if (refunded > 0) said.push(badge(`${formatMoney(refunded, currency)} refunded`, "wait"));
  if (isDisputed(payment)) said.push(badge("Disputed", "no"));
  return said;
}
