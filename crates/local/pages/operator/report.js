// A wave's report as charts, updated while the page is open.

import { element, moment } from "/elements.js";
import { attempt } from "/forms.js";
import { formatMoney } from "/money.js";
import { bars, line } from "/charts.js";
import { formatRate } from "/rates.js";
import { isShown, slots } from "/view.js";
import { waveReport } from "/operator/api.js";
import { neverHalts } from "/operator/labels.js";

const REFRESH_MS = 3_000;
const MAX_SAMPLES = 400;
const MAX_RATING = 5;

/** Fills the view's "report" section, and updates it as long as it is shown. `wave()` returns the current wave. */
export async function showReport(root, wave) {
  const part = slots(root)("report");
  const samples = [];
  const load = async () => {
    const { body } = await waveReport(wave().name);
    if (!isShown(part)) return;
    samples.push({ at: Date.now(), report: body });
    if (samples.length > MAX_SAMPLES) samples.shift();
    fillReport(part, wave().halt, samples);
  };
  await attempt(part, load);
  const timer = setInterval(() => {
    if (isShown(part)) attempt(part, load);
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
      { label: "Onboarded", value: onboarded, text: String(onboarded) },
      { label: "Received a payment", value: paid, text: String(paid), tone: "good" },
    ],
  });

/** Amounts in different currencies have no common scale, so they are text. */
function payments({ payments: settled, charges, failed_charges: failed, warned_payments: warned, volume }) {
  const totals = volume.map(({ amount, currency }) => formatMoney(amount, currency)).join(", ");
  return bars({
    title: "Payments",
    note: totals && `${totals} received by creators`,
    rows: [
      { label: "Settled", value: settled, text: String(settled), tone: "good" },
      { label: "Charge attempts", value: charges, text: String(charges) },
      { label: "Failed charges", value: failed, text: String(failed), tone: "bad" },
      { label: "Fraud warnings", value: warned, text: String(warned), tone: "bad" },
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
    // Each rate has its own scale, on which its limit is visible: 1% is a high dispute rate.
    most: Math.max(1, Math.ceil((Math.max(rate ?? 0, limit ?? 0) * 5) / 4)),
    tone: limit !== undefined && rate > limit ? "bad" : "plain",
  });
  return bars({
    title: "Rates",
    note: limits ? `since last resumed; limits apply from ${limits.min_payments} payments` : "no limits",
    rows: [
      row("Disputed payments", disputed, limits?.dispute_rate_ppm),
      row("Failed charges", failed, limits?.failure_rate_ppm),
    ],
  });
}

function ratings({ count, average_hundredths: average, items }) {
  const given = (rating) => items.filter((each) => each.rating === rating).length;
  const stars = Array.from({ length: MAX_RATING }, (_, index) => MAX_RATING - index);
  const latest = items.length < count ? ` The latest ${items.length}:` : "";
  return bars({
    title: "Feedback",
    note: average === null ? "none yet" : `${hundredths(average)} of ${MAX_RATING} from ${count} ${count === 1 ? "rating" : "ratings"}.${latest}`,
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
  element("li", {}, element("p", { class: "said" }, text), element("p", { class: "hint" }, `${rating} of ${MAX_RATING} · `, moment(at)));
