// All payments that the creator received, newest first: filters, pages, and the same list as CSV.

import { attempt, onSubmit } from "/forms.js";
import { filterQuery } from "/filters.js";
import { announce, isShown, slots, whileBusy } from "/view.js";
import { downloadPayments, payments } from "/creator/api.js";
import { paymentRow, standing } from "/creator/payment_row.js";

const PAGE_SIZE = 25;
/** The API filters by time and sender. What became of a payment is filtered here, so one click reads several pages at most. */
const MAX_PAGES_READ = 8;

export function openHistory({ root }) {
  const part = slots(root)("history");
  const form = root.querySelector("#filter-form");
  const csv = root.querySelector("#csv");
  const read = () => attempt(form, () => showPage(part, form, null));
  onSubmit(form, () => showPage(part, form, null));
  form.addEventListener("reset", () => setTimeout(read));
  csv.addEventListener("click", () => whileBusy(csv, () => attempt(form, async () => {
    await downloadPayments(filterQuery(form));
    announce("The CSV file is downloaded.");
  })));
  read();
  return {};
}

/** Shows the payments after `cursor`: the first ones, or more below those that are shown. */
async function showPage(part, form, cursor) {
  const query = { ...filterQuery(form), limit: PAGE_SIZE };
  const wanted = form.elements.standing.value;
  const found = [];
  let next = cursor;
  for (let read = 0; read < MAX_PAGES_READ && found.length < PAGE_SIZE; read += 1) {
    const { body } = await payments(next === null ? query : { ...query, cursor: next });
    found.push(...body.items.filter((payment) => wanted === "" || standing(payment) === wanted));
    next = body.next_cursor;
    if (next === null) break;
  }
  if (isShown(part)) fillPage(part, form, { found, next, isFirst: cursor === null });
}

function fillPage(part, form, { found, next, isFirst }) {
  const slot = slots(part);
  const list = slot("received");
  if (isFirst) list.replaceChildren();
  list.append(...found.map(paymentRow));
  const count = list.childElementCount;
  slot("no-received").hidden = count > 0 || next !== null;
  slot("count").textContent = count === 0 ? "" : `${count} ${count === 1 ? "payment" : "payments"} shown${next === null ? ", which is all" : ""}`;
  const older = slot("older");
  older.hidden = next === null;
  older.onclick = () => whileBusy(older, () => attempt(form, () => showPage(part, form, next)));
}
