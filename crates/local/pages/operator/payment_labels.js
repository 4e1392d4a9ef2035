// Words for a payment's codes. An unknown code is shown as it is.

import { badge, element, moment } from "/elements.js";
import { formatMoney } from "/money.js";

const plain = (code) => String(code).replaceAll("_", " ");

const STATUSES = {
  created: ["Created", "off"],
  requires_payment_method: ["Waits for a card", "wait"],
  requires_action: ["Waits for the bank’s check", "wait"],
  processing: ["Processing", "wait"],
  succeeded: ["Paid", "yes"],
  canceled: ["Canceled", "off"],
};
const statusBadge = (status) => badge(...(STATUSES[status] ?? [plain(status), "off"]));

/** Of a payment: its status, or how much of it is refunded. */
export function paidBadge({ status, amount, refunded_amount: refunded = 0 }) {
  if (status !== "succeeded" || refunded === 0) return statusBadge(status);
  return refunded < amount ? badge("Paid, partly refunded", "wait") : badge("Refunded", "off");
}

const REFUND_STATUSES = {
  pending: ["Pending", "wait"],
  requires_action: ["Waits for the sender", "wait"],
  succeeded: ["Made", "yes"],
  failed: ["Failed", "no"],
  canceled: ["Canceled", "off"],
};
export const refundBadge = (status) => badge(...(REFUND_STATUSES[status] ?? [plain(status), "off"]));

const DISPUTE_TONES = { won: "yes", prevented: "yes", lost: "no", needs_response: "no", warning_needs_response: "wait", under_review: "wait" };
export const disputeBadge = (status) => badge(sentence(plain(status)), DISPUTE_TONES[status] ?? "off");

export const sentence = (code) => {
  const words = plain(code);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const WARNING_RESPONSES = {
  alarm: "An operator decides",
  refund: "Refunded in full by the policy",
  not_refundable: "Already disputed or refunded",
};
export const warningResponse = (response) => WARNING_RESPONSES[response] ?? "The payment is not paid yet";

export const paymentAddress = (id) => `#/payments/${encodeURIComponent(id)}`;
export const userLink = (kind, id) => element("a", { href: `#/${kind}/${encodeURIComponent(id)}` }, id);

/** A payment in a list: who to whom, how much, and its state. */
export function paymentRow({ payment_id: id, sender_id: sender, creator_id: creator, amount, currency, status, refunded_amount: refunded, disputes, message, created_at: at }) {
  return element(
    "li",
    { "data-testid": `payment-${id}` },
    element(
      "p",
      { class: "row-title" },
      element("a", { href: paymentAddress(id) }, `${sender} to ${creator}`),
      statusBadge(status),
      refunded > 0 && badge(`${formatMoney(refunded, currency)} refunded`, "wait"),
      disputes?.length > 0 && badge("Disputed", "no"),
      element("span", { class: "money" }, formatMoney(amount, currency)),
    ),
    message && element("p", { class: "said" }, message),
    element("p", { class: "hint" }, moment(at), " · ", element("span", { class: "id" }, id)),
  );
}
