// What Stripe pays to the creator's bank or takes from there, and the way into their dashboard at Stripe.

import { badge, element, moment } from "/elements.js";
import { attempt, onSubmit } from "/forms.js";
import { formatMoney } from "/money.js";
import { isShown, slots, whileBusy } from "/view.js";
import { openDashboard, payouts } from "/creator/api.js";

const PAYOUT = {
  pending: ["On the way", "wait"],
  in_transit: ["On the way", "wait"],
  paid: ["Paid", "yes"],
  failed: ["Failed", "no"],
  canceled: ["Canceled", "off"],
};

/** Stripe balances the account from the bank, or a payout is reversed. */
const DEBIT = {
  pending: ["Being taken from your bank", "wait"],
  in_transit: ["Being taken from your bank", "wait"],
  paid: ["Taken from your bank", "off"],
  failed: ["Not taken from your bank", "no"],
  canceled: ["Canceled", "off"],
};

export function openPayouts({ root }) {
  wireDashboard(root);
  const read = () => fillPayouts(root);
  read();
  return { onInterval: read };
}

/** Shows the newest payouts, or brings them up to date. Older ones stay as they were read. */
async function fillPayouts(root) {
  const part = slots(root)("payouts-part");
  const list = slots(part)("payouts");
  await attempt(part, async () => {
    const { body } = await payouts(null);
    if (!isShown(part)) return;
    const isFirst = list.childElementCount === 0;
    for (const payout of [...body.items].reverse()) {
      const shown = list.querySelector(`[data-testid="payout-${payout.stripe_payout_id}"]`);
      if (shown) shown.replaceWith(row(payout));
      else list.prepend(row(payout));
    }
    slots(part)("no-payouts").hidden = list.childElementCount > 0;
    if (isFirst) offerOlder(part, body.next_cursor);
  });
}

function offerOlder(part, cursor) {
  const older = slots(part)("older-payouts");
  older.hidden = cursor === null;
  older.onclick = () => whileBusy(older, () => attempt(part, async () => {
    const { body } = await payouts(cursor);
    if (!isShown(part)) return;
    slots(part)("payouts").append(...body.items.map(row));
    offerOlder(part, body.next_cursor);
  }));
}

function row(payout) {
  const { stripe_payout_id: id, amount, currency, status, failure } = payout;
  const names = amount < 0 ? DEBIT : PAYOUT;
  return element(
    "li",
    { "data-testid": `payout-${id}` },
    element("p", { class: "row-title" }, badge(...names[status]), element("span", { class: "money" }, formatMoney(amount, currency))),
    failure && element("p", { class: "said" }, failure.message),
    element("p", { class: "hint" }, ...time(payout)),
  );
}

/** One that failed or was canceled arrives never. */
function time({ amount, status, created_at: made, arrives_at: at }) {
  if (status === "failed" || status === "canceled") return ["Begun ", moment(made)];
  if (status !== "paid") return ["Expected ", moment(at)];
  return [amount < 0 ? "Taken " : "Arrived ", moment(at)];
}

function wireDashboard(root) {
  onSubmit(slots(root)("dashboard-form"), async () => {
    const { body } = await openDashboard({ refresh_url: `${location.origin}/creator` });
    location.assign(body.url);
  });
}
