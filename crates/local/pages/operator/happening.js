// What is happening, in words, as the events tell it.

import { element, timeOfDay } from "/elements.js";
import { isNews, listen } from "/live.js";
import { formatMoney } from "/money.js";
import { slots } from "/view.js";

const MOST_EVENTS = 15;
/** After these, who may receive is another than the page shows. */
const OF_THE_ROLLOUT = ["RolloutChanged", "WaveChanged", "WaveHalted"];

const WAVE_CHANGES = { opened: "was opened", changed: "was changed", resumed: "goes on", rolled_back: "was rolled back" };
const money = ({ amount, currency }) => formatMoney(amount, currency);

/** A sentence and its tone for each type of event. */
const SENTENCES = {
  PaymentSettled: (e) => [`${e.creator_id} received ${money(e)}${e.wave ? ` in the wave ${e.wave}` : ""}`, "yes"],
  PaymentCanceled: (e) => [`A payment of ${money(e)} to ${e.creator_id} was canceled`, "off"],
  PaymentRefunded: (e) => [`${money(e)} of ${e.creator_id}’s came back to the sender`, "wait"],
  RefundFailed: (e) => [`A refund of ${money(e)} of ${e.creator_id}’s failed`, "no"],
  DisputeOpened: (e) => [`A payment to ${e.creator_id} is disputed`, "no"],
  DisputeClosed: (e) => [`A dispute of a payment to ${e.creator_id} has ended${e.status ? `: ${e.status.replaceAll("_", " ")}` : ""}`, "off"],
  DisputeWithdrawn: (e) => [`A dispute took ${money(e)} back from a payment to ${e.creator_id}`, "no"],
  DisputeReinstated: (e) => [`A dispute gave ${money(e)} again for a payment to ${e.creator_id}`, "yes"],
  ReceivingChanged: (e) => [`What decides about ${e.creator_id} has changed`, "off"],
  RolloutChanged: (e) => [e.paused ? "Receiving is stopped for everyone" : `Receiving is open, to ${e.percentage} % of all creators beside the waves`, e.paused ? "no" : "yes"],
  WaveChanged: (e) => [`The wave ${e.wave} ${WAVE_CHANGES[e.change] ?? "was changed"}`, "off"],
  WaveHalted: (e) => [`The wave ${e.wave} has halted by itself`, "no"],
  AuditTampered: () => ["A record that is never to change was tampered with", "no"],
};

/** Lists events in the view; `changed` is told when the rollout is another. */
export function showHappening(root, changed) {
  const slot = slots(root);
  const openedAt = Date.now();
  listen({
    filter: { last_event_id: "0" },
    heard: (type, detail) => {
      slot("no-events").hidden = true;
      slot("events").prepend(row(type, detail));
      while (slot("events").childElementCount > MOST_EVENTS) slot("events").lastElementChild.remove();
      // What is told again to a page that was opened later is in what it read first.
      if (OF_THE_ROLLOUT.includes(type) && isNews(detail, openedAt)) changed();
    },
    connected: (yes) => {
      slot("feed-state").textContent = yes ? "Live" : "Not connected";
      slot("feed-state").className = `badge ${yes ? "yes" : "off"}`;
    },
  });
}

function row(type, detail) {
  const [sentence, tone] = SENTENCES[type](detail);
  return element(
    "li",
    { class: `event ${tone}`, "data-testid": `event-${type}` },
    element("p", {}, sentence),
    element("p", { class: "hint" }, timeOfDay(detail.occurred_at)),
  );
}
