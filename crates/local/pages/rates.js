// Rates are in parts per million, shown and typed as percentages. Conversion works on the digits, without floats.

const PPM_PER_PERCENT_DIGITS = 4;
const MAX_PPM = 1_000_000;

/** 15,000 ppm as "1.5%". */
export function formatRate(ppm) {
  const digits = String(ppm).padStart(PPM_PER_PERCENT_DIGITS + 1, "0");
  const whole = digits.slice(0, -PPM_PER_PERCENT_DIGITS);
  const fraction = digits.slice(-PPM_PER_PERCENT_DIGITS).replace(/0+$/, "");
  return `${whole}${fraction === "" ? "" : `.${fraction}`}%`;
}

/** A rate without the percent sign, for a field. */
export const rateText = (ppm) => formatRate(ppm).replace("%", "");

/** Parses a typed percentage: `{ ppm }`, or `{ error }` with a sentence to show. */
export function parseRate(typed) {
  const parts = /^(\d{1,3})(?:[.,](\d{1,4}))?\s*%?$/.exec(typed.trim());
  if (!parts) return { error: "Enter a percentage, for example 1 or 0.75." };
  const ppm = Number.parseInt(parts[1] + (parts[2] ?? "").padEnd(PPM_PER_PERCENT_DIGITS, "0"), 10);
  return ppm > MAX_PPM ? { error: "The maximum is 100%." } : { ppm };
}

/** Parses a whole percentage from 0 to 100: `{ percentage }`, or `{ error }`. */
export function parsePercentage(typed) {
  const digits = /^\d{1,3}$/.exec(typed.trim())?.[0];
  const percentage = Number.parseInt(digits ?? "", 10);
  return digits && percentage <= 100 ? { percentage } : { error: "Enter a whole number from 0 to 100." };
}
