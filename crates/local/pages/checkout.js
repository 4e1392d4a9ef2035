// Step 2: the payment is created (or found again by its key), the card goes to Stripe, and our API tells the end.

import { createPayment, currentSender, NetworkError, payment as fetchPayment } from "/api.js";
import { endAttempt, unfinishedAttempt } from "/attempts.js";
import { askBank, readCard, showCard } from "/card.js";
import { profileAddress } from "/profile.js";
import { rememberReceipt } from "/receipt.js";
import { answerBank, confirmCard, declineSentence } from "/stripe.js";
import { alertIn, isShown, showLoading, showProblem, whileBusy } from "/view.js";

const FIRST_POLL_MS = 300;
const SLOWEST_POLL_MS = 4_000;
const POLL_LIMIT_MS = 60_000;
const SAME_PAYMENT = "Trying again is safe: it repeats the same payment, and you are charged at most once.";

/** Repeats the kept attempt: a first visit creates the payment, a reload or retry finds the same one. */
export async function showPay(creator) {
  const attempt = unfinishedAttempt(currentSender(), creator);
  if (!attempt) return location.replace(profileAddress(creator));
  const flow = { creator, sender: currentSender(), message: attempt.body.message };
  const waiting = showLoading("Preparing your payment…");
  let payment;
  try {
    payment = await createPayment(attempt);
  } catch (error) {
    if (isShown(waiting)) showCreateProblem(flow, error);
    return;
  }
  if (isShown(waiting)) proceed({ ...flow, payment });
}

function showCreateProblem(flow, error) {
  const unknown = error instanceof NetworkError || error.isTransient || error.status === 401;
  if (unknown) {
    showProblem({
      title: "We could not reach the payment service",
      error: new Error(`${error.message} ${SAME_PAYMENT}`),
      retry: () => showPay(flow.creator),
      back: { href: profileAddress(flow.creator), label: "Not now" },
    });
    return;
  }
  // A definite answer ends this intent to pay; another try is a new one, with a new key and a new quote.
  endAttempt(flow.sender, flow.creator);
  showProblem({
    title: "This payment cannot be made",
    error,
    back: { href: `${profileAddress(flow.creator)}/send`, label: "Back to the amount" },
  });
}

function proceed(flow, alert = "") {
  switch (flow.payment.status) {
    case "succeeded":
      endAttempt(flow.sender, flow.creator);
      return rememberReceipt({ message: flow.message, ...flow.payment });
    case "canceled":
      endAttempt(flow.sender, flow.creator);
      return showProblem({
        title: "This payment was canceled",
        error: new Error("You have not been charged. You can start a new payment."),
        back: { href: `${profileAddress(flow.creator)}/send`, label: "Start again" },
      });
    case "processing":
      return wait(flow);
    default:
      return openCard(flow, alert);
  }
}

function openCard(flow, alert) {
  const root = showCard(flow.payment, profileAddress(flow.creator));
  alertIn(root, alert);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const card = readCard(root);
    if (card) whileBusy(root.querySelector("#pay"), () => pay(flow, root, card));
  });
}

async function pay(flow, root, card) {
  alertIn(root, "");
  try {
    let result = await confirmCard(flow.payment, card);
    if (!result.error && result.intent?.status === "requires_action") {
      const answer = await askBank(root, flow.payment);
      result = await answerBank(result.intent, answer);
      if (answer === "fail" && !result.error) result = { error: { type: "card_error", code: "payment_intent_authentication_failure" } };
    }
    if (isShown(root)) await follow(flow, root, result);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (isShown(root)) refuse(root, `${error.message} ${SAME_PAYMENT}`);
  }
}

/** Goes on from what Stripe said; whether it was paid is for our API alone to say. */
async function follow(flow, root, { intent, error }) {
  if (error?.code === "payment_intent_unexpected_state") return wait(flow); // an earlier try got through
  const declined = error ?? (intent?.status === "requires_payment_method" ? intent.last_payment_error ?? {} : null);
  if (!declined) return wait(flow);
  if (declined.type === "card_error" || !error) return refuse(root, declineSentence(declined));
  return refuse(root, `${error.message ?? "The card network had a problem."} ${SAME_PAYMENT}`);
}

function refuse(root, sentence) {
  alertIn(root, sentence);
  const { number } = root.elements;
  number.focus();
  number.select();
}

async function wait(flow) {
  const waiting = showLoading("Confirming your payment…");
  try {
    const payment = await untilSettled(flow.payment.payment_id, () => isShown(waiting));
    if (!isShown(waiting)) return;
    if (payment) {
      proceed({ ...flow, payment: { ...flow.payment, ...payment } }, "The card was not charged. Try another card.");
      return;
    }
    showProblem({
      title: "Still processing",
      error: new Error("This takes longer than usual. You can close this page: the payment goes on without it."),
      retry: () => wait(flow),
      retryLabel: "Check again",
      back: { href: profileAddress(flow.creator), label: `Back to ${flow.creator}` },
    });
  } catch (error) {
    if (!isShown(waiting)) return;
    showProblem({
      title: "We could not look up your payment",
      error,
      retry: () => wait(flow),
      retryLabel: "Check again",
      back: { href: profileAddress(flow.creator), label: `Back to ${flow.creator}` },
    });
  }
}

/** Asks until the payment has ended, or is payable again after it was processing; null at the limit. */
async function untilSettled(id, isWanted) {
  const deadline = performance.now() + POLL_LIMIT_MS;
  let pause = FIRST_POLL_MS;
  let wasProcessing = false;
  while (isWanted() && performance.now() < deadline) {
    try {
      const payment = await fetchPayment(id);
      if (payment.status === "succeeded" || payment.status === "canceled") return payment;
      // Right after confirming, "requires_payment_method" is only old news: Stripe's word has not arrived yet.
      if (wasProcessing && payment.status === "requires_payment_method") return payment;
      wasProcessing ||= payment.status === "processing";
    } catch (error) {
      if (!(error instanceof NetworkError) && !error.isTransient) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, SLOWEST_POLL_MS);
  }
  return null;
}
