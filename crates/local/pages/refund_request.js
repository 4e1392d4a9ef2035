// Asks for a refund. The API decides whether it is made; its rules are shown as it answers them.

import { ApiError, requestRefund } from "/api.js";
import { moment } from "/elements.js";
import { onSubmit } from "/forms.js";
import { newKey } from "/keys.js";
import { decimalText, formatMoney, parseAmount } from "/money.js";
import { refundable } from "/standing.js";
import { alertIn, announce, fieldError, fill, slots } from "/view.js";

/** The key of a request whose answer is unknown: repeating it is the same refund, also after a reload. */
const slot = (payment) => `send-money/refund/${payment.payment_id}`;

function keyed(payment, body) {
  const text = JSON.stringify(body);
  try {
    const kept = JSON.parse(localStorage.getItem(slot(payment)));
    if (kept?.key && kept.text === text) return { key: kept.key, body };
  } catch {
    // What cannot be read is replaced.
  }
  const key = newKey();
  localStorage.setItem(slot(payment), JSON.stringify({ key, text }));
  return { key, body };
}

export function wireRefundForm(page, onAccepted) {
  const form = page.root.querySelector("#refund-form");
  const open = slots(page.root)("refund-open");
  const toggle = (isOpen) => {
    form.hidden = !isOpen;
    open.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? form.querySelector("h2") : open).focus();
  };
  open.addEventListener("click", () => {
    form.elements.amount.value = decimalText(refundable(page.payment), page.payment.currency);
    toggle(form.hidden);
  });
  form.querySelector("#refund-cancel").addEventListener("click", () => toggle(false));
  onSubmit(form, async () => {
    const body = readRefund(form, page.payment);
    if (!body) return;
    const refund = await send(form, page.payment, body);
    if (!refund) return;
    form.reset();
    form.hidden = true;
    open.setAttribute("aria-expanded", "false");
    announce(`A refund of ${formatMoney(refund.amount + refund.processing_fee, refund.currency)} is requested.`);
    await onAccepted();
    page.root.querySelector("h1").focus();
  });
}

/** The offer is there while something is left to refund; a form that is open stays open with what is typed. */
export function fillRefundForm({ root, payment }) {
  const left = refundable(payment);
  fill(root, {
    "refund-rules": `You can ask for all or a part of the ${formatMoney(left, payment.currency)} that ${payment.creator_id} has received, for a limited time after you pay.`,
    "refund-currency": payment.currency.toUpperCase(),
  });
  slots(root)("refund-open").hidden = left === 0;
  if (left === 0) root.querySelector("#refund-form").hidden = true;
}

function readRefund(form, payment) {
  const { amount: input, reason } = form.elements;
  const left = refundable(payment);
  const { amount, error } = parseAmount(input.value, payment.currency);
  const sentence = error ?? (amount > left ? atMost(left, payment) : "");
  fieldError(input, sentence);
  if (sentence !== "") {
    input.focus();
    return null;
  }
  const text = reason.value.trim();
  return { amount, ...(text === "" ? {} : { reason: text }) };
}

const atMost = (left, { currency }) => `At most ${formatMoney(left, currency)} can be refunded.`;

/** The refund, or null after showing why there is none. An answer that is lost leaves the key for the next try. */
async function send(form, payment, body) {
  try {
    const refund = await requestRefund(payment.payment_id, keyed(payment, body));
    localStorage.removeItem(slot(payment));
    return refund;
  } catch (error) {
    // Without a definite answer the refund may have been accepted; the same key asks for the same one again.
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    // A payment that is disputed can be refunded later, and then with the next key.
    localStorage.removeItem(slot(payment));
    refuse(form, payment, error);
    return null;
  }
}

function refuse(form, payment, error) {
  const alert = slots(form)("alert");
  switch (error.code) {
    case "refund_window_closed": {
      const [at] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(error.message) ?? [];
      alertIn(form, "The time in which you can refund this payment is over");
      alert.append(...(at ? [": it ended on ", moment(at), "."] : ["."]));
      break;
    }
    case "payment_disputed":
      alertIn(form, "This payment is disputed with your bank, so it cannot be refunded here: your bank decides.");
      break;
    case "amount_above_refundable":
      alertIn(form, atMost(error.limit, payment));
      break;
    default:
      alertIn(form, error.message);
  }
}
