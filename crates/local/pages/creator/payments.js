// Payments as they settle. The event only names the payment, which is then read, with its message and sender.

import { readOrNull } from "/api.js";
import { occurredAfter } from "/events.js";
import { formatMoney } from "/money.js";
import { announce, isShown, slots } from "/view.js";
import { payment as fetchPayment } from "/creator/api.js";
import { from, paymentRow } from "/creator/payment_row.js";

const MAX_PAYMENTS = 10;

/** The list of payments: `onEvent(type, detail)` takes the creator's events, `onConnection(isConnected)` the state of the feed. */
export function showPayments(root) {
  const slot = slots(root);
  const rows = new Map();
  const openedAt = Date.now();
  let last = Promise.resolve();

  /** Handles events one after another, so that the order of payments is the order of events. */
  function onEvent(type, detail) {
    last = last.then(() => take(type, detail));
  }

  async function take(type, detail) {
    const { payment_id: id } = detail;
    if (!id || type === "PaymentCanceled") return;
    const isNew = type === "PaymentSettled" && !rows.has(id);
    if (isNew) rows.set(id, null);
    if (!rows.has(id)) return;
    // If the payment cannot be read now, the next event adds its row.
    const answer = await readOrNull(() => fetchPayment(id));
    if (!answer || !isShown(root)) return;
    const payment = answer.body;
    const shown = paymentRow(payment);
    const before = rows.get(id);
    if (before) before.replaceWith(shown);
    else slot("payments").prepend(shown);
    rows.set(id, shown);
    slot("no-payments").hidden = true;
    while (slot("payments").childElementCount > MAX_PAYMENTS) slot("payments").lastElementChild.remove();
    // Events from before the page was opened are not announced.
    if (isNew && occurredAfter(detail, openedAt)) announce(`${from(payment)} sent you ${formatMoney(payment.amount, payment.currency)}.`);
  }

  function onConnection(isConnected) {
    slot("feed-state").textContent = isConnected ? "Live" : "Not connected";
    slot("feed-state").className = `badge ${isConnected ? "yes" : "off"}`;
  }

  return { onEvent, onConnection };
}
