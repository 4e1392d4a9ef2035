// The receipt of a payment, drawn from its state. Its address has the payment id, so a reload shows it again.

import { currentSender, payment as fetchPayment, readOrNull, refunds as fetchRefunds } from "/api.js";
import { unfinishedAttempt } from "/attempts.js";
import { cardName } from "/card_names.js";
import { element, moment } from "/elements.js";
import { wireFeedback } from "/feedback.js";
import { formatMoney } from "/money.js";
import { profileAddress } from "/profile.js";
import { fillRefundForm, wireRefundForm } from "/refund_request.js";
import { returned } from "/refunded.js";
import { eventsOf, isRefunding, standingOf } from "/standing.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";

const MARKS = { tick: "m14 25 7 7 14-15", clock: "M24 14v11l7 4", cross: "m17 17 14 14M31 17 17 31", back: "M20 15l-7 7 7 7M14 22h13a7 7 0 0 1 0 14h-4" };

/** A payment changes for a while after it is paid: Stripe names the card, a refund ends. */
const REFRESH_PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export function openReceipt(payment) {
  history.replaceState(null, "", `#/payments/${encodeURIComponent(payment.payment_id)}`);
  const money = (amount) => formatMoney(amount, payment.currency);
  render(payment);
  announce(`Paid ${money(payment.total)}. ${money(payment.amount)} sent to ${payment.creator_id}.`);
}

export async function showReceipt(id) {
  const waiting = showLoading("Loading your payment…");
  try {
    const payment = await fetchPayment(id);
    if (isShown(waiting)) render(payment);
  } catch (error) {
    if (!isShown(waiting)) return;
    showProblem({
      title: "This payment could not be loaded",
      error,
      retry: () => showReceipt(id),
      back: { href: "#/payments", label: "Your payments" },
    });
  }
}

function render(payment) {
  const root = instantiate("receipt-view");
  const page = { root, payment, refunds: [] };
  wireFeedback(root, payment);
  wireRefundForm(page, () => refresh(page));
  fillReceipt(page);
  show(root);
  refresh(page);
}

/** Reads the payment again now, and more and more rarely while it can still change by itself. */
async function refresh(page, pauses = REFRESH_PAUSES_MS) {
  clearTimeout(page.timer);
  const id = page.payment.payment_id;
  const payment = await readOrNull(() => fetchPayment(id));
  const refunds = payment?.refunds ? await readOrNull(() => fetchRefunds(id)) : null;
  if (!isShown(page.root)) return;
  // What has heard of the payment later than the one that answered before must not take it back.
  const isBehind = payment && page.payment.status === "succeeded" && payment.status !== "succeeded";
  if (payment && !isBehind) {
    page.payment = { ...page.payment, ...payment };
    page.refunds = refunds?.items ?? page.refunds;
    fillReceipt(page);
  }
  const [pause, ...rest] = pauses;
  if (pause !== undefined && isChanging(page)) page.timer = setTimeout(() => refresh(page, rest), pause);
}

/** The attempt that this browser keeps of a payment. */
function attemptOf({ creator_id: creator, payment_id: id }) {
  const attempt = unfinishedAttempt(currentSender(), creator);
  return attempt?.paymentId === id ? attempt : null;
}

/** What Stripe has taken is being processed, whether or not our API has heard of it. */
const asSent = (payment) =>
  payment.status === "requires_payment_method" && attemptOf(payment)?.isSent ? { ...payment, status: "processing" } : payment;

const isChanging = ({ payment, refunds }) => {
  if (payment.status === "canceled") return false;
  const isUnread = (payment.refunds ?? []).length > refunds.length;
  return payment.status !== "succeeded" || !payment.card || isRefunding(payment) || isUnread;
};

function fillReceipt(page) {
  const { root, payment, refunds } = page;
  const slot = slots(root);
  const money = (amount) => formatMoney(amount, payment.currency);
  const { badge, tone, mark, title, sentence } = standingOf(asSent(payment), refunds);
  const isPaid = payment.status === "succeeded";
  const refunded = returned(refunds, "succeeded");
  fill(root, {
    title,
    badge,
    sentence,
    "amount-label": amountLabel(payment),
    amount: money(payment.amount),
    fee: money(payment.processing_fee),
    total: money(payment.total),
    "total-label": isPaid ? "You paid" : "You would pay",
    refunded: money(-refunded),
  });
  slot("refunded-row").hidden = refunded === 0;
  slot("sentence").hidden = sentence === "";
  slot("badge").className = `badge ${tone}`;
  slot("mark").setAttribute("class", `mark ${tone}`);
  slot("mark-path").setAttribute("d", MARKS[mark]);
  fillDetails(slot("details"), payment);
  slot("timeline").replaceChildren(...eventsOf(payment, refunds).map(eventItem));
  fillNext(slot("next"), payment);
  root.querySelector("#feedback-form").hidden = !isPaid;
  fillRefundForm(page);
}

function amountLabel({ status, creator_id: creator, refunded_amount: refunded }) {
  if (status !== "succeeded") return `${creator} would receive`;
  return refunded > 0 ? `Sent to ${creator}` : `${creator} receives exactly`;
}

function fillDetails(list, payment) {
  const { card, message, context, anonymous, creator_id: creator, payment_id: id, settled_at: settled, created_at: created } = payment;
  const rows = [
    ["Paid with", card && cardName(card), "card"],
    ["Date", moment(settled ?? created), "date"],
    ["For", context, "context", "words"],
    ["Message", message, "message", "words"],
    ["Your name", anonymous && `Hidden from ${creator}`, "anonymous"],
    ["Payment ID", id, "payment", "id"],
  ];
  list.replaceChildren(...rows.filter(([, value]) => value).map(([term, value, name, look]) =>
    element("div", {}, element("dt", {}, term), element("dd", { class: look, "data-testid": `receipt-${name}` }, value))));
}

const eventItem = ({ tone, text, note, at }) =>
  element("li", { class: tone }, element("span", {}, text), note && element("span", { class: "hint" }, `“${note}”`), at && element("span", { class: "hint" }, at));

/** One way on: to finish or to check what is not paid yet and kept by this browser, or back to the creator. */
function fillNext(link, payment) {
  const creator = profileAddress(payment.creator_id);
  const isOver = payment.status === "succeeded" || payment.status === "canceled";
  const attempt = isOver ? null : attemptOf(payment);
  link.href = attempt ? `${creator}/pay` : creator;
  if (attempt) link.textContent = attempt.isSent ? "Check again" : "Continue this payment";
  else link.textContent = payment.status === "succeeded" ? "Done" : `Back to ${payment.creator_id}`;
}
