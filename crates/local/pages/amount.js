// Step 1: the amount, with the fee and the total on the page before anything else happens.

import { currentSender } from "/api.js";
import { startAttempt } from "/attempts.js";
import { decimalText, formatMoney, parseAmount } from "/money.js";
import { loadTerms, profileAddress } from "/profile.js";
import { liveQuote } from "/quote.js";
import { fieldError, fill, instantiate, isShown, show, slots } from "/view.js";

const TYPING_PAUSE_MS = 250;
const NO_AMOUNT = "Choose an amount to see the total.";
const WORKING = "Working out the total…";

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
  // The limit counts characters; a browser's own maxlength counts UTF-16 units, so it may only be the coarse one.
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
  if (parsed.amount < terms.min_amount) return { error: `The smallest amount is ${money(terms.min_amount)}.` };
  if (parsed.amount > terms.max_amount) return { error: `The largest amount is ${money(terms.max_amount)}.` };
  return parsed;
}

function wireAmount(root, terms, quotes) {
  const input = root.elements.amount;
  const chips = (terms.presets ?? []).map((preset) => presetChip(preset, terms.currency));
  const update = (delayMs) => {
    const { amount, error } = readAmount(root, terms);
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.value === String(amount)));
    // The field itself is marked wrong on Continue only. Marking it on blur would move the button under a finger.
    if (!error) fieldError(input, "");
    quotes.ask(error ? null : amount, delayMs);
    noteQuote(root, input.value.trim() === "" ? NO_AMOUNT : error ?? WORKING);
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      input.value = decimalText(Number(chip.value), terms.currency);
      update(0);
    });
  }
  slots(root)("presets").replaceChildren(...chips);
  slots(root)("preset-group").hidden = chips.length === 0;
  input.addEventListener("input", () => update(TYPING_PAUSE_MS));
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

function noteQuote(root, text) {
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
  const words = [error.message, ...(error.reasons ?? []).map((reason) => reason.message)];
  noteQuote(root, [...new Set(words)].filter(Boolean).join(" "));
  const again = document.createElement("button");
  again.type = "button";
  again.className = "link";
  again.id = "quote-retry";
  again.textContent = "Try again";
  again.addEventListener("click", () => {
    noteQuote(root, WORKING);
    quotes.ask(amount, 0);
    root.elements.amount.focus();
  });
  slots(root)("quote-note").append(" ", again);
}

function submit(root, creator, terms, quotes) {
  const { amount: input, message, anonymous } = root.elements;
  const { amount, error } = readAmount(root, terms);
  fieldError(input, error ?? "");
  if (error) return input.focus();
  const quote = quotes.current(amount);
  if (!quote) {
    // Nobody continues to a total that they have not seen: show it (again) and let them decide.
    noteQuote(root, WORKING);
    return quotes.ask(amount, 0);
  }
  const body = { creator_id: creator, amount, currency: terms.currency, quote: quote.quote };
  if (message.value.trim() !== "") body.message = message.value.trim();
  if (anonymous.checked) body.anonymous = true;
  startAttempt(currentSender(), creator, body, { amount, total: quote.total, currency: terms.currency });
  location.hash = `${profileAddress(creator)}/pay`;
}
