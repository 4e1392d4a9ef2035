// Go-live checks: what the API can say now. Each check names what to do when it does not pass.

import { element } from "/elements.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { allWaves, drift, rollout, statement } from "/operator/api.js";
import { isHalted } from "/operator/halt_by_hand.js";
import { neverHalts } from "/operator/labels.js";
import { readParked } from "/operator/quarantine.js";
import { agrees } from "/operator/statement.js";

/** The schedule runs every five minutes; `ReconciliationStalledAlarm` comes after six hours. */
const FRESH_MINUTES = 15;
const STALLED_MINUTES = 360;

export async function showGoLive() {
  const waiting = showLoading("Checking…");
  try {
    const [current, all, report, books, parked] = await Promise.all([rollout(), allWaves(), drift(), statement(), readParked()]);
    if (!isShown(waiting)) return;
    render(checks({ rollout: current.body, waves: all, drift: report.body, statement: books.body, parked }));
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The checks could not be made", error, retry: showGoLive, back: { href: "#/", label: "Rollout" } });
  }
}

const PASSES = "passes";
const LATER = "later";
const REFUSES = "refuses";
const check = (id, isGood, title, hint = "", otherwise = REFUSES) => ({ id, verdict: isGood ? PASSES : otherwise, title, hint: isGood ? "" : hint });

function checks({ rollout: { paused }, waves: all, drift: { last, cancel_open: canceling }, statement: books, parked }) {
  const halted = all.filter(isHalted).map(({ name }) => name);
  const open = all.filter((wave) => (wave.state === "open" || wave.state === "not_started") && !isHalted(wave));
  const unguarded = open.filter(({ halt }) => neverHalts(halt)).map(({ name }) => name);
  const waiting = parked.items.filter(({ redriven_at: redriven }) => redriven === null).length;
  const short = (last?.platform_balances ?? []).filter(({ available, awaited }) => awaited > 0 && awaited > available);
  return [
    { id: "api", verdict: PASSES, title: "The API answers operators", hint: "" },
    check("open", !paused, "Receiving is not stopped for everyone", "Resume it under Rollout."),
    freshness(last),
    check("drift", last?.differences_found === 0, "The ledger agrees with Stripe", "See the differences under Books."),
    balance(books),
    check("quarantine", waiting === 0 && !parked.hasMore, "No event waits in quarantine", `${waiting}${parked.hasMore ? " or more" : ""} waiting. See Quarantine.`),
    check("platform-balance", short.length === 0, "Stripe’s balance covers what waits for it", `Top up the balance in ${short.map(({ currency }) => currency.toUpperCase()).join(", ")} in Stripe’s dashboard.`),
    check("canceling", !canceling || canceling.finished_at !== null, "No open payments are being canceled", "Reconciliation cancels them. See Books.", LATER),
    check("halted", halted.length === 0, "No wave is halted", `Find the cause, then resume: ${halted.join(", ")}.`, LATER),
    check("guarded", unguarded.length === 0, "Every wave halts by itself when too much fails", `Without a rule: ${unguarded.join(", ")}.`, LATER),
  ];
}

function freshness(last) {
  const title = "Reconciliation is fresh";
  if (last === null) return { id: "fresh", verdict: REFUSES, title, hint: "It has never run. Start it under Books." };
  const minutes = Math.round((Date.now() - Date.parse(last.finished_at ?? last.started_at)) / 60_000);
  const hint = `The last one finished ${minutes} minutes ago. Start one under Books, and check the schedule.`;
  return check("fresh", minutes <= FRESH_MINUTES, title, hint, minutes > STALLED_MINUTES ? REFUSES : LATER);
}

function balance(books) {
  const title = "The ledger’s balance is Stripe’s";
  if (books.since === null) return { id: "balance", verdict: LATER, title, hint: "Not compared yet: a reconciliation compares it while no money moves." };
  return check("balance", agrees(books), title, "See the statement under Books.");
}

const VERDICTS = { [PASSES]: "Passes", [LATER]: "Look", [REFUSES]: "Fails" };

function render(list) {
  const root = instantiate("go-live-view");
  const failed = list.filter(({ verdict }) => verdict === REFUSES).length;
  const later = list.filter(({ verdict }) => verdict === LATER).length;
  const summary = failed > 0 ? `${failed} of ${list.length} fail` : later > 0 ? "Ready, with something to look at" : "Ready";
  fill(root, { summary });
  slots(root)("summary").classList.add(failed > 0 ? "no" : later > 0 ? "wait" : "yes");
  slots(root)("checks").replaceChildren(...list.map(row));
  root.querySelector("#check-again").addEventListener("click", async () => {
    await showGoLive();
    announce(slots(document)("summary")?.textContent ?? "");
  });
  show(root);
}

const row = ({ id, verdict, title, hint }) =>
  element(
    "li",
    { class: verdict, "data-testid": `check-${id}` },
    element("span", { class: "verdict" }, VERDICTS[verdict]),
    element("span", {}, element("strong", {}, title), hint && element("span", { class: "hint" }, hint)),
  );
