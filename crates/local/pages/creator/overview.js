// The first section: the state of the account and its next step, earnings, and payments as they arrive.

import { fill, isShown, slots } from "/view.js";
import { currentCreator } from "/creator/api.js";
import { fillEarnings } from "/creator/earnings.js";
import { fillOnboarding, wireOnboarding } from "/creator/onboarding.js";
import { fillPlot } from "/creator/earnings_plot.js";
import { showPayments } from "/creator/payments.js";

/** Totals are updated in batches, some time after the event of a payment. */
const EARNINGS_DELAYS_MS = [200, 1_000, 3_000];

export function openOverview(page) {
  const { root } = page;
  fill(root, { creator: currentCreator() });
  wireOnboarding(page);
  showReturnNotice(root);
  const payments = showPayments(root);
  const count = (index) => {
    if (!isShown(root)) return;
    fillEarnings(root);
    if (index === EARNINGS_DELAYS_MS.length - 1) fillPlot(root);
  };
  count(EARNINGS_DELAYS_MS.length - 1);
  let timers = [];
  return {
    onSettings: () => fillOnboarding(page),
    onConnection: payments.onConnection,
    onEvent: (type, detail) => {
      payments.onEvent(type, detail);
      // Reads the totals several times, until they include the event. The next event starts over.
      timers.forEach(clearTimeout);
      timers = EARNINGS_DELAYS_MS.map((pause, index) => setTimeout(count, pause, index));
    },
  };
}

/** Stripe's pages return here; the query says how. */
function showReturnNotice(root) {
  const onboarding = new URLSearchParams(location.search).get("onboarding");
  if (onboarding === null) return;
  history.replaceState(null, "", "/creator");
  const notice = slots(root)("returned");
  notice.textContent = onboarding === "again"
    ? "This link to Stripe was used before or has expired. Get a new one below."
    : "Welcome back from Stripe. It can take a moment until your details are updated below.";
  notice.hidden = false;
}
