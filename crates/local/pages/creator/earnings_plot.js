// What the creator received on each of the last 30 days, by currency.

import { readOrNull } from "/api.js";
import { columns } from "/charts.js";
import { localDate } from "/filters.js";
import { formatMoney } from "/money.js";
import { isShown, slots } from "/view.js";
import { payments } from "/creator/api.js";

const DAYS = 30;
/** A plot of more payments than these says that it shows the latest. */
const MAX_PAGES = 10;
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** The last days in the reader's time zone, oldest first. */
function lastDays() {
  const today = new Date();
  return Array.from({ length: DAYS }, (_, index) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - (DAYS - 1 - index)));
}

/** The payments since `from`, newest first, and whether there are more. */
async function paymentsSince(from) {
  const items = [];
  let cursor = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { body } = await payments({ from: from.toISOString(), limit: 100, ...(cursor === null ? {} : { cursor }) });
    items.push(...body.items);
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  return { items, hasMore: cursor !== null };
}

export async function fillPlot(root) {
  const plots = slots(root)("earnings-plots");
  const days = lastDays();
  const read = await readOrNull(() => paymentsSince(days[0]));
  if (read === null || !isShown(plots)) return;
  const currencies = [...new Set(read.items.map(({ currency }) => currency))].sort();
  plots.replaceChildren(...currencies.map((currency) => plot(currency, days, read)));
}

function plot(currency, days, { items, hasMore }) {
  const sums = new Map(days.map((day) => [localDate(day), 0]));
  for (const { currency: paidIn, amount, settled_at: at } of items) {
    const day = localDate(new Date(at));
    if (paidIn === currency && sums.has(day)) sums.set(day, sums.get(day) + amount);
  }
  const money = (amount) => formatMoney(amount, currency);
  return columns({
    title: `Received per day, ${currency.toUpperCase()}`,
    note: hasMore ? `the latest ${items.length} payments` : `the last ${DAYS} days`,
    points: days.map((day) => {
      const value = sums.get(localDate(day));
      return { label: DAY.format(day), value, text: money(value) };
    }),
    describe: money,
  });
}
