// What Stripe pays to the creator's bank, and the way into their dashboard at Stripe.

import { badge, element, moment } from "/elements.js";
import { attempt, onSubmit } from "/forms.js";
import { formatMoney } from "/money.js";
import { isShown, slots } from "/view.js";
import { openDashboard, payouts } from "/creator/api.js";

const STATUSES = {
  pending: ["On the way", "wait"],
  in_transit: ["On the way", "wait"],
  paid: ["Paid", "yes"],
  failed: ["Failed", "no"],
  canceled: ["Canceled", "off"],
};

export async function fillPayouts(root) {
  const part = slots(root)("payouts-part");
  await attempt(part, async () => {
    const { body } = await payouts();
    if (!isShown(part)) return;
    slots(part)("payouts").replaceChildren(...body.items.map(row));
    slots(part)("no-payouts").hidden = body.items.length > 0;
  });
}

function row({ stripe_payout_id: id, amount, currency, status, arrives_at: at, failure }) {
  return element(
    "li",
    { "data-testid": `payout-${id}` },
    element("p", { class: "row-title" }, badge(...STATUSES[status]), element("span", { class: "money" }, formatMoney(amount, currency))),
    failure && element("p", { class: "said" }, failure.message),
    element("p", { class: "hint" }, status === "paid" ? "Arrived " : "Expected ", moment(at)),
  );
}

export function wireDashboard({ root }) {
  onSubmit(slots(root)("dashboard-form"), async () => {
    const { body } = await openDashboard({ refresh_url: `${location.origin}/creator` });
    location.assign(body.url);
  });
}
