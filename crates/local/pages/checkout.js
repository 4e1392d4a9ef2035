// Step 2: creates the payment (or finds it again by its key), has it confirmed at Stripe, and polls our API for the result.

import { createPayment, currentSender, NetworkError, stackConfig } from "/api.js";
import { endAttempt, unfinishedAttempt, updateAttempt } from "/attempts.js";
import { openCardForm } from "/card.js";
import { hasReturnedPaid, openPaymentElement } from "/payment_element.js";
import { profileAddress } from "/profile.js";
import { openReceipt } from "/receipt.js";
import { declineSentence } from "/stripe.js";
import { alertIn, isShown, showLoading, showProblem, whileBusy } from "/view.js";
import { waitForEnd } from "/waiting.js";

const SAME_PAYMENT = "Trying again is safe: it repeats the same payment, and you are charged at most once.";

/** Sends the stored attempt: the first visit creates the payment, a reload or retry finds the same one. */
export async function showPay(creator) {
  if (hasReturnedPaid()) updateAttempt(currentSender(), creator, { isSent: true });
  const attempt = unfinishedAttempt(currentSender(), creator);
  if (!attempt) return location.replace(profileAddress(creator));
  const flow = { creator, sender: currentSender(), message: attempt.body.message, attempt };
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
  const { stripe_js: hasStripeJs } = await stackConfig();
  const open = hasStripeJs ? openPaymentElement : openCardForm;
  const back = profileAddress(flow.creator);
  let form;
  try {
    form = await open(flow.payment, back, () => isShown(waiting));
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (isShown(waiting)) showProblem({ title: "The card form could not be loaded", error, retry: () => showPay(flow.creator), back: { href: back, label: "Not now" } });
    return;
  }
  if (!form) return;
  alertIn(form.root, alert);
  form.root.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.root.querySelector("#pay"), () => pay(flow, form));
  });
}

async function pay(flow, form) {
  const { root } = form;
  alertIn(root, "");
  try {
    const result = await form.confirm();
    if (result && isShown(root)) await follow(flow, form, result);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (isShown(root)) showCardAlert(form, `${error.message} ${SAME_PAYMENT}`);
  }
}

/** Continues after Stripe's response. Only our API decides whether the payment has settled. */
async function follow(flow, form, { intent, error }) {
  if (error?.code === "payment_intent_unexpected_state") return wait(flow); // An earlier confirmation succeeded.
  const declined = error ?? (intent?.status === "requires_payment_method" ? intent.last_payment_error ?? {} : null);
  if (!declined) return wait(flow);
  if (declined.type === "card_error" || !error) return showCardAlert(form, declineSentence(declined));
  return showCardAlert(form, `${error.message ?? "The card network had a problem."} ${SAME_PAYMENT}`);
}

function showCardAlert(form, sentence) {
  alertIn(form.root, sentence);
  form.focus();
}

/** Waits for our API to say how the payment ended, then goes on. */
async function wait(flow) {
  updateAttempt(flow.sender, flow.creator, { isSent: true });
  // Asking for the same payment again has our API ask Stripe, whether or not Stripe's event has arrived.
  const ended = await waitForEnd(flow.payment.payment_id, { ask: () => createPayment(flow.attempt), retry: () => wait(flow) });
  if (!ended) return;
  updateAttempt(flow.sender, flow.creator, { isSent: false });
  proceed({ ...flow, payment: { ...flow.payment, ...ended.payment } }, ended.view, "The card was not charged. Try another card.");
}
