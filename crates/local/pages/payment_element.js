// Stripe's Payment Element, which takes the card in frames of Stripe's own: the form to pay with in Stripe's test mode
// (docs.stripe.com/payments/payment-element).

import { NetworkError, stackConfig } from "/api.js";
import { paymentView } from "/card.js";
import { element } from "/elements.js";
import { alertIn, show, slots } from "/view.js";

let stripe = null;

/** Stripe.js may only be loaded from Stripe, never bundled. */
function loadScript(source) {
  const script = element("script", { src: source });
  return new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => {
      script.remove();
      reject(new NetworkError("Stripe could not be reached. Check your connection."));
    });
    document.head.append(script);
  });
}

async function loadStripe() {
  const { stripe_js, publishable_key } = await stackConfig();
  if (!stripe) {
    await loadScript(stripe_js);
    stripe = window.Stripe(publishable_key);
  }
  return stripe;
}

/** Shows the form: `{ root, focus, confirm }`, or null if the sender has left. Saved cards are the element's own. */
export async function openPaymentElement(payment, back, isWanted) {
  const loaded = await loadStripe();
  if (!isWanted()) return null;
  const elements = loaded.elements({
    clientSecret: payment.client_secret,
    customerSessionClientSecret: payment.customer_session_client_secret ?? undefined,
    appearance: { theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe" },
  });
  const root = paymentView(payment, back);
  const place = slots(root)("payment-element");
  place.hidden = false;
  for (const ours of root.querySelectorAll('[data-slot="new-card"], [data-testid="test-cards"]')) ours.remove();
  show(root);
  const paymentElement = elements.create("payment");
  paymentElement.on("loaderror", ({ error }) => alertIn(root, error.message));
  paymentElement.mount(place);
  return { root, focus: () => paymentElement.focus(), confirm: () => confirm(loaded, elements) };
}

/**
 * `{ intent }`, or Stripe's `{ error }`; null where the element itself shows what is wrong. A bank's page opens above this one;
 * a bank that insists on the whole window leads back here, where the payment is found again by its key.
 */
async function confirm(loaded, elements) {
  const { error, paymentIntent } = await loaded.confirmPayment({
    elements,
    redirect: "if_required",
    confirmParams: { return_url: location.href },
  });
  if (error?.type === "validation_error") return null;
  return { intent: paymentIntent ?? error?.payment_intent, error };
}

/** Whether the sender comes back from their bank with the payment made. Takes the client secret out of the address. */
export function hasReturnedPaid() {
  const added = new URLSearchParams(location.search);
  if (!added.has("payment_intent_client_secret")) return false;
  history.replaceState(null, "", location.pathname + location.hash);
  return added.get("redirect_status") !== "failed";
}
