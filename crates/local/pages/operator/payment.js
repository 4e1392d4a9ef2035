// One payment: its whole state, its refunds, disputes and warnings, and what an operator can do about it.

import { readOrNull } from "/api.js";
import { descriptionList, element, moment } from "/elements.js";
import { formatMoney } from "/money.js";
import { refundedFee } from "/refunded.js";
import { fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { evidence, payment, refunds } from "/operator/api.js";
import { signedMoney } from "/operator/amounts.js";
import { fillEvidence } from "/operator/evidence.js";
import { disputeBadge, refundBadge, sentence, paidBadge, userLink, warningResponse } from "/operator/payment_labels.js";
import { wireRedirect, wireRefund } from "/operator/payment_actions.js";
import { regularly } from "/operator/regularly.js";

const ENDED = ["succeeded", "canceled"];

export async function showPayment(id) {
  const waiting = showLoading("Loading the payment…");
  try {
    const [{ body }, { body: made }] = await Promise.all([payment(id), refunds(id)]);
    // What is known at Stripe is beside the point: the rest is shown without it.
    const known = (await readOrNull(() => evidence(id)))?.body ?? null;
    if (isShown(waiting)) render({ payment: body, refunds: made.items, evidence: known });
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This payment could not be loaded", error, retry: () => showPayment(id), back: { href: "#/payments", label: "Payments" } });
  }
}

function render(state) {
  const { payment: paid } = state;
  const root = instantiate("payment-view");
  const slot = slots(root);
  fill(root, { title: `${formatMoney(paid.amount, paid.currency)} to ${paid.creator_id}` });
  slot("status").replaceChildren(paidBadge(paid));
  slot("said").textContent = paid.message ?? "";
  slot("said").hidden = !paid.message;
  descriptionList(slot("facts"), facts(state));
  descriptionList(slot("amounts"), amounts(state));
  slot("history").replaceChildren(...history(state));
  const again = () => showPayment(paid.payment_id);
  wireRefund(root, state, again);
  wireRedirect(root, paid, again);
  fillEvidence(root, state.evidence);
  show(root);
  if (!ENDED.includes(paid.status)) regularly(root, () => readOrNull(() => showChange(paid)));
}

/** Shows the payment again once its status has changed: until then it has no form in which something is typed. */
async function showChange({ payment_id: shown, status }) {
  const { body } = await payment(shown);
  if (body.status !== status) await showPayment(shown);
}

const id = (text) => text && element("span", { class: "id" }, text);

function facts({ payment: paid, evidence: known }) {
  return [
    ["Payment", id(paid.payment_id), "payment-id"],
    ["Sender", userLink("senders", paid.sender_id), "payment-sender"],
    ["Shown to the creator as", paid.anonymous ? "An anonymous sender" : null],
    ["Creator", userLink("creators", paid.creator_id), "payment-creator"],
    ["For", paid.context],
    ["Card", paid.card && `${sentence(paid.card.brand)} •••• ${paid.card.last4}`, "payment-card"],
    ["Last decline", paid.decline_code && sentence(paid.decline_code), "decline"],
    ["Intent at Stripe", id(known?.stripe_payment_intent_id), "intent-id"],
    ["Charge at Stripe", id(known?.stripe_charge_id), "charge-id"],
    ["Receipt sent to", known?.receipt_email],
  ];
}

function amounts({ payment: paid, refunds: made }) {
  const feeBack = refundedFee(made);
  const money = (amount) => formatMoney(amount, paid.currency);
  const { fee } = paid;
  return [
    ["For the creator", money(paid.amount)],
    ["Processing fee", money(paid.processing_fee)],
    ["Charged", money(paid.total), "charged"],
    ["Refunded", paid.refunded_amount > 0 ? money(paid.refunded_amount) : null, "refunded"],
    ["Refunded of the processing fee", feeBack > 0 ? money(feeBack) : null, "refunded-fee"],
    ["Disputed", paid.disputed_amount > 0 ? money(paid.disputed_amount) : null, "disputed"],
    ["Still to recover from the creator", paid.owed > 0 ? money(paid.owed) : null, "to-recover"],
    ["Still to pay to the creator", paid.owed < 0 ? money(-paid.owed) : null, "to-pay"],
    ["Stripe’s refusal", paid.owed_reason && sentence(paid.owed_reason)],
    ["Stripe’s fee", fee && (fee.actual === null ? "Not known before the next reconciliation" : formatMoney(fee.actual, fee.currency)), "stripe-fee"],
    ["Gained on the fee", fee && fee.variance !== null ? signedMoney(fee.variance, fee.currency) : null],
  ];
}

/** What happened, oldest first where the time is known. */
function history({ payment: paid, refunds: made, evidence: known }) {
  const money = (amount) => formatMoney(amount, paid.currency);
  const disputes = known?.disputes ?? (paid.disputes ?? []).map((each) => ({ ...each, due_by: paid.dispute?.due_by ?? null }));
  return [
    item("off", "Created", moment(paid.created_at)),
    paid.settled_at && item("yes", "Paid", moment(paid.settled_at)),
    ...made.map((each) => item(
      each.status === "failed" ? "no" : "wait",
      [`Refund of ${money(each.amount + each.processing_fee)} `, refundBadge(each.status)],
      [each.created_at && moment(each.created_at), each.reason && `“${each.reason}”`, id(each.refund_id)],
    )),
    ...disputes.map(({ stripe_dispute_id: name, status, amount, due_by: due }) => item(
      "no",
      [`Dispute of ${money(amount)} `, disputeBadge(status)],
      [due && element("span", {}, "Evidence is due by ", moment(due)), id(name)],
    )),
    ...(known?.fraud_warnings ?? []).map(({ stripe_warning_id: name, fraud_type: type, warned_at: at, response }) => item(
      "no",
      `The card’s issuer warned of fraud: ${sentence(type).toLowerCase()}`,
      [moment(at), warningResponse(response), id(name)],
    )),
  ].filter(Boolean);
}

function item(tone, title, hints) {
  const parts = [hints].flat().filter(Boolean);
  return element(
    "li",
    { class: tone },
    element("p", { class: "row-title" }, ...[title].flat()),
    element("p", { class: "hint" }, ...parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part]))),
  );
}
