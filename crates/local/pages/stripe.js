// Does at the stand-in what Stripe.js does at Stripe: confirms from the browser, with the payment's client secret and the
// publishable key. Card data never reaches our API. Form encoding with the key in the body keeps each
// call a simple cross-origin request.

import { fetchJson, NetworkError, stackConfig } from "/api.js";
import { testCard } from "/test_cards.js";

async function send(url, options) {
  const { ok, status, body } = await fetchJson(url, options);
  if (ok && body) return { intent: body };
  const error = body?.error ?? {};
  return { intent: error.payment_intent, error: { ...error, status } };
}

/** What the element gets for a customer session's secret: kept cards and features; null if Stripe shows none now. */
export async function openElement(secret) {
  const { stripe_base } = await stackConfig();
  try {
    const { ok, body } = await fetchJson(`${stripe_base}/stand_in/elements?client_secret=${encodeURIComponent(secret)}`);
    return ok ? body : null;
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}

/** The parameters of a card: one that is kept, a new one, or a new one that the sender agrees to keep. */
function paymentMethod({ saved, number, consent }) {
  if (saved) return { payment_method: saved };
  const name = testCard(number);
  if (!name) return null;
  if (!consent) return { payment_method: `pm_card_${name}` };
  return {
    "payment_method_data[type]": "card",
    "payment_method_data[card][token]": `tok_${name}`,
    "payment_method_data[allow_redisplay]": "always",
    setup_future_usage: consent,
  };
}

/** Confirms with a card `{saved}` or `{number, month, year, cvc, consent}`: `{ intent }`, or Stripe's `{ error, intent? }`. */
export async function confirmCard(payment, card) {
  const { stripe_base, publishable_key } = await stackConfig();
  const method = paymentMethod(card);
  if (!method) return { error: { type: "card_error", code: "incorrect_number" } };
  const form = new URLSearchParams({
    ...method,
    client_secret: payment.client_secret,
    key: publishable_key,
  });
  const id = encodeURIComponent(payment.stripe_payment_intent_id);
  return send(`${stripe_base}/v1/payment_intents/${id}/confirm`, { method: "POST", body: form });
}

/** Answers the stand-in's 3-D Secure page for the bank. `outcome` is "complete" or "fail". */
export async function answerBank(intent, outcome) {
  const { stripe_base } = await stackConfig();
  const { redirect_to_url, use_stripe_sdk } = intent.next_action ?? {};
  const page = redirect_to_url?.url ?? use_stripe_sdk?.stripe_js ?? "";
  // Only the stand-in's page can be answered from here; a real bank's page needs Stripe.js.
  if (!page.startsWith(`${stripe_base}/3d_secure/`)) {
    return { error: { message: "This card requires its bank’s 3-D Secure page, which this demo cannot open." } };
  }
  return send(`${page}/${outcome}`, { method: "POST", headers: { accept: "application/json" } });
}

const DECLINES = {
  insufficient_funds: "Your card has insufficient funds.",
  lost_card: "Your card was declined.",
  stolen_card: "Your card was declined.",
  expired_card: "Your card has expired.",
  incorrect_cvc: "The card’s security code is wrong.",
  incorrect_number: "The card number is wrong.",
  invalid_expiry_month: "The card’s expiry date is wrong.",
  invalid_expiry_year: "The card’s expiry date is wrong.",
  processing_error: "The card could not be processed right now.",
  payment_intent_authentication_failure: "Your bank could not verify your identity.",
  card_declined: "Your card was declined.",
};

/** The sentence to show when the card was not charged. */
export function declineSentence(error) {
  const known = DECLINES[error.decline_code] ?? DECLINES[error.code];
  return `${known ?? error.message ?? "The card could not be charged."} You have not been charged. Try another card.`;
}
