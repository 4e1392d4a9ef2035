// Finds payments: one by any of its ids, or those of a sender or a creator.

import { attempt, onSubmit } from "/forms.js";
import { filterQuery } from "/filters.js";
import { announce, fieldError, instantiate, isShown, show, slots, whileBusy } from "/view.js";
import { downloadPayments, findPayments, paymentOfStripeObject } from "/operator/api.js";
import { paymentAddress, paymentRow } from "/operator/payment_labels.js";

const OURS = /^pay_[0-9a-f]{32}$/;
const AT_STRIPE = /^(pi|ch|py|re|pyr|dp|du|tr|txn)_[A-Za-z0-9_]+$/;
const EVENT = /^evt_[A-Za-z0-9_]+$/;
const BAD_ID = "Enter a payment’s ID (pay_…), or one of Stripe’s: of an intent (pi_…), charge (ch_…), refund (re_…), dispute (dp_…), transfer (tr_…) or balance transaction (txn_…).";
const PAGE_SIZE = 25;

/** Shows the forms, and the payments of `person` (`{ sender_id }` or `{ creator_id }`) if there is one. */
export function showPayments(person = {}) {
  const root = show(instantiate("payments-view"));
  wireLookUp(root.querySelector("#look-up-form"));
  wireList(root);
  const form = root.querySelector("#find-payments-form");
  for (const [name, id] of Object.entries(person)) {
    form.elements[name].value = id;
    form.requestSubmit();
  }
}

function wireLookUp(form) {
  const input = form.elements.id;
  onSubmit(form, async () => {
    const id = input.value.trim();
    const isKnown = OURS.test(id) || AT_STRIPE.test(id) || EVENT.test(id);
    fieldError(input, isKnown ? "" : BAD_ID);
    if (!isKnown) return input.focus();
    if (EVENT.test(id)) location.hash = `#/quarantine/${encodeURIComponent(id)}`;
    else location.hash = paymentAddress(OURS.test(id) ? id : await idAtStripe(id));
  });
}

/** The id of the payment that an object at Stripe belongs to. */
async function idAtStripe(id) {
  const { body } = await paymentOfStripeObject(id);
  return body.payment_id;
}

function wireList(root) {
  const part = slots(root)("found");
  const form = root.querySelector("#find-payments-form");
  const { sender_id: sender, creator_id: creator } = form.elements;
  const isAsked = () => sender.value.trim() !== "" || creator.value.trim() !== "";
  const check = () => {
    fieldError(sender, isAsked() ? "" : "Enter a sender or a creator.");
    if (!isAsked()) sender.focus();
    return isAsked();
  };
  onSubmit(form, () => check() && showPage(part, form, null));
  const csv = root.querySelector("#payments-csv");
  csv.addEventListener("click", () => whileBusy(csv, () => attempt(form, async () => {
    if (!check()) return;
    await downloadPayments(filterQuery(form));
    announce("The CSV file is downloaded.");
  })));
}

async function showPage(part, form, cursor) {
  const query = { ...filterQuery(form), limit: PAGE_SIZE };
  let { body } = await findPayments(cursor === null ? query : { ...query, cursor });
  // A filtered page can be empty and have a next one.
  while (body.items.length === 0 && body.next_cursor !== null) ({ body } = await findPayments({ ...query, cursor: body.next_cursor }));
  if (!isShown(part)) return;
  const slot = slots(part);
  if (cursor === null) slot("payments").replaceChildren();
  slot("payments").append(...body.items.map(paymentRow));
  slot("no-payments").hidden = slot("payments").childElementCount > 0;
  const older = slot("older");
  older.hidden = body.next_cursor === null;
  older.onclick = () => whileBusy(older, () => attempt(form, () => showPage(part, form, body.next_cursor)));
}
