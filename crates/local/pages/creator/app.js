// The creator's page: who the creator is, the sections, and the state of the account, which every section shows.

import { readOrNull } from "/api.js";
import { listen, stopListening } from "/events.js";
import { announce, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { wireUserForm, wireSkipLink } from "/user.js";
import { currentCreator, settings, signInAs } from "/creator/api.js";
import { openHistory } from "/creator/history.js";
import { openOverview } from "/creator/overview.js";
import { openPayouts } from "/creator/payouts.js";
import { openSettings } from "/creator/settings.js";

/** Creators get no event when the rollout changes, so the page polls. */
const REFRESH_INTERVAL_MS = 5_000;

/** Each section fills its view; its `onSettings()` follows `page.current`, and `onEvent(type, detail)` the creator's events. */
const SECTIONS = { "": openOverview, payments: openHistory, payouts: openPayouts, settings: openSettings };

async function route() {
  const section = location.hash.replace(/^#\/?/, "");
  const open = SECTIONS[section] ?? openOverview;
  stopListening();
  markCurrent(section in SECTIONS ? section : "");
  const name = currentCreator();
  const waiting = showLoading(`Loading ${name}…`);
  let current;
  try {
    current = await settings();
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "Your page could not be loaded", error, retry: route, back: { href: "/", label: "Send money" } });
    return;
  }
  if (!isShown(waiting)) return;
  const root = instantiate(`${section in SECTIONS && section !== "" ? section : "overview"}-view`);
  const page = { root, current, refresh: () => refresh(page) };
  show(root);
  Object.assign(page, open(page));
  fillBadge(page);
  page.onSettings?.();
  if (page.onEvent) follow(page);
  refreshRegularly(page);
}

function markCurrent(section) {
  for (const link of document.querySelectorAll("#sections a")) {
    if (link.hash === `#/${section}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function fillBadge({ root, current }) {
  const badge = slots(root)("badge");
  if (!badge) return;
  const { can_receive: can } = current.body;
  badge.textContent = can ? "You can receive money" : "You cannot receive money right now";
  badge.className = `badge ${can ? "yes" : "no"}`;
}

/** Reads again what an operator or Stripe may have changed. Keeps what the user is typing. */
async function refresh(page) {
  const current = await readOrNull(settings);
  if (!current || !isShown(page.root)) return;
  const before = page.current.body;
  page.current = current;
  fillBadge(page);
  page.onSettings?.();
  if (before.can_receive !== current.body.can_receive) announce(current.body.can_receive ? "You can receive money" : "You cannot receive money right now");
}

function refreshRegularly(page) {
  setTimeout(async () => {
    if (!isShown(page.root)) return;
    await Promise.all([refresh(page), page.onInterval?.()]);
    refreshRegularly(page);
  }, REFRESH_INTERVAL_MS);
}

function follow(page) {
  listen({
    // Replays stored events from before the page was opened.
    filter: { creator_id: currentCreator(), last_event_id: "0" },
    onEvent: (type, detail) => (type === "ReceivingChanged" ? refresh(page) : page.onEvent(type, detail)),
    onConnection: page.onConnection,
  });
}

wireSkipLink();
window.addEventListener("hashchange", route);
signInAs(wireUserForm({
  form: document.getElementById("creator-form"),
  slot: "creator/name",
  fallback: "ana",
  onChange: (name) => {
    signInAs(name);
    route();
  },
}));
route();
