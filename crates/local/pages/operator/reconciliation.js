// Reconciles now: asks for slice after slice until the run is finished, and says how far it is.

import { ApiError } from "/api.js";
import { attempt } from "/forms.js";
import { announce, isShown, slots, whileBusy } from "/view.js";
import { reconcile } from "/operator/api.js";

const STAGES = {
  events: "Events that Stripe could not deliver",
  account_events: "Events of creators’ accounts",
  intents: "Payment intents",
  transactions: "Balance transactions",
  balance: "The balance",
  fraud_warnings: "Fraud warnings",
  accounts: "Creators’ accounts",
  accounts_v2: "Creators’ accounts, v2",
  rollout: "The rollout",
  due: "Unfinished payments",
  finished: "Finished",
};
const ORDER = Object.keys(STAGES);
const LONGEST_WAIT_S = 10;

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

/** One slice of the run; another request may be working on it, which is waited for. */
async function slice() {
  try {
    return (await reconcile()).body;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "request_in_progress") throw error;
    await pause(Math.min(error.retryAfterSeconds ?? 1, LONGEST_WAIT_S));
    return null;
  }
}

/** Wires the button; `onFinished()` shows what the run found. */
export function wireReconcile(root, onFinished) {
  const slot = slots(root);
  const button = root.querySelector("#reconcile");
  const say = (stage, counts) => {
    const at = Math.max(0, ORDER.indexOf(stage));
    slot("progress-bar").value = at;
    slot("progress-text").textContent = `${STAGES[stage] ?? stage} (step ${Math.min(at + 1, ORDER.length - 1)} of ${ORDER.length - 1})${counts ? `: ${counts.intents} intents and ${counts.transactions} transactions compared` : ""}`;
  };
  button.addEventListener("click", () => whileBusy(button, () => attempt(slot("reconciliation"), async () => {
    slot("progress").hidden = false;
    slot("progress-bar").max = ORDER.length - 1;
    say("events", null);
    try {
      let run = null;
      while (isShown(root) && run?.finished !== true) {
        run = await slice();
        if (run !== null) say(run.stage, run.counts);
      }
      if (!isShown(root)) return;
      await onFinished();
      announce(`Reconciliation ${run.number} is finished: ${run.differences_found === 0 ? "no differences" : `${run.differences_found} differences`}.`);
    } finally {
      slot("progress").hidden = true;
    }
  })));
}
