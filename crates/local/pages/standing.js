// Where a payment stands, in its sender's words. Everything comes from the payment as the API shows it.

import { cardName } from "/card_names.js";
import { moment } from "/elements.js";
import { formatMoney } from "/money.js";
import { returned } from "/refunded.js";
import { declineSentence } from "/stripe.js";

const NOT_CHARGED = "You have not been charged.";
const OPEN_DISPUTES = ["warning_needs_response", "warning_under_review", "needs_response", "under_review"];

const DISPUTES = {
  warning_needs_response: "Your bank asked about this payment",
  warning_under_review: "Your bank asked about this payment",
  warning_closed: "Your bank’s inquiry is closed, and the payment stands",
  needs_response: "Disputed with your bank",
  under_review: "Disputed with your bank, which is deciding",
  prevented: "The dispute was settled before it began",
  won: "Your bank closed the dispute, and the payment stands",
  lost: "Your bank closed the dispute and returned the money to you",
};

const pendingOf = ({ refunds }) => (refunds ?? []).filter(({ status }) => status === "pending");

/** Whether a refund is on its way. */
export const isRefunding = (payment) => pendingOf(payment).length > 0;

/** How much of the chosen amount the sender can still ask for; the API has the last word. */
export function refundable(payment) {
  if (payment.status !== "succeeded" || isDisputed(payment)) return 0;
  const pending = pendingOf(payment).reduce((sum, { amount }) => sum + amount, 0);
  return Math.max(0, payment.amount - payment.refunded_amount - pending);
}

const isDisputed = ({ dispute, disputed_amount: amount }) => amount > 0 || OPEN_DISPUTES.includes(dispute?.status);

/**
 * `{ badge, tone, mark, title, sentence }`: what to say first. Tones are those of a badge. `refunds` are those of the payment's
 * list; without them, sums of refunds are not said.
 */
export function standingOf(payment, refunds = []) {
  switch (payment.status) {
    case "succeeded":
      return paid(payment, refunds);
    case "processing":
      return { badge: "Processing", tone: "wait", mark: "clock", title: `Sending to ${payment.creator_id}`, sentence: "Your payment is being confirmed. Do not pay again." };
    case "requires_action":
      return { badge: "Waiting for your bank", tone: "wait", mark: "clock", title: "Not paid yet", sentence: "Your bank has not confirmed this payment." };
    case "canceled":
      return { badge: "Canceled", tone: "off", mark: "cross", title: "Canceled", sentence: NOT_CHARGED };
    default:
      return unpaid(payment);
  }
}

function unpaid({ decline_code: code }) {
  if (!code) return { badge: "Not paid", tone: "off", mark: "clock", title: "Not paid yet", sentence: "This payment has not been completed." };
  return { badge: "Declined", tone: "no", mark: "cross", title: "Card declined", sentence: declineSentence({ decline_code: code, code: "card_declined" }) };
}

function paid(payment, refunds) {
  const { creator_id: creator, currency, amount, refunded_amount: refunded, disputed_amount: disputed, dispute } = payment;
  const money = (value) => formatMoney(value, currency);
  const refund = (status) => (refunds.some((each) => each.status === status) ? money(returned(refunds, status)) : null);
  const backToCard = `${refund("succeeded") ?? "The refund"} goes back to your card. ${WHEN_SEEN}`;
  if (OPEN_DISPUTES.includes(dispute?.status)) {
    return { badge: "Disputed", tone: "wait", mark: "clock", title: `Payment to ${creator}, disputed`, sentence: `${DISPUTES[dispute.status]}. Your bank tells you how it ends.` };
  }
  if (disputed > 0) return { badge: "Returned by your bank", tone: "off", mark: "back", title: "Returned by your bank", sentence: `Your bank returned ${money(disputed)} to you.` };
  if (isRefunding(payment)) {
    const what = refund("pending") ? `A refund of ${refund("pending")}` : "A refund";
    return { badge: "Refund on its way", tone: "wait", mark: "back", title: `Sent to ${creator}`, sentence: `${what} is being made.` };
  }
  if (refunded >= amount) return { badge: "Refunded", tone: "off", mark: "back", title: "Refunded", sentence: backToCard };
  if (refunded > 0) return { badge: "Refunded in part", tone: "off", mark: "back", title: `Sent to ${creator}`, sentence: backToCard };
  return { badge: "Paid", tone: "yes", mark: "tick", title: `Sent to ${creator}`, sentence: "" };
}

/** docs.stripe.com/refunds: 5 to 10 business days. */
const WHEN_SEEN = "Banks show it after 5 to 10 business days.";

const REFUNDS = { pending: ["wait", "is being made"], succeeded: ["yes", "was made"], failed: ["no", "failed: your money was not returned"] };

/** What happened to a payment, oldest first: `{ tone, text, at? }`, `at` being an element. */
export function eventsOf(payment, refunds) {
  const { currency, total, card, created_at: created, settled_at: settled, dispute, status } = payment;
  const events = [{ tone: "off", text: "You started this payment", at: moment(created) }];
  if (status === "succeeded") {
    const by = card ? ` with ${cardName(card)}` : "";
    events.push({ tone: "yes", text: `You paid ${formatMoney(total, currency)}${by}`, at: settled && moment(settled) });
  } else if (status === "canceled") {
    events.push({ tone: "no", text: "The payment was canceled" });
  }
  for (const { amount, processing_fee: fee, status: state, reason, created_at: at } of refunds) {
    const [tone, ends] = REFUNDS[state];
    events.push({ tone, text: `A refund of ${formatMoney(amount + fee, currency)} ${ends}`, note: reason, at: at && moment(at) });
  }
  if (dispute) events.push({ tone: OPEN_DISPUTES.includes(dispute.status) ? "wait" : "off", text: DISPUTES[dispute.status] });
  return events;
}
