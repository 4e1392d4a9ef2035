// Step 1: the amount. The page shows the fee and the total before the sender continues.

import { currentSender } from "/api.js";
import { startAttempt } from "/attempts.js";
import { decimalText, formatMoney, parseAmount } from "/money.js";
import { loadTerms, profileAddress } from "/profile.js";
import { liveQuote } from "/quote.js";
import { fieldError, fill, instantiate, isShown, show, slots } from "/view.js";

const DEBOUNCE_MS = 250;
const NO_AMOUNT = "Choose an amount to see the total.";
const QUOTING = "Calculating the total…";

export async function showAmount(creator) {
  const terms = await loadTerms(creator, () => showAmount(creator));
  if (!terms) return;
  if (!terms.can_receive) return location.replace(profileAddress(creator));
  const root = instantiate("amount-view");
  const { currency } = terms;
  fill(root, {
    creator,
    "quote-note": NO_AMOUNT,
    "quote-creator": creator,
    "anonymous-creator": creator,
    currency: currency.toUpperCase(),
    limits: `From ${formatMoney(terms.min_amount, currency)} to ${formatMoney(terms.max_amount, currency)}.`,
  });
  slots(root)("back").href = profileAddress(creator);
  limitMessage(root, terms.message_max_length);
  const quotes = liveQuote({
    creator,
    currency,
    isWanted: () => isShown(root),
    onQuote: (quote) => showQuote(root, quote),
    onProblem: (error) => showQuoteProblem(root, error, quotes, readAmount(root, terms).amount),
  });
  wireAmount(root, terms, quotes);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(root, creator, terms, quotes);
  });
  show(root);
}

function limitMessage(root, maxLength) {
  const { message } = root.elements;
  // The limit counts characters. A browser's maxlength counts UTF-16 units, of which a character has at most two.
  message.maxLength = maxLength * 2;
  const update = () => {
    const typed = [...message.value];
    if (typed.length > maxLength) message.value = typed.slice(0, maxLength).join("");
    const left = maxLength - Math.min(typed.length, maxLength);
    fill(root, { "message-count": `${left} characters left` });
  };
  message.addEventListener("input", update);
  update();
}

function readAmount(root, terms) {
  const parsed = parseAmount(root.elements.amount.value, terms.currency);
  if (parsed.error) return parsed;
  const money = (amount) => formatMoney(amount, terms.currency);
  if (parsed.amount < terms.min_amount) return { error: `The minimum amount is ${money(terms.min_amount)}.` };
  if (parsed.amount > terms.max_amount) return { error: `The maximum amount is ${money(terms.max_amount)}.` };
  return parsed;
}

function wireAmount(root, terms, quotes) {
  const input = root.elements.amount;
  const chips = (terms.presets ?? []).map((preset) => presetChip(preset, terms.currency));
  const update = (delayMs) => {
    const { amount, error } = readAmount(root, terms);
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.value === String(amount)));
    // Only Continue marks the field as wrong. Marking it on blur would move the button while it is tapped.
    if (!error) fieldError(input, "");
    quotes.ask(error ? null : amount, delayMs);
    showQuoteNote(root, input.value.trim() === "" ? NO_AMOUNT : error ?? QUOTING);
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      input.value = decimalText(Number(chip.value), terms.currency);
      update(0);
    });
  }
  slots(root)("presets").replaceChildren(...chips);
  slots(root)("preset-group").hidden = chips.length === 0;
  input.addEventListener("input", () => update(DEBOUNCE_MS));
}

function presetChip(amount, currency) {
  const chip = document.createElement("button");
  chip.type = "button";
  chip.className = "chip";
  chip.value = String(amount);
  chip.textContent = formatMoney(amount, currency);
  chip.setAttribute("aria-pressed", "false");
  return chip;
}

function showQuoteNote(root, text) {
  const slot = slots(root);
  slot("quote-note").textContent = text;
  slot("quote-note").hidden = false;
  slot("sums").hidden = true;
}

function showQuote(root, { amount, processing_fee, total, currency }) {
  const slot = slots(root);
  fill(root, {
    "quote-amount": formatMoney(amount, currency),
    "quote-fee": formatMoney(processing_fee, currency),
    "quote-total": formatMoney(total, currency),
  });
  slot("quote-note").hidden = true;
  slot("sums").hidden = false;
}

function showQuoteProblem(root, error, quotes, amount) {
  const sentences = [error.message, ...(error.reasons ?? []).map((reason) => reason.message)];
  showQuoteNote(root, [...new Set(sentences)].filter(Boolean).join(" "));
  const retry = document.createElement("button");
  retry.type = "button";
  retry.className = "link";
  retry.id = "quote-retry";
  retry.textContent = "Try again";
  retry.addEventListener("click", () => {
    showQuoteNote(root, QUOTING);
    quotes.ask(amount, 0);
    root.elements.amount.focus();
  });
  slots(root)("quote-note").append(" ", retry);
}

function submit(root, creator, terms, quotes) {
  const { amount: input, message, anonymous } = root.elements;
  const { amount, error } = readAmount(root, terms);
  fieldError(input, error ?? "");
  if (error) return input.focus();
  const quote = quotes.current(amount);
  if (!quote) {
    // The sender sees the total before continuing: quote it now, and let them continue then.
    showQuoteNote(root, QUOTING);
    return quotes.ask(amount, 0);
  }
  const body = { creator_id: creator, amount, currency: terms.currency, quote: quote.quote, saved_cards: "web" };
  if (message.value.trim() !== "") body.message = message.value.trim();
  if (anonymous.checked) body.anonymous = true;
  startAttempt(currentSender(), creator, body, { amount, total: quote.total, currency: terms.currency });
  location.hash = `${profileAddress(creator)}/pay`;
}
