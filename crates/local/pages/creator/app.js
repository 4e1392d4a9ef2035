// The creator's page: who it is, and everything about their receiving on one view that keeps itself up to date.

import { ifKnown } from "/elements.js";
import { hush, listen } from "/live.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { askWho, wireSkipLink } from "/who.js";
import { wireBlocks } from "/creator/blocks.js";
import { currentCreator, settings, signInAs } from "/creator/calls.js";
import { fillEarnings } from "/creator/earnings.js";
import { fillOnboarding, wireOnboarding } from "/creator/onboarding.js";
import { showReceived } from "/creator/received.js";
import { fillTerms, wireTerms } from "/creator/terms.js";

/** Totals are counted in batches after the event that tells of a payment. */
const COUNTED_WITHIN_MS = [200, 1_000, 3_000];

/** What decides about everybody is told to operators: the page looks for it by itself. */
const LOOKS_EVERY_MS = 5_000;

async function showMine() {
  hush();
  const name = currentCreator();
  const waiting = showLoading(`Opening ${name}…`);
  let present;
  try {
    present = await settings();
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "Your page could not be opened", error, retry: showMine, back: { href: "/", label: "Send money" } });
    return;
  }
  if (!isShown(waiting)) return;
  const root = instantiate("creator-view");
  const page = { root, present };
  fill(root, { creator: name });
  wireOnboarding(page);
  wireTerms(page, () => refresh(page));
  wireBlocks(page);
  fillPage(page);
  show(root);
  tellReturn(root);
  fillEarnings(root);
  follow(page);
  lookAgain(page);
}

function lookAgain(page) {
  setTimeout(async () => {
    if (!isShown(page.root)) return;
    await refresh(page);
    lookAgain(page);
  }, LOOKS_EVERY_MS);
}

function fillPage(page) {
  const slot = slots(page.root);
  const { can_receive: can } = page.present.body;
  slot("badge").textContent = can ? "You can receive money" : "You cannot receive money now";
  slot("badge").className = `badge ${can ? "yes" : "no"}`;
  fillOnboarding(page);
  fillTerms(page);
}

/** Reads again what may have changed by an operator's hand or by Stripe's; what is being typed stays. */
async function refresh(page) {
  const present = await ifKnown(settings);
  if (!present || !isShown(page.root)) return;
  const before = page.present.body;
  page.present = present;
  fillPage(page);
  if (before.can_receive !== present.body.can_receive) announce(slots(page.root)("badge").textContent);
}

function follow(page) {
  const received = showReceived(page.root);
  listen({
    // What is still known of before the page was opened is told as well.
    filter: { creator_id: currentCreator(), last_event_id: "0" },
    heard: (type, detail) => {
      if (type === "ReceivingChanged") return refresh(page);
      received.heard(type, detail);
      countSoon(page);
    },
    connected: received.connected,
  });
}

/** Reads the totals now and again, until they must have been brought up; the next event begins anew. */
function countSoon(page) {
  page.counting?.forEach(clearTimeout);
  page.counting = COUNTED_WITHIN_MS.map((pause) => setTimeout(() => isShown(page.root) && fillEarnings(page.root), pause));
}

/** Stripe's pages lead back here, with how in the address. */
function tellReturn(root) {
  const how = new URLSearchParams(location.search).get("onboarding");
  if (how === null) return;
  history.replaceState(null, "", "/creator");
  const notice = slots(root)("returned");
  notice.textContent = how === "again"
    ? "That link to Stripe was used before, or is too old. Open a new one below."
    : "Back from Stripe. What Stripe knows of you now is below; it can take a moment to arrive.";
  notice.hidden = false;
}

wireSkipLink();
const creator = askWho({
  form: document.getElementById("creator-form"),
  slot: "creator/name",
  fallback: "ana",
  changed: (name) => {
    signInAs(name);
    showMine();
  },
});
signInAs(creator);
showMine();
