// The feed of events, as sentences.

import { element, timeOfDay } from "/elements.js";
import { occurredAfter, listen } from "/events.js";
import { formatMoney } from "/money.js";
import { slots } from "/view.js";
import { isConsole } from "/operator/console.js";
import { paymentAddress, userLink } from "/operator/payment_labels.js";

const MAX_EVENTS = 15;
/** Events after which the page shows an outdated rollout. */
const ROLLOUT_EVENTS = ["RolloutChanged", "WaveChanged", "WaveHalted"];

const WAVE_CHANGES = { opened: "was opened", changed: "was changed", resumed: "was resumed", rolled_back: "was rolled back" };
const money = ({ amount, currency }) => formatMoney(amount, currency);

/** A sentence and its tone for each type of event. */
const SENTENCES = {
  PaymentSettled: (e) => [`${e.creator_id} received ${money(e)}`, "yes"],
  PaymentCanceled: (e) => [`A payment of ${money(e)} to ${e.creator_id} was canceled`, "off"],
  PaymentRefunded: (e) => [`${money(e)} sent to ${e.creator_id} was refunded`, "wait"],
  RefundFailed: (e) => [`A refund of ${money(e)} sent to ${e.creator_id} failed`, "no"],
  DisputeOpened: (e) => [`A payment to ${e.creator_id} was disputed`, "no"],
  DisputeClosed: (e) => [`A dispute over a payment to ${e.creator_id} was closed${e.status ? `: ${e.status.replaceAll("_", " ")}` : ""}`, "off"],
  DisputeWithdrawn: (e) => [`A dispute withdrew ${money(e)} of a payment to ${e.creator_id}`, "no"],
  DisputeReinstated: (e) => [`A dispute reinstated ${money(e)} of a payment to ${e.creator_id}`, "yes"],
  FraudWarningReceived: (e) => [`A card’s issuer warns of fraud with a payment to ${e.creator_id}${e.response === "refund" ? "; it is refunded" : ""}`, "no"],
  ReceivingChanged: (e) => [`${e.creator_id}’s eligibility changed`, "off"],
  FeedbackGiven: (e) => [`Feedback: ${e.rating} of 5${e.creator_id ? ` about a payment to ${e.creator_id}` : ""}`, e.rating > 2 ? "yes" : "wait"],
  CreatorPayoutPaid: (e) => [`A payout of ${money(e)} to ${e.creator_id}’s bank was paid`, "yes"],
  CreatorPayoutFailed: (e) => [`A payout of ${money(e)} to ${e.creator_id}’s bank failed`, "no"],
  RolloutChanged: (e) => [e.paused ? "Receiving is stopped for everyone" : `Receiving is not stopped; the general percentage is ${e.percentage}%`, e.paused ? "no" : "yes"],
  WaveChanged: (e) => [`The wave ${e.wave} ${WAVE_CHANGES[e.change] ?? "was changed"}`, "off"],
  WaveHalted: (e) => [`The wave ${e.wave} halted automatically`, "no"],
  AuditTampered: () => ["An audit or ledger entry was tampered with", "no"],
};

/** Lists events in the view, and calls `onRolloutChange` when the rollout has changed. Only the local stack has a feed. */
export function showEventFeed(root, onRolloutChange) {
  const slot = slots(root);
  if (isConsole()) return slot("feed-state").closest("section").remove();
  const openedAt = Date.now();
  listen({
    filter: { last_event_id: "0" },
    onEvent: (type, detail) => {
      slot("no-events").hidden = true;
      slot("events").prepend(row(type, detail));
      while (slot("events").childElementCount > MAX_EVENTS) slot("events").lastElementChild.remove();
      // The page has already read what events from before it was opened changed.
      if (ROLLOUT_EVENTS.includes(type) && occurredAfter(detail, openedAt)) onRolloutChange();
    },
    onConnection: (isConnected) => {
      slot("feed-state").textContent = isConnected ? "Live" : "Not connected";
      slot("feed-state").className = `badge ${isConnected ? "yes" : "off"}`;
    },
  });
}

/** Where an event leads: to its payment, its creator or its wave. A change of the rollout is shown where the feed is. */
function address({ payment_id: payment, creator_id: creator, wave }) {
  if (payment) return paymentAddress(payment);
  if (creator) return `#/creators/${encodeURIComponent(creator)}`;
  return wave ? `#/waves/${encodeURIComponent(wave)}` : null;
}

function row(type, detail) {
  // A type that a later release adds is named as it is.
  const [sentence, tone] = SENTENCES[type]?.(detail) ?? [type, "off"];
  const href = address(detail);
  return element(
    "li",
    { class: `event ${tone}`, "data-testid": `event-${type}` },
    element("p", {}, href ? element("a", { href }, sentence) : sentence),
    element("p", { class: "hint" }, timeOfDay(detail.occurred_at), detail.payment_id && detail.wave && " · wave ", detail.payment_id && detail.wave && userLink("waves", detail.wave)),
  );
}
