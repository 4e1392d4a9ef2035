// Numbers as people type them: "$12", "12,50", "1 234,50", "1.000". Only text is handled here; nothing becomes a float.

const SPACES = " '’\u00a0\u2009\u202f";
const SEPARATOR = new RegExp(`[.,${SPACES}]`, "g");

/** The separators of a language: Latin digits, for that is what the field takes. */
function separatorsOf(language) {
  const parts = new Intl.NumberFormat(language, { numberingSystem: "latn" }).formatToParts(1_234_567.8);
  const of = (type) => parts.find((part) => part.type === type)?.value;
  return { group: of("group"), decimal: of("decimal") };
}

/** The names of a currency that may stand beside its amount, longest first: "US$", "USD", "$". */
function namesOf(currency, language) {
  const code = currency.toUpperCase();
  const names = [language, "en-US", "en-CA"].flatMap((place) =>
    ["symbol", "narrowSymbol", "code"].map((currencyDisplay) =>
      new Intl.NumberFormat(place, { style: "currency", currency: code, currencyDisplay })
        .formatToParts(1)
        .find(({ type }) => type === "currency").value));
  return [...new Set(names)].sort((one, other) => other.length - one.length);
}

/** The typed text without spaces around it and without the name of this currency; another currency's name stays. */
export function withoutCurrency(typed, currency, language) {
  const text = typed.trim();
  const upper = text.toUpperCase();
  for (const name of namesOf(currency, language)) {
    if (upper.startsWith(name.toUpperCase())) return text.slice(name.length).trim();
    if (upper.endsWith(name.toUpperCase())) return text.slice(0, -name.length).trim();
  }
  return text;
}

/**
 * The digits of a number before and after its decimal separator, `{ whole, fraction }`, or null if it is none. A single dot or
 * comma before exactly three digits groups them where the language does so, unless the currency has three decimals.
 */
export function splitNumber(text, exponent, language) {
  const marks = text.match(SEPARATOR) ?? [];
  const last = marks.at(-1);
  const end = last === undefined ? text.length : text.lastIndexOf(last);
  const isDecimal = last !== undefined && !SPACES.includes(last) && marks.filter((mark) => mark === last).length === 1 &&
    (marks.length > 1 || text.length - end - 1 !== 3 || exponent === 3 || last !== separatorsOf(language).group);
  const whole = isDecimal ? text.slice(0, end) : text;
  const fraction = isDecimal ? text.slice(end + 1) : "";
  const groups = whole.split(SEPARATOR);
  const isGrouped = groups.length === 1 ||
    (new Set(whole.match(SEPARATOR)).size === 1 && groups[0].length <= 3 && groups.slice(1).every((group) => group.length === 3));
  const digits = groups.join("");
  if (!isGrouped || !/^\d*$/.test(digits + fraction) || digits + fraction === "") return null;
  if (groups.length > 1 && groups[0] === "") return null;
  return { whole: digits || "0", fraction };
}
