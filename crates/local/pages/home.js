// Where a sender begins: a creator by ID, those they sent to before, and the demo's samples.

import { creatorTerms, payments, readOrNull, stackConfig } from "/api.js";
import { element, moment } from "/elements.js";
import { formatMoney } from "/money.js";
import { profileAddress } from "/profile.js";
import { readId } from "/user.js";
import { instantiate, isShown, show, slots } from "/view.js";

/** The creators of a fresh store; what each can do is the API's answer. */
const SAMPLES = ["ana", "bo", "cy"];
const MOST_RECENT = 6;

export function showHome() {
  const root = instantiate("home-view");
  const slot = slots(root);
  root.querySelector("#find-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = readId(event.target.elements.find);
    if (id !== null) location.hash = profileAddress(id);
  });
  slot("samples").replaceChildren(...SAMPLES.map((creator) => tile(creator, "…")));
  show(root);
  fillSamples(root);
  fillRecent(root);
}

function tile(creator, ...notes) {
  return element("li", {}, element(
    "a",
    { href: profileAddress(creator), "data-testid": `creator-${creator}` },
    element("span", { class: "portrait", "aria-hidden": "true" }, [...creator][0].toUpperCase()),
    element("span", {}, element("strong", {}, creator), " ", element("span", { class: "hint" }, ...notes)),
  ));
}

async function fillSamples(root) {
  // Stripe's test mode has no samples.
  if ((await readOrNull(stackConfig))?.stripe_js) return slots(root)("samples").parentElement.remove();
  const tiles = await Promise.all(SAMPLES.map(async (creator) => {
    const terms = await readOrNull(() => creatorTerms(creator));
    return tile(creator, terms?.can_receive ? "Can receive money" : terms?.reasons[0]?.message ?? "Cannot be read now");
  }));
  if (isShown(root)) slots(root)("samples").replaceChildren(...tiles);
}

/** The creators of the newest payments, each once, with the last payment that was paid. */
async function fillRecent(root) {
  const answer = await readOrNull(() => payments({ status: "succeeded" }));
  if (!answer || !isShown(root)) return;
  const last = new Map();
  for (const payment of answer.items) if (!last.has(payment.creator_id)) last.set(payment.creator_id, payment);
  const tiles = [...last.values()].slice(0, MOST_RECENT).map(({ creator_id: creator, amount, currency, created_at: at }) =>
    tile(creator, `${formatMoney(amount, currency)} · `, moment(at)));
  slots(root)("recent").replaceChildren(...tiles);
  slots(root)("recent-part").hidden = tiles.length === 0;
}
