// Amounts are integers in Stripe's minor units. Typed amounts are parsed as text, digit by digit: a float would turn
// 1.15 into 114.99999999999999 minor units.
// Source of the table: docs.stripe.com/currencies (ISO 4217's own exponents differ for ISK and UGX).

import { splitNumber, withoutCurrency } from "/typed_number.js";

const ZERO_DECIMAL = new Set(
  "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "),
);
const THREE_DECIMAL = new Set("bhd jod kwd omr tnd".split(" "));
const WHOLE_UNITS_ONLY = new Set(["isk", "ugx"]);

/** `exponent`: decimals in minor units. `step`: every charged amount is a multiple of it. */
export function currencyRules(currency) {
  if (ZERO_DECIMAL.has(currency)) return { exponent: 0, step: 1 };
  if (THREE_DECIMAL.has(currency)) return { exponent: 3, step: 10 };
  if (WHOLE_UNITS_ONLY.has(currency)) return { exponent: 2, step: 100 };
  return { exponent: 2, step: 1 };
}

/** The decimal text of an amount, for example "10.50", or "12" if the currency is only paid in whole units. */
export function decimalText(amount, currency) {
  const { exponent, step } = currencyRules(currency);
  const digits = String(amount).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = digits.slice(digits.length - exponent);
  return exponent === 0 || (step === 100 && fraction === "00") ? whole : `${whole}.${fraction}`;
}

/** An amount to show, for example "$10.50" or "¥500". */
export function formatMoney(amount, currency) {
  const text = decimalText(amount, currency);
  const decimals = text.split(".")[1]?.length ?? 0;
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(text);
}

/** An amount to type, in digits, as an example for a currency. */
function example(currency) {
  const { exponent, step } = currencyRules(currency);
  return exponent === 0 || step === 100 ? "500" : `10 or ${decimalText(1_050 * 10 ** (exponent - 2), currency)}`;
}

/**
 * Parses a typed amount: `{ amount }`, or `{ error }` with a sentence to show. The currency's own sign or code may be beside
 * the number, and `language` says which separator groups digits.
 */
export function parseAmount(typed, currency, language = navigator.language) {
  const { exponent, step } = currencyRules(currency);
  const text = withoutCurrency(typed, currency, language);
  if (text === "") return { error: "Enter an amount." };
  const parts = splitNumber(text, exponent, language);
  const name = currency.toUpperCase();
  if (!parts) return { error: `Enter the amount in ${name} in digits, for example ${example(currency)}.` };
  if (parts.fraction.length > exponent) {
    return {
      error: exponent === 0
        ? `${name} has no decimals: enter a whole number.`
        : `${name} has at most ${exponent} decimals.`,
    };
  }
  const digits = (parts.whole + parts.fraction.padEnd(exponent, "0")).replace(/^0+(?=\d)/, "");
  // More digits than Stripe accepts, and few enough for exact integers.
  if (digits.length > 12) return { error: "This amount is too large." };
  const amount = Number.parseInt(digits, 10);
  if (amount === 0) return { error: "Enter an amount greater than zero." };
  if (amount % step !== 0) {
    return {
      error: step === 100
        ? `${name} can only be sent in whole units: enter a whole number.`
        : `The last decimal of an amount in ${name} must be 0.`,
    };
  }
  return { amount };
}
