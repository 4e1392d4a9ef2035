// The receipt of a payment. Its address has the payment id, so a reload shows it again.

import { payment as fetchPayment } from "/api.js";
import { wireFeedback } from "/feedback.js";
import { formatMoney } from "/money.js";
import { profileAddress } from "/profile.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";

export function openReceipt(payment) {
  history.replaceState(null, "", `#/payments/${encodeURIComponent(payment.payment_id)}`);
  render(payment);
}

export async function showReceipt(id) {
  const waiting = showLoading("Loading your payment…");
  const back = { href: "#/", label: "All creators" };
  try {
    const payment = await fetchPayment(id);
    if (!isShown(waiting)) return;
    if (payment.status === "succeeded") return render(payment);
    showProblem({ title: "Not paid yet", error: new Error("This payment has not been completed."), retry: () => showReceipt(id), back });
  } catch (error) {
    if (isShown(waiting)) {
      showProblem({ title: "This payment could not be loaded", error, retry: () => showReceipt(id), back });
    }
  }
}

function render(payment) {
  const root = instantiate("receipt-view");
  const money = (amount) => formatMoney(amount, payment.currency);
  fill(root, {
    creator: payment.creator_id,
    receiver: payment.creator_id,
    amount: money(payment.amount),
    fee: money(payment.processing_fee),
    total: money(payment.total),
    payment: payment.payment_id,
    message: payment.message ?? "",
    context: payment.context ?? "",
  });
  slots(root)("message-row").hidden = !payment.message;
  slots(root)("context-row").hidden = !payment.context;
  slots(root)("back").href = profileAddress(payment.creator_id);
  wireFeedback(root, payment);
  show(root);
  announce(`Paid ${money(payment.total)}. ${money(payment.amount)} sent to ${payment.creator_id}.`);
}
