// The creator's page: one view with the account, terms, earnings and payments, kept up to date.

import { readOrNull } from "/api.js";
import { stopListening, listen } from "/events.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { wireUserForm, wireSkipLink } from "/user.js";
import { wireBlocks } from "/creator/blocks.js";
import { currentCreator, settings, signInAs } from "/creator/api.js";
import { fillEarnings } from "/creator/earnings.js";
import { fillOnboarding, wireOnboarding } from "/creator/onboarding.js";
import { showPayments } from "/creator/payments.js";
import { fillPayouts, wireDashboard } from "/creator/payouts.js";
import { fillTerms, wireTerms } from "/creator/terms.js";

/** Totals are updated in batches, some time after the event of a payment. */
const EARNINGS_DELAYS_MS = [200, 1_000, 3_000];

/** Creators get no event when the rollout changes, so the page polls. */
const REFRESH_INTERVAL_MS = 5_000;

async function showCreatorPage() {
  stopListening();
  const name = currentCreator();
  const waiting = showLoading(`Loading ${name}…`);
  let current;
  try {
    current = await settings();
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "Your page could not be loaded", error, retry: showCreatorPage, back: { href: "/", label: "Send money" } });
    return;
  }
  if (!isShown(waiting)) return;
  const root = instantiate("creator-view");
  const page = { root, current };
  fill(root, { creator: name });
  wireOnboarding(page);
  wireTerms(page, () => refresh(page));
  wireBlocks(page);
  wireDashboard(page);
  fillPage(page);
  show(root);
  showReturnNotice(root);
  fillEarnings(root);
  fillPayouts(root);
  follow(page);
  refreshRegularly(page);
}

function refreshRegularly(page) {
  setTimeout(async () => {
    if (!isShown(page.root)) return;
    await Promise.all([refresh(page), fillPayouts(page.root)]);
    refreshRegularly(page);
  }, REFRESH_INTERVAL_MS);
}

function fillPage(page) {
  const slot = slots(page.root);
  const { can_receive: can } = page.current.body;
  slot("badge").textContent = can ? "You can receive money" : "You cannot receive money right now";
  slot("badge").className = `badge ${can ? "yes" : "no"}`;
  fillOnboarding(page);
  fillTerms(page);
}

/** Reads again what an operator or Stripe may have changed. Keeps what the user is typing. */
async function refresh(page) {
  const current = await readOrNull(settings);
  if (!current || !isShown(page.root)) return;
  const before = page.current.body;
  page.current = current;
  fillPage(page);
  if (before.can_receive !== current.body.can_receive) announce(slots(page.root)("badge").textContent);
}

function follow(page) {
  const payments = showPayments(page.root);
  listen({
    // Replays stored events from before the page was opened.
    filter: { creator_id: currentCreator(), last_event_id: "0" },
    onEvent: (type, detail) => {
      if (type === "ReceivingChanged") return refresh(page);
      payments.onEvent(type, detail);
      refreshEarningsSoon(page);
    },
    onConnection: payments.onConnection,
  });
}

/** Reads the totals several times, until they include the event. The next event starts over. */
function refreshEarningsSoon(page) {
  page.counting?.forEach(clearTimeout);
  page.counting = EARNINGS_DELAYS_MS.map((pause) => setTimeout(() => isShown(page.root) && fillEarnings(page.root), pause));
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

wireSkipLink();
const creator = wireUserForm({
  form: document.getElementById("creator-form"),
  slot: "creator/name",
  fallback: "ana",
  onChange: (name) => {
    signInAs(name);
    showCreatorPage();
  },
});
signInAs(creator);
showCreatorPage();
