// Payments as they settle: told by the live feed, then read, so that message and sender come from where they are kept.

import { badge, element, ifKnown, moment } from "/elements.js";
import { isNews } from "/live.js";
import { formatMoney } from "/money.js";
import { announce, isShown, slots } from "/view.js";
import { payment as fetchPayment } from "/creator/calls.js";

const MOST_PAYMENTS = 50;

/** The list of the view: `heard(type, detail)` for each event of the creator's, `connected(yes)` for the feed's state. */
export function showReceived(root) {
  const slot = slots(root);
  const rows = new Map();
  const openedAt = Date.now();
  let last = Promise.resolve();

  /** One after the other, so that payments stand in the order in which they were told. */
  function heard(type, detail) {
    last = last.then(() => take(type, detail));
  }

  async function take(type, detail) {
    const { payment_id: id } = detail;
    if (!id || type === "PaymentCanceled") return;
    const isNew = type === "PaymentSettled" && !rows.has(id);
    if (isNew) rows.set(id, null);
    if (!rows.has(id)) return;
    // Where it cannot be read now, its row comes with its next event.
    const answer = await ifKnown(() => fetchPayment(id));
    if (!answer || !isShown(root)) return;
    const payment = answer.body;
    const shown = row(payment);
    const before = rows.get(id);
    if (before) before.replaceWith(shown);
    else slot("payments").prepend(shown);
    rows.set(id, shown);
    slot("no-payments").hidden = true;
    while (slot("payments").childElementCount > MOST_PAYMENTS) slot("payments").lastElementChild.remove();
    // What is told again to a page that was opened later is no news.
    if (isNew && isNews(detail, openedAt)) announce(`${from(payment)} sent you ${formatMoney(payment.amount, payment.currency)}.`);
  }

  function connected(yes) {
    slot("feed-state").textContent = yes ? "Live" : "Not connected";
    slot("feed-state").className = `badge ${yes ? "yes" : "off"}`;
  }

  return { heard, connected };
}

const from = ({ sender_id: sender }) => sender ?? "Somebody who stays unnamed";

function row(payment) {
  const { payment_id: id, amount, currency, message, context, created_at: at } = payment;
  return element(
    "li",
    { "data-testid": `payment-${id}` },
    element("p", { class: "row-title" }, from(payment), ...standing(payment), element("span", { class: "money" }, formatMoney(amount, currency))),
    message && element("p", { class: "said" }, message),
    context && element("p", { class: "hint" }, `For ${context}`),
    element("p", { class: "hint" }, moment(at)),
  );
}

/** What has happened to it since. */
function standing({ refunded_amount: refunded, disputed_amount: disputed, disputes, currency }) {
  const said = [];
  if (refunded > 0) said.push(badge(`${formatMoney(refunded, currency)} refunded`, "wait"));
  if (disputed > 0 || disputes?.length > 0) said.push(badge("Disputed", "no"));
  return said;
}
