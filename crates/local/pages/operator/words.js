// The API's codes in an operator's words. A code that is new here is shown as it is.

import { badge } from "/elements.js";
import { formatRate } from "/rates.js";

const plain = (code) => String(code).replaceAll("_", " ");

const WAVE_STATES = {
  open: ["Open", "yes"],
  not_started: ["Not started", "wait"],
  halted: ["Halted", "no"],
  rolled_back: ["Rolled back", "off"],
};

export function waveBadge(state) {
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
  undenied: ["is denied no more", "wait"],
  stays: ["stays in the wave", "off"],
  unchanged: ["nothing changes", "off"],
};
export const effect = (code) => EFFECTS[code]?.[0] ?? plain(code);
export const effectTone = (code) => EFFECTS[code]?.[1] ?? "off";

/** Who may receive from whom, and how much, is asked of each payment: about a creator alone these say nothing. */
const OF_A_PAYMENT = [
  "unavailable_to_you", "self_payment", "currency_mismatch", "amount_below_minimum", "amount_above_maximum", "sender_limit", "sender_held",
];
export const isOfAPayment = (code) => OF_A_PAYMENT.includes(code);

const RULES = {
  paused: "Receiving is not stopped for everyone",
  not_in_a_wave: "Enabled, in a wave, or within the percentage",
  wave_not_started: "The wave has started",
  wave_halted: "The wave is not halted",
  disabled_by_operator: "Not disabled, and denied by no wave",
  no_account: "Has a connected account",
  account_restricted: "Stripe lets the account be paid",
  country_unsupported: "The account’s country is open",
  unavailable_to_you: "Has not blocked the sender",
  self_payment: "Is not the sender",
  currency_mismatch: "The currency is the creator’s",
  amount_below_minimum: "The amount is large enough",
  amount_above_maximum: "The amount is not too large",
  sender_limit: "The sender is within the limits",
  sender_held: "The sender is not held",
};
export const rule = (code) => RULES[code] ?? plain(code);

const ADMISSIONS = {
  operator: "An operator enabled them.",
  percentage: "They are within the rollout’s percentage.",
};
export function admission(admittedBy) {
  if (!admittedBy) return "Nothing admits them: no operator, no percentage and no wave.";
  if (admittedBy.by === "wave") return `The wave ${admittedBy.wave} admits them.`;
  return ADMISSIONS[admittedBy.by] ?? plain(admittedBy.by);
}

const ALL = 1_000_000;

/** Rates that nothing is above: how a rule says "never". */
export const neverHalts = (halt) => !halt || (halt.dispute_rate_ppm >= ALL && halt.failure_rate_ppm >= ALL);

export function haltRule(halt) {
  if (neverHalts(halt)) return "Never by itself";
  const { dispute_rate_ppm, failure_rate_ppm, min_payments } = halt;
  return `Above ${formatRate(dispute_rate_ppm)} disputed or ${formatRate(failure_rate_ppm)} failed, from ${min_payments} payments on`;
}

const LISTS = { add: "Put on the list", remove: "Taken off the lists", deny: "Denied" };
const MOST_NAMED = 12;

/** What a new wave's rule has anyway is no news. */
const AS_NEW = ["0", "false"];

/** The changes of an audit entry or of a rule, for example "percentage: 0 → 10". */
export const changes = (all) => all.filter(({ from, to }) => from !== null || !AS_NEW.includes(to)).map(change);

function change({ field, from, to }) {
  const list = LISTS[field];
  if (list) return `${list}: ${few(to ?? "")}`;
  return inPercent(`${plain(field)}: ${few(from ?? "nothing")} → ${few(to ?? "nothing")}`);
}

/** Rates as people write them: "dispute_rate_ppm 7500" and "7500 ppm" are how records have them. */
export const inPercent = (text) =>
  text
    .replaceAll(/(dispute|failure)_rate_ppm (\d+)/g, (_, rate, ppm) => `${rate} rate ${formatRate(ppm)}`)
    .replaceAll("min_payments", "payments at least")
    .replaceAll(/\b(\d+) ppm\b/g, (_, ppm) => formatRate(ppm));

/** A list of names that can be a thousand long, cut to what somebody reads. */
function few(text) {
  const names = text.split(", ");
  const left = names.length - MOST_NAMED;
  return left <= 0 ? text : `${names.slice(0, MOST_NAMED).join(", ")} and ${left} more`;
}
