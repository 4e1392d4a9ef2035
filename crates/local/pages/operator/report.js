// What a wave has come to: its plots, brought up to date while the page is open.

import { attempt, element, moment } from "/elements.js";
import { formatMoney } from "/money.js";
import { bars, line } from "/plot.js";
import { formatRate } from "/rates.js";
import { isShown, slots } from "/view.js";
import { waveReport } from "/operator/calls.js";
import { neverHalts } from "/operator/words.js";

const REFRESH_MS = 3_000;
const MOST_SAMPLES = 400;
const BEST_RATING = 5;

/** Fills the part of the view that is called "report", now and as long as it is shown. `wave()` is the wave by then. */
export async function showReport(root, wave) {
  const part = slots(root)("report");
  const samples = [];
  const look = async () => {
    const { body } = await waveReport(wave().name);
    if (!isShown(part)) return;
    samples.push({ at: Date.now(), report: body });
    if (samples.length > MOST_SAMPLES) samples.shift();
    fillReport(part, wave().halt, samples);
  };
  await attempt(part, look);
  const timer = setInterval(() => {
    if (isShown(part)) attempt(part, look);
    else clearInterval(timer);
  }, REFRESH_MS);
}

function fillReport(part, halt, samples) {
  const { report } = samples.at(-1);
  const slot = slots(part);
  slot("plots").replaceChildren(
    funnel(report),
    payments(report),
    rates(report, halt),
    ratings(report.feedback),
    ...(samples.length > 1 ? [overTime(samples)] : []),
  );
  const texts = report.feedback.items.filter((each) => each.text !== null);
  slot("texts").replaceChildren(...texts.map(feedbackRow));
  slot("texts-part").hidden = texts.length === 0;
}

const funnel = ({ invited, onboarded, first_payment: paid }) =>
  bars({
    title: "Creators",
    rows: [
      { label: "On its list", value: invited, text: String(invited) },
      { label: "Of them onboarded", value: onboarded, text: String(onboarded) },
      { label: "Had a first payment", value: paid, text: String(paid), tone: "good" },
    ],
  });

/** Money of different currencies is never on one scale: it is told, and not drawn. */
function payments({ payments: settled, charges, failed_charges: failed, volume }) {
  const totals = volume.map(({ amount, currency }) => formatMoney(amount, currency)).join(", ");
  return bars({
    title: "Payments",
    note: totals && `${totals} reached creators`,
    rows: [
      { label: "Settled", value: settled, text: String(settled), tone: "good" },
      { label: "Tries to charge a card", value: charges, text: String(charges) },
      { label: "Of them failed", value: failed, text: String(failed), tone: "bad" },
    ],
  });
}

function rates({ since_resumed: { dispute_rate_ppm: disputed, failure_rate_ppm: failed } }, halt) {
  const limits = neverHalts(halt) ? null : halt;
  const row = (label, rate, limit) => ({
    label,
    value: rate ?? 0,
    text: `${rate === null ? "none yet" : formatRate(rate)}${limit === undefined ? "" : ` · limit ${formatRate(limit)}`}`,
    mark: limit,
    // Each has a scale of its own, on which the limit is in sight: one disputed payment in a hundred is many.
    most: Math.max(1, Math.ceil((Math.max(rate ?? 0, limit ?? 0) * 5) / 4)),
    tone: limit !== undefined && rate > limit ? "bad" : "plain",
  });
  return bars({
    title: "Rates",
    note: limits ? `since it last went on; they count from ${limits.min_payments} payments on` : "no thresholds",
    rows: [
      row("Disputed payments", disputed, limits?.dispute_rate_ppm),
      row("Failed tries", failed, limits?.failure_rate_ppm),
    ],
  });
}

function ratings({ count, average_hundredths: average, items }) {
  const given = (rating) => items.filter((each) => each.rating === rating).length;
  const stars = Array.from({ length: BEST_RATING }, (_, index) => BEST_RATING - index);
  const latest = items.length < count ? ` The latest ${items.length}:` : "";
  return bars({
    title: "Feedback",
    note: average === null ? "none yet" : `${hundredths(average)} of ${BEST_RATING} from ${count}.${latest}`,
    rows: stars.map((rating) => ({ label: String(rating), value: given(rating), text: String(given(rating)), tone: "good" })),
  });
}

const hundredths = (number) => `${Math.trunc(number / 100)}.${String(number % 100).padStart(2, "0")}`;

const overTime = (samples) =>
  line({
    title: "Settled payments",
    note: "since this page was opened",
    points: samples.map(({ at, report }) => ({ at, value: report.payments })),
    describe: String,
  });

const feedbackRow = ({ rating, text, given_at: at }) =>
  element("li", {}, element("p", { class: "said" }, text), element("p", { class: "hint" }, `${rating} of ${BEST_RATING} · `, moment(at)));
