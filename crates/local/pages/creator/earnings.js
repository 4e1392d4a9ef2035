// A creator's earnings by currency.

import { descriptionList, element } from "/elements.js";
import { attempt } from "/forms.js";
import { formatMoney } from "/money.js";
import { isShown, slots } from "/view.js";
import { earnings } from "/creator/api.js";

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
  descriptionList(list, [
    [`Received, in ${count} ${count === 1 ? "payment" : "payments"}`, money(received), `received-${currency}`],
    ["Refunded", less(refunded), `refunded-${currency}`],
    ["Disputed", less(disputed), `disputed-${currency}`],
    ["Net", money(net), `net-${currency}`],
  ]);
  list.lastElementChild.classList.add("total");
  return element("div", { class: "form" }, list, owed !== 0 && element("p", { class: "hint" }, owedSentence(owed, currency)));
}

/** What is decided, but not executed at Stripe yet. */
const owedSentence = (owed, currency) =>
  owed > 0
    ? `${formatMoney(owed, currency)} of this will still be deducted from your account.`
    : `${formatMoney(-owed, currency)} will still be paid back to your account.`;
