// The quote for the amount on the page: requested shortly after the last keystroke, renewed before it expires, and
// shown only for the amount that it was made for.

import { createQuote } from "/api.js";

const EXPIRY_MARGIN_MS = 3_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `onQuote(quote)` and `onProblem(error)` are called for the latest amount only, while `isWanted()`. */
export function liveQuote({ creator, currency, isWanted, onQuote, onProblem }) {
  let wanted = null;
  let quote = null;
  let timer;

  async function fetchQuote() {
    const amount = wanted;
    try {
      const answer = await createQuote({ creator_id: creator, amount, currency });
      if (amount !== wanted || !isWanted()) return;
      quote = answer;
      const remaining = Date.parse(quote.expires_at) - Date.now() - EXPIRY_MARGIN_MS;
      clearTimeout(timer);
      timer = setTimeout(() => isWanted() && fetchQuote(), Math.min(Math.max(remaining, 1_000), LONGEST_TIMER_MS));
      onQuote(quote);
    } catch (error) {
      if (amount === wanted && isWanted()) onProblem(error);
    }
  }

  return {
    /** Requests a quote for `amount` after `delayMs`, unless another amount follows; null discards the quote. */
    ask(amount, delayMs) {
      clearTimeout(timer);
      if (amount !== wanted) quote = null;
      wanted = amount;
      if (amount !== null) timer = setTimeout(fetchQuote, delayMs);
    },
    /** The unexpired quote for `amount`, or null. */
    current(amount) {
      if (quote === null || wanted !== amount) return null;
      return Date.parse(quote.expires_at) > Date.now() ? quote : null;
    },
  };
}
