// The local stack's server-sent events: the same events that EventBridge gets in AWS.

/** An EventSource only delivers types that have a listener. */
const TYPES = [
  "PaymentSettled", "PaymentCanceled", "PaymentRefunded", "RefundFailed", "DisputeOpened", "DisputeClosed",
  "DisputeWithdrawn", "DisputeReinstated", "FraudWarningReceived", "FeedbackGiven", "ReceivingChanged", "RolloutChanged", "WaveChanged", "WaveHalted", "AuditTampered",
];

/** Event times are whole seconds, and clocks differ. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Whether an event occurred after `openedAt` (milliseconds); older events are replayed to a page that opens later. */
export const occurredAfter = ({ occurred_at: at }, openedAt) => Date.parse(at) + CLOCK_TOLERANCE_MS >= openedAt;

/** A page shows one view at a time, so one connection is enough; browsers allow only a few. */
let source = null;
let hasFeed = true;

/** For a page without the local stack: a deployment's events go to EventBridge, and not to pages. */
export function withoutFeed() {
  hasFeed = false;
}

/**
 * Calls `onEvent(type, detail)` once for each event, until the page listens again or stops listening. `filter` is the
 * query, for example `{ creator_id }`; `onConnection(isConnected)` reports the connection.
 */
export function listen({ filter = {}, onEvent, onConnection = () => {} }) {
  stopListening();
  if (!hasFeed) return;
  const query = new URLSearchParams(filter).toString();
  source = new EventSource(`/local/events${query ? `?${query}` : ""}`);
  // Delivery is at least once; the id identifies repeats.
  const seen = new Set();
  for (const type of TYPES) {
    source.addEventListener(type, (message) => {
      const { detail } = JSON.parse(message.data);
      if (seen.has(detail.event_id)) return;
      seen.add(detail.event_id);
      onEvent(type, detail);
    });
  }
  source.addEventListener("open", () => onConnection(true));
  source.addEventListener("error", () => onConnection(false));
}

export function stopListening() {
  source?.close();
  source = null;
}
