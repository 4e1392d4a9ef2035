// What a wave has come to: its plots, brought up to date while the page is open.

import { attempt, element, moment } from "/elements.js";
import { formatMoney } from "/money.js";
import { bars, line } from "/plot.js";
import { formatRate } from "/rates.js";
import { isShown, slots } from "/view.js";
import { waveReport } from "/operator/calls.js";
import { neverHalts } from "/operator/words.js";

const REFRESH_MS = 5_000;
const MOST_SAMPLES = 240;

/** Fills the part of the view that is called "report", now and as long as it is shown. */
export async function showReport(root, wave) {
  const part = slots(root)("report");
  const samples = [];
  const look = async () => {
    const { body } = await waveReport(wave.name);
    if (!isShown(part)) return;
    samples.push({ at: Date.now(), report: body });
    if (samples.length > MOST_SAMPLES) samples.shift();
    fillReport(part, wave, samples);
  };
  await attempt(part, look);
  const timer = setInterval(() => {
    if (isShown(part)) attempt(part, look);
    else clearInterval(timer);
  }, REFRESH_MS);
}

function fillReport(part, wave, samples) {
  const { report } = samples.at(-1);
  const slot = slots(part);
  slot("plots").replaceChildren(
    funnel(report),
    rates(report, wave.halt),
    ...volumes(report),
    ratings(report),
    ...(samples.length > 1 ? [overTime(samples)] : []),
  );
  const texts = report.feedback.latest.filter((each) => each.text);
  slot("texts").replaceChildren(...texts.map(feedbackRow));
  slot("texts-part").hidden = texts.length === 0;
}

const funnel = ({ invited, onboarded, first_payment: paid }) =>
  bars({
    title: "Creators",
    note: "who were named in the wave",
    rows: [
      { label: "Invited", value: invited, text: String(invited) },
      { label: "Onboarded", value: onboarded, text: String(onboarded) },
      { label: "Had a first payment", value: paid, text: String(paid), tone: "good" },
    ],
  });

function rates({ dispute_rate_ppm: disputed, failure_rate_ppm: failed }, halt) {
  const limits = neverHalts(halt) ? null : halt;
  const row = (label, rate, limit) => ({
    label,
    value: rate ?? 0,
    text: `${rate === null ? "none yet" : formatRate(rate)}${limit === undefined ? "" : ` · halts above ${formatRate(limit)}`}`,
    mark: limit,
    tone: limit !== undefined && rate !== null && rate > limit ? "bad" : "plain",
  });
  return bars({
    title: "Rates",
    note: limits ? `count from ${limits.min_payments} payments on` : "no thresholds",
    rows: [
      row("Disputed payments", disputed, limits?.dispute_rate_ppm),
      row("Failed charges", failed, limits?.failure_rate_ppm),
    ],
  });
}

/** Money of different currencies is never on one scale. */
function volumes({ payments, volume }) {
  const totals = volume.length === 0 ? "" : `: ${volume.map(({ amount, currency }) => formatMoney(amount, currency)).join(", ")}`;
  return [bars({ title: "Payments", note: "chosen amounts", rows: [{ label: "Settled", value: payments, text: `${payments}${totals}`, tone: "good" }] })];
}

function ratings({ feedback }) {
  const { count, average_hundredths: average } = feedback;
  const words = average === null ? "No feedback yet" : `${Math.trunc(average / 100)}.${String(average % 100).padStart(2, "0")} of 5, from ${count}`;
  const rows = [{ label: "Average", value: average ?? 0, text: words, tone: "good" }];
  return bars({ title: "Feedback", rows, most: 500 });
}

const overTime = (samples) =>
  line({
    title: "Payments settled",
    note: "since this page was opened",
    points: samples.map(({ at, report }) => ({ at, value: report.payments })),
    describe: String,
  });

const feedbackRow = ({ rating, text, at }) =>
  element("li", {}, element("p", { class: "said" }, text), element("p", { class: "hint" }, `${rating} of 5 · `, moment(at)));
