// Each attempt to pay has one idempotency key. The browser keeps the key and the exact body until the payment ends, so
// a retry, a reload or a reopened tab repeats the same payment and never creates a second one. Card data and client
// secrets are not kept.

import { newKey } from "/keys.js";

const slot = (sender, creator) => `send-money/attempt/${sender}/${creator}`;

export function unfinishedAttempt(sender, creator) {
  try {
    const attempt = JSON.parse(localStorage.getItem(slot(sender, creator)));
    return attempt?.key && attempt?.body ? attempt : null;
  } catch {
    return null;
  }
}

/** `shown` is what the sender agreed to (`amount`, `total`, `currency`), to be shown again later. */
export function startAttempt(sender, creator, body, shown) {
  const attempt = { key: newKey(), body, shown };
  localStorage.setItem(slot(sender, creator), JSON.stringify(attempt));
  return attempt;
}

/**
 * Keeps what is learned of an attempt: `paymentId`, and `isSent` once Stripe has taken the card, from when on the sender is told
 * to wait and not to pay again.
 */
export function updateAttempt(sender, creator, learned) {
  const attempt = unfinishedAttempt(sender, creator);
  if (attempt) localStorage.setItem(slot(sender, creator), JSON.stringify({ ...attempt, ...learned }));
}

export function endAttempt(sender, creator) {
  localStorage.removeItem(slot(sender, creator));
}
