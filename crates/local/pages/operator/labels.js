// Labels for the API's codes. An unknown code is shown as it is.

import { badge } from "/elements.js";
import { formatRate } from "/rates.js";
import { isFarFuture, isHaltedByHand } from "/operator/halt_by_hand.js";

const plain = (code) => String(code).replaceAll("_", " ");

const WAVE_STATES = {
  open: ["Open", "yes"],
  not_started: ["Not started", "wait"],
  halted: ["Halted", "no"],
  rolled_back: ["Rolled back", "off"],
};

export function waveBadge(wave) {
  const { state } = wave;
  if (isHaltedByHand(wave)) return badge("Halted", "no");
  const [text, tone] = WAVE_STATES[state] ?? [plain(state), "off"];
  return badge(text, tone);
}

const STANDINGS = {
  denied: "denied",
  listed: "on its list",
  percentage: "within its percentage",
  outside: "not in it",
};
export const standing = (code) => STANDINGS[code] ?? plain(code);

const EFFECTS = {
  enters: ["enters the wave", "yes"],
  leaves: ["leaves the wave", "no"],
  denied: ["is denied", "no"],
  undenied: ["is no longer denied", "wait"],
  stays: ["stays in the wave", "off"],
  unchanged: ["nothing changes", "off"],
};
export const effect = (code) => EFFECTS[code]?.[0] ?? plain(code);
export const effectTone = (code) => EFFECTS[code]?.[1] ?? "off";

/** Rules that depend on the payment, so they say nothing about the creator alone. */
const PAYMENT_RULES = [
  "unavailable_to_you", "self_payment", "currency_unsupported", "currency_mismatch", "amount_below_minimum", "amount_above_maximum", "sender_limit", "sender_held",
];
export const isPaymentRule = (code) => PAYMENT_RULES.includes(code);

const RULES = {
  paused: "Receiving is not stopped for everyone",
  not_in_a_wave: "Enabled, in a wave, or within the general percentage",
  wave_not_started: "The wave has started",
  wave_halted: "The wave is not halted",
  disabled_by_operator: "Not disabled, and not denied by a wave",
  no_account: "Has a connected account",
  account_restricted: "Stripe allows payments to the account",
  country_unsupported: "The account’s country is supported",
  unavailable_to_you: "Has not blocked the sender",
  self_payment: "Is not the sender",
  currency_unsupported: "The currency has not ended",
  currency_mismatch: "The payment is in the creator’s currency",
  amount_below_minimum: "The amount is at least the minimum",
  amount_above_maximum: "The amount is at most the maximum",
  sender_limit: "The sender is within the limits",
  sender_held: "The sender is not on hold",
};
export const rule = (code) => RULES[code] ?? plain(code);

const ADMISSIONS = {
  operator: "An operator enabled them.",
  percentage: "They are within the general percentage.",
};
export function admission(admittedBy) {
  if (!admittedBy) return "Not admitted by an operator, the general percentage or a wave.";
  if (admittedBy.by === "wave") return `The wave ${admittedBy.wave} admits them.`;
  return ADMISSIONS[admittedBy.by] ?? plain(admittedBy.by);
}

const ALL = 1_000_000;

/** Whether a rule never halts its wave: no rate exceeds 100%. */
export const neverHalts = (halt) => !halt || (halt.dispute_rate_ppm >= ALL && halt.failure_rate_ppm >= ALL);

export function haltRule(halt) {
  if (neverHalts(halt)) return "Never automatically";
  const { dispute_rate_ppm, failure_rate_ppm, min_payments } = halt;
  return `Above ${formatRate(dispute_rate_ppm)} disputed or ${formatRate(failure_rate_ppm)} failed, from ${min_payments} payments`;
}

const LISTS = { lift: "No longer held by", add: "Added to the list", remove: "Removed from the lists", deny: "Denied" };
const FIELDS = { halt: "automatic halt" };
const MAX_NAMED = 12;

/** The values of a new wave's rule, which are not shown as changes. */
const INITIAL_VALUES = ["0", "false"];

/** The changes of an audit entry or of a rule, for example "percentage: 0 → 10". */
export const changeLines = (all) => all.filter(({ from, to }) => from !== null || !INITIAL_VALUES.includes(to)).map(changeLine);

function changeLine({ field, from, to }) {
  const list = LISTS[field];
  if (list) return `${list}: ${shorten(to ?? "")}`;
  if (field === "starts_at" && isFarFuture(to)) return "Halted by hand";
  if (field === "starts_at" && isFarFuture(from)) return "Resumed";
  return withPercentages(`${FIELDS[field] ?? plain(field)}: ${shorten(from ?? "none")} → ${shorten(to ?? "none")}`);
}

/** Shows rates as percentages; records have them as "dispute_rate_ppm 7500" or "7500 ppm". */
export const withPercentages = (text) =>
  text
    .replaceAll(/(dispute|failure)_rate_ppm (\d+)/g, (_, rate, ppm) => `${rate} rate ${formatRate(ppm)}`)
    .replaceAll("min_payments", "minimum payments")
    .replaceAll(/\b(\d+) ppm\b/g, (_, ppm) => formatRate(ppm));

/** A list of up to a thousand names, shortened. */
function shorten(text) {
  const names = text.split(", ");
  const left = names.length - MAX_NAMED;
  return left <= 0 ? text : `${names.slice(0, MAX_NAMED).join(", ")} and ${left} more`;
}
