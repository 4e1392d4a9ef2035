// Between Stripe's "paid" and our API's: waits for the payment to end, and says what to do when that is late.

import { NetworkError, payment as fetchPayment } from "/api.js";
import { element } from "/elements.js";
import { announce, isShown, showLoading, showProblem } from "/view.js";

const FIRST_POLL_MS = 300;
const SLOWEST_POLL_MS = 4_000;
const LATE_MS = 10_000;
const LATE = "This is taking longer than usual. Your card may already be charged, so please do not pay again. This page goes on checking, and you can leave it: the payment appears under Payments as soon as it is confirmed.";

/**
 * `{ payment, view }` once the payment has ended or can be paid again; null if the user left or a problem is shown instead. `ask`
 * reads the payment from Stripe, for a press of "Check again"; `retry` waits anew.
 */
export async function waitForEnd(id, { ask, retry }) {
  const view = showLoading("Confirming your payment…");
  const checks = { ask, press: null, wake: () => {} };
  const late = setTimeout(() => isShown(view) && sayLate(view, id, checks), LATE_MS);
  try {
    const payment = await pollUntilEnded(id, () => isShown(view), checks);
    return payment && isShown(view) ? { payment, view } : null;
  } catch (error) {
    if (isShown(view)) showProblem({ title: "Your payment could not be loaded", error, retry, retryLabel: "Check again", back: { href: "#/payments", label: "Your payments" } });
    return null;
  } finally {
    clearTimeout(late);
  }
}

function sayLate(view, id, checks) {
  const again = element("button", { class: "primary", id: "check-again", type: "button" }, "Check again");
  const checked = element("p", { class: "hint", "data-testid": "checked" });
  again.addEventListener("click", async () => {
    checked.textContent = "Checking…";
    await new Promise((done) => {
      checks.press = done;
      checks.wake();
    });
    checked.textContent = "Not confirmed yet.";
  });
  view.append(
    element("p", { class: "notice wait", "data-testid": "late" }, LATE),
    element("div", { class: "actions" }, again, element("a", { class: "button", href: `#/payments/${encodeURIComponent(id)}` }, "See this payment")),
    checked,
  );
  announce(LATE);
}

/**
 * Polls until the payment has ended, or can be paid again after it was processing; null if nobody waits any more. A press ends
 * with the next answer, which is Stripe's.
 */
async function pollUntilEnded(id, isWanted, checks) {
  let pause = FIRST_POLL_MS;
  let wasProcessing = false;
  while (isWanted()) {
    const { press } = checks;
    checks.press = null;
    try {
      const payment = await (press ? checks.ask() : fetchPayment(id));
      if (payment.status === "succeeded" || payment.status === "canceled") return payment;
      // Right after confirmation, "requires_payment_method" is outdated: Stripe's event has not arrived yet.
      if (wasProcessing && payment.status === "requires_payment_method") return payment;
      wasProcessing ||= payment.status === "processing";
    } catch (error) {
      if (!(error instanceof NetworkError) && !error.isTransient) throw error;
    }
    press?.();
    if (!checks.press) await pauseOrPress(pause, checks);
    pause = Math.min(pause * 1.5, SLOWEST_POLL_MS);
  }
  return null;
}

const pauseOrPress = (pause, checks) =>
  new Promise((resolve) => {
    setTimeout(resolve, pause);
    checks.wake = resolve;
  });
