// What is known for a dispute's evidence. An operator chooses what to submit in Stripe's dashboard.

import { descriptionList, element, moment } from "/elements.js";
import { formatMoney } from "/money.js";
import { slots } from "/view.js";
import { paymentAddress } from "/operator/payment_labels.js";

export function fillEvidence(root, known) {
  const part = slots(root)("evidence-part");
  part.hidden = known === null;
  if (known === null) return;
  const { quote, history } = known;
  const money = (amount) => formatMoney(amount, quote.currency);
  part.querySelector("details").open = known.disputes.length > 0;
  descriptionList(slots(part)("evidence"), [
    ["The sender agreed to", `${money(quote.amount)} and ${money(quote.processing_fee)} fee, ${money(quote.total)} in all`, "agreed"],
    ["The receipt says", known.description],
    ["The card’s statement says", known.statement_descriptor_suffix],
    ["Receipt sent to", known.receipt_email],
    ["Message to the creator", known.message],
    ["Other payments to this creator", history.payments.length === 0 ? "None" : `${history.payments.length}, of which ${history.undisputed} undisputed`, "other-payments"],
  ]);
  slots(part)("evidence-payments").replaceChildren(...history.payments.map(row));
}

const row = ({ payment_id: id, created_at: at, amount, currency, refunded_amount: refunded, disputed, warned }) =>
  element(
    "li",
    {},
    element("p", { class: "row-title" }, element("a", { href: paymentAddress(id) }, moment(at)), element("span", { class: "money" }, formatMoney(amount, currency))),
    element("p", { class: "hint" }, [disputed ? "Disputed" : "Undisputed", refunded > 0 && `${formatMoney(refunded, currency)} refunded`, warned && "reported as fraud"].filter(Boolean).join(" · ")),
  );
