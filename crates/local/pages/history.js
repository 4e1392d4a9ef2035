// All payments that the sender made, newest first: filters, pages, and the same list as CSV.

import { asSender, currentSender, payments, sentPayments } from "/api.js";
import { downloadCsv } from "/csv.js";
import { element, badge, moment } from "/elements.js";
import { filterQuery } from "/filters.js";
import { attempt } from "/forms.js";
import { formatMoney } from "/money.js";
import { standingOf } from "/standing.js";
import { announce, instantiate, isShown, show, slots, whileBusy } from "/view.js";

const PAGE_SIZE = 25;
/** A page of a filtered list can be empty and have a next one, so one press reads several. */
const MAX_PAGES_READ = 8;

/** The API's statuses of a payment that a sender can ask for, in a sender's words. */
const STATUSES = [
  ["", "All"],
  ["succeeded", "Paid"],
  ["processing", "Processing"],
  ["requires_payment_method", "Not paid"],
  ["requires_action", "Waiting for your bank"],
  ["canceled", "Canceled"],
];

/** The filters as they were left, so that the way back from a receipt finds them; each user's own. */
let left = { sender: "", values: {} };

export function showHistory() {
  const root = instantiate("history-view");
  const form = root.querySelector("#filter-form");
  form.elements.status.append(...STATUSES.map(([value, name]) => element("option", { value }, name)));
  if (left.sender === currentSender()) for (const [name, value] of Object.entries(left.values)) form.elements[name].value = value;
  const read = () => {
    left = { sender: currentSender(), values: Object.fromEntries(new FormData(form)) };
    return attempt(root, () => addPage(root, form, null));
  };
  wireFilters(form, read);
  const csv = root.querySelector("#csv");
  csv.addEventListener("click", () => whileBusy(csv, () => attempt(root, async () => {
    await downloadCsv(asSender, sentPayments({ ...filterQuery(form), limit: 100 }), `payments-${currentSender()}.csv`);
    announce("The CSV file is downloaded.");
  })));
  show(root);
  read();
}

function wireFilters(form, read) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("#filter"), read);
  });
  // The fields are empty only after the event.
  form.addEventListener("reset", () => setTimeout(read));
}

/** Adds the payments after `cursor` to the list; without one, it begins the list anew. */
async function addPage(root, form, cursor) {
  const query = { ...filterQuery(form), limit: PAGE_SIZE };
  const found = [];
  let next = cursor;
  for (let read = 0; read < MAX_PAGES_READ && found.length < PAGE_SIZE; read += 1) {
    const page = await payments(next === null ? query : { ...query, cursor: next });
    found.push(...page.items);
    next = page.next_cursor;
    if (next === null) break;
  }
  if (isShown(root)) fillPage(root, form, { found, next, isFirst: cursor === null });
}

function fillPage(root, form, { found, next, isFirst }) {
  const slot = slots(root);
  const list = slot("payments");
  if (isFirst) list.replaceChildren();
  list.append(...found.map(row));
  const count = list.childElementCount;
  const isFiltered = Object.keys(filterQuery(form)).length > 0;
  slot("none-text").textContent = isFiltered ? "No payment fits these filters." : "You have not sent any money yet.";
  slot("none").hidden = count > 0 || next !== null;
  slot("count").textContent = count === 0 && next === null ? "" : `${count} ${count === 1 ? "payment" : "payments"}${next === null ? "" : " so far"}`;
  const older = slot("older");
  older.hidden = next === null;
  older.onclick = () => whileBusy(older, () => attempt(root, () => addPage(root, form, next)));
}

function row(payment) {
  const { payment_id: id, creator_id: creator, total, currency, message, context, created_at: at } = payment;
  const { badge: name, tone } = standingOf(payment);
  return element("li", { "data-testid": `payment-${id}` }, element(
    "a",
    { href: `#/payments/${encodeURIComponent(id)}` },
    element("span", { class: "row-title" }, creator, badge(name, tone)),
    element("span", { class: "money" }, formatMoney(total, currency)),
    element("span", { class: "hint" }, moment(at), context && ` · For ${context}`, message && ` · “${firstLine(message)}”`),
  ));
}

const SHORT = 60;

function firstLine(message) {
  const characters = [...message.split("\n")[0]];
  return characters.length > SHORT ? `${characters.slice(0, SHORT).join("")}…` : characters.join("");
}
