// What an operator can do about a payment: refund it, and send what is owed to a creator to their account of today.

import { formatMoney, parseAmount } from "/money.js";
import { onSubmit, readRequired } from "/forms.js";
import { newKey } from "/keys.js";
import { refundedFee } from "/refunded.js";
import { announce, fieldError, fill, slots } from "/view.js";
import { redirect, refund } from "/operator/api.js";

const REASON_REQUIRED = "Enter a reason. It is kept with the payment.";

/** Why a payment cannot be refunded here, or null. */
function refusal({ status, amount, refunded_amount: refunded, disputed_amount: disputed, dispute, currency }, refunds) {
  if (status !== "succeeded") return "Only a payment that is paid can be refunded.";
  if (refunded >= amount) {
    const fee = refundedFee(refunds);
    const all = `All of it is refunded: ${formatMoney(amount, currency)}`;
    return fee > 0 ? `${all}, and ${formatMoney(fee, currency)} of the processing fee.` : `${all}. The processing fee is not.`;
  }
  if (disputed > 0 && dispute?.due_by) return "The payment is disputed: the dispute decides, and a refund would pay the cardholder twice.";
  return null;
}

export function wireRefund(root, { payment, refunds }, again) {
  const form = root.querySelector("#refund-form");
  const { currency } = payment;
  const left = payment.amount - payment.refunded_amount;
  const why = refusal(payment, refunds);
  form.hidden = why !== null;
  slots(root)("no-refund").hidden = why === null;
  fill(root, { "no-refund": why ?? "", "refund-left": formatMoney(left, currency), "refund-currency": currency.toUpperCase(), "refund-label": `Refund ${formatMoney(left, currency)}` });
  // One key for one intended refund: pressing again after a lost connection does not refund twice. What is asked
  // differently is another refund.
  let key = newKey();
  form.addEventListener("input", () => {
    key = newKey();
    const { amount = left } = parseAmount(form.elements["refund-amount"].value, currency);
    fill(root, { "refund-label": `Refund ${formatMoney(amount, currency)}` });
  });
  onSubmit(form, async () => {
    const { "refund-amount": amountInput, "refund-reason": reasonInput } = form.elements;
    const typed = amountInput.value.trim();
    const { amount, error } = typed === "" ? {} : parseAmount(typed, currency);
    const tooMuch = amount > left ? `At most ${formatMoney(left, currency)} is left to refund.` : "";
    fieldError(amountInput, error ?? tooMuch);
    if (error || tooMuch) return amountInput.focus();
    const reason = readRequired(reasonInput, REASON_REQUIRED);
    if (reason === null) return;
    const { body: made } = await refund(payment.payment_id, { reason, ...(amount === undefined ? {} : { amount }) }, key);
    await again();
    announce(`The refund of ${formatMoney(made.amount + made.processing_fee, currency)} is accepted.`);
  });
}

/** Shown while the creator is owed something: their old account may be gone. */
export function wireRedirect(root, { payment_id: id, creator_id: creator, owed = 0, currency }, again) {
  const part = slots(root)("redirect-part");
  part.hidden = owed >= 0;
  if (part.hidden) return;
  fill(root, { "redirect-lead": `${formatMoney(-owed, currency)} is still to be paid to ${creator}. If the account that it goes to is gone, send it to the account that they have today.` });
  const form = part.querySelector("form");
  onSubmit(form, async () => {
    const reason = readRequired(form.elements.reason, REASON_REQUIRED);
    if (reason === null) return;
    const { body } = await redirect(id, reason);
    await again();
    announce(body.amount === 0 ? "It is paid to the creator’s account of today." : "It will be paid to the creator’s account of today.");
  });
}
