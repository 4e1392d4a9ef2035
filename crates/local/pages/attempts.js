// One intent to pay has one idempotency key. The key and the exact body are kept until the payment ends, so
// that a retry, a reload or a closed tab repeats the same payment and never makes a second one. No card data
// and no client secret is kept here.

const slot = (sender, creator) => `send-money/attempt/${sender}/${creator}`;

export function unfinishedAttempt(sender, creator) {
  try {
    const attempt = JSON.parse(localStorage.getItem(slot(sender, creator)));
    return attempt?.key && attempt?.body ? attempt : null;
  } catch {
    return null;
  }
}

/** `shown` is what the sender agreed to (`amount`, `total`, `currency`), for words on the page. */
export function startAttempt(sender, creator, body, shown) {
  const attempt = { key: crypto.randomUUID(), body, shown };
  localStorage.setItem(slot(sender, creator), JSON.stringify(attempt));
  return attempt;
}

export function endAttempt(sender, creator) {
  localStorage.removeItem(slot(sender, creator));
}
