// Step 2: creates the payment (or finds it again by its key), sends the card to Stripe, and polls our API for the result.

import { createPayment, currentSender, NetworkError, payment as fetchPayment } from "/api.js";
import { endAttempt, unfinishedAttempt, updateAttempt } from "/attempts.js";
import { askBank, readCard, showCard } from "/card.js";
import { profileAddress } from "/profile.js";
import { openReceipt } from "/receipt.js";
import { chosenCard, loadSavedCards } from "/saved_cards.js";
import { answerBank, confirmCard, declineSentence } from "/stripe.js";
import { alertIn, isShown, showLoading, showProblem, whileBusy } from "/view.js";
import { waitForEnd } from "/waiting.js";

const SAME_PAYMENT = "Trying again is safe: it repeats the same payment, and you are charged at most once.";

/** Sends the stored attempt: the first visit creates the payment, a reload or retry finds the same one. */
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
  updateAttempt(flow.sender, creator, { paymentId: payment.payment_id });
  if (!isShown(waiting)) return;
  if (attempt.isSent && payment.status === "requires_payment_method") wait({ ...flow, payment });
  else proceed({ ...flow, payment }, waiting);
}

function showCreateProblem(flow, error) {
  const unknown = error instanceof NetworkError || error.isTransient || error.status === 401;
  if (unknown) {
    showProblem({
      title: "Your payment could not be created",
      error: new Error(`${error.message} ${SAME_PAYMENT}`),
      retry: () => showPay(flow.creator),
      back: { href: profileAddress(flow.creator), label: "Not now" },
    });
    return;
  }
  // A final answer ends this attempt; the next one has a new key and a new quote.
  endAttempt(flow.sender, flow.creator);
  showProblem({
    title: "This payment cannot be made",
    error,
    back: { href: `${profileAddress(flow.creator)}/send`, label: "Back to the amount" },
  });
}

function proceed(flow, waiting, alert = "") {
  switch (flow.payment.status) {
    case "succeeded":
      endAttempt(flow.sender, flow.creator);
      return openReceipt({ message: flow.message, ...flow.payment });
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
      return openCard(flow, waiting, alert);
  }
}

async function openCard(flow, waiting, alert) {
  const savedCards = await loadSavedCards(flow.payment);
  if (!isShown(waiting)) return;
  const root = showCard(flow.payment, savedCards, profileAddress(flow.creator));
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
    if (isShown(root)) showCardAlert(root, `${error.message} ${SAME_PAYMENT}`);
  }
}

/** Continues after Stripe's response. Only our API decides whether the payment has settled. */
async function follow(flow, root, { intent, error }) {
  if (error?.code === "payment_intent_unexpected_state") return wait(flow); // An earlier confirmation succeeded.
  const declined = error ?? (intent?.status === "requires_payment_method" ? intent.last_payment_error ?? {} : null);
  if (!declined) return wait(flow);
  if (declined.type === "card_error" || !error) return showCardAlert(root, declineSentence(declined));
  return showCardAlert(root, `${error.message ?? "The card network had a problem."} ${SAME_PAYMENT}`);
}

function showCardAlert(root, sentence) {
  alertIn(root, sentence);
  if (chosenCard(root)) return;
  const { number } = root.elements;
  number.focus();
  number.select();
}

/** Waits for our API to say how the payment ended, then goes on. */
async function wait(flow) {
  updateAttempt(flow.sender, flow.creator, { isSent: true });
  const ended = await waitForEnd(flow.payment.payment_id, () => wait(flow));
  if (!ended) return;
  updateAttempt(flow.sender, flow.creator, { isSent: false });
  proceed({ ...flow, payment: { ...flow.payment, ...ended.payment } }, ended.view, "The card was not charged. Try another card.");
}
