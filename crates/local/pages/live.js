// What happens, as it happens: the events that AWS's EventBridge would get, as server-sent events of the local stack.

/** The types of events that this page knows; a browser hands on only those that it is told of. */
const TYPES = [
  "PaymentSettled", "PaymentCanceled", "PaymentRefunded", "RefundFailed", "DisputeOpened", "DisputeClosed",
  "DisputeWithdrawn", "DisputeReinstated", "ReceivingChanged", "RolloutChanged", "WaveChanged", "WaveHalted", "AuditTampered",
];

/** Events are dated to the second, and clocks differ. */
const DATED_WITHIN_MS = 2_000;

/** Whether an event is of later than `openedAt` (milliseconds), and no old one that is told again. */
export const isNews = ({ occurred_at: at }, openedAt) => Date.parse(at) + DATED_WITHIN_MS >= openedAt;

/** A page shows one view at a time, and so listens once at most: connections are few. */
let present = null;

/**
 * Tells `heard(type, detail)` of every event, each once, until the page listens to something else or to nothing. `filter`
 * is the query (`{ creator_id }` for one creator's alone), `connected(yes)` says whether the feed is there.
 */
export function listen({ filter = {}, heard, connected = () => {} }) {
  hush();
  const query = new URLSearchParams(filter).toString();
  const feed = new EventSource(`/local/events${query ? `?${query}` : ""}`);
  // At least once is what is promised: the id tells repeated deliveries.
  const known = new Set();
  for (const type of TYPES) {
    feed.addEventListener(type, (message) => {
      const { detail } = JSON.parse(message.data);
      if (known.has(detail.event_id)) return;
      known.add(detail.event_id);
      heard(type, detail);
    });
  }
  feed.addEventListener("open", () => connected(true));
  feed.addEventListener("error", () => connected(false));
  present = feed;
}

export function hush() {
  present?.close();
  present = null;
}
