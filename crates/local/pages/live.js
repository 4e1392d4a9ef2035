// What happens, as it happens: the events that AWS's EventBridge would get, as server-sent events of the local stack.

/** The types of events that this page knows; a browser hands on only those that it is told of. */
const TYPES = [
  "PaymentSettled", "PaymentCanceled", "PaymentRefunded", "RefundFailed", "DisputeOpened", "DisputeClosed",
  "DisputeWithdrawn", "DisputeReinstated", "ReceivingChanged", "RolloutChanged", "WaveChanged", "WaveHalted", "AuditTampered",
];

/**
 * Tells `heard(type, detail)` of every event, each once, until `stop()` of the answer. `filter` is the query
 * (`{ creator_id }` for one creator's alone), `connected(yes)` says whether the feed is there.
 */
export function listen({ filter = {}, heard, connected = () => {} }) {
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
  return { stop: () => feed.close() };
}
