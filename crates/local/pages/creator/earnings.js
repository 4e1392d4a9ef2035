// What a creator has earned, currency by currency.

import { attempt, element, facts } from "/elements.js";
import { formatMoney } from "/money.js";
import { isShown, slots } from "/view.js";
import { earnings } from "/creator/calls.js";

export async function fillEarnings(root) {
  const part = slots(root)("earnings");
  await attempt(part, async () => {
    const { body } = await earnings();
    if (!isShown(part)) return;
    slots(part)("totals").replaceChildren(...body.totals.map(total));
    slots(part)("no-totals").hidden = body.totals.length > 0;
  });
}

function total({ currency, received, refunded, disputed, owed, net, count }) {
  const money = (amount) => formatMoney(amount, currency);
  const less = (amount) => (amount === 0 ? money(0) : `−${money(amount)}`);
  const list = element("dl", { class: "sums" });
  facts(list, [
    [`Received, in ${count} ${count === 1 ? "payment" : "payments"}`, money(received), `received-${currency}`],
    ["Refunded", less(refunded), `refunded-${currency}`],
    ["Disputed", less(disputed), `disputed-${currency}`],
    ["Yours", money(net), `net-${currency}`],
  ]);
  list.lastElementChild.classList.add("total");
  return element("div", { class: "form" }, list, owed !== 0 && element("p", { class: "hint" }, stillToCome(owed, currency)));
}

/** What is decided, and not made at Stripe yet. */
const stillToCome = (owed, currency) =>
  owed > 0
    ? `${formatMoney(owed, currency)} of that is still to be taken back from your account.`
    : `${formatMoney(-owed, currency)} is still to be given back to your account.`;
