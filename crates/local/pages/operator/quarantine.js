// Authentic events that could not be applied: the list, and one event with its body and the button to apply it again.

import { badge, descriptionList, element, moment } from "/elements.js";
import { onSubmit } from "/forms.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { parkedEvent, quarantine, redrive } from "/operator/api.js";

const OUTCOMES = {
  applied: ["The event is applied.", "good"],
  not_ours: ["The event belongs to another application on this Stripe account. Nothing is to be done.", "good"],
  still_parked: ["The event still cannot be applied", "bad"],
};
const MAX_EVENTS = 500;

/** All parked events, newest first. A page covers some days, and can be empty while older pages are not. */
export async function readParked() {
  const items = [];
  let cursor = null;
  do {
    const { body } = await quarantine(cursor);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null && items.length < MAX_EVENTS);
  return { items, hasMore: cursor !== null };
}

export function parkedBadge({ items, hasMore }) {
  const waiting = items.filter(({ redriven_at: redriven }) => redriven === null).length;
  return waiting === 0 && !hasMore ? badge("Empty", "yes") : badge(`${waiting}${hasMore ? " or more" : ""} waiting`, "no");
}

export async function showQuarantine() {
  const waiting = showLoading("Loading the quarantine…");
  try {
    const parked = await readParked();
    if (!isShown(waiting)) return;
    const root = instantiate("quarantine-view");
    slots(root)("quarantine-state").replaceChildren(parkedBadge(parked));
    slots(root)("parked").replaceChildren(...parked.items.map(row));
    slots(root)("no-parked").hidden = parked.items.length > 0;
    show(root);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The quarantine could not be loaded", error, retry: showQuarantine, back: { href: "#/", label: "Rollout" } });
  }
}

const row = ({ event_id: id, event_type: type, reason, received_at: at, redriven_at: redriven }) =>
  element(
    "li",
    { "data-testid": `parked-${id}` },
    element(
      "p",
      { class: "row-title" },
      element("a", { href: `#/quarantine/${encodeURIComponent(id)}` }, type ?? "Unknown type"),
      redriven ? badge("Redriven", "yes") : badge("Waiting", "no"),
    ),
    element("p", {}, reason),
    element("p", { class: "hint" }, moment(at), " · ", element("span", { class: "id" }, id)),
  );

export async function showParkedEvent(id, outcome = null) {
  const waiting = showLoading("Loading the event…");
  try {
    const { body } = await parkedEvent(id);
    if (isShown(waiting)) render(body, outcome);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This event could not be loaded", error, retry: () => showParkedEvent(id), back: { href: "#/quarantine", label: "Quarantine" } });
  }
}

function render(event, outcome) {
  const { event_id: id, event_type: type, reason, received_at: at, redriven_at: redriven, body, body_bytes: bytes } = event;
  const root = instantiate("parked-view");
  const slot = slots(root);
  fill(root, { title: type ?? "Unknown type", "redrive-label": redriven ? "Redrive again" : "Redrive" });
  slot("state").replaceChildren(redriven ? badge("Redriven", "yes") : badge("Waiting", "no"));
  showOutcome(slot("outcome"), outcome);
  descriptionList(slot("facts"), [
    ["Event", element("span", { class: "id" }, id)],
    ["Received", moment(at)],
    ["Redriven", redriven && moment(redriven), "redriven"],
    ["Reason", reason, "parked-reason"],
  ]);
  slot("body").textContent = body === undefined ? `The body is not kept: it has ${bytes} bytes. Reconciliation finds what the event reported.` : indented(body);
  const form = root.querySelector("#redrive-form");
  form.hidden = body === undefined;
  onSubmit(form, async () => {
    const { body: result } = await redrive(id);
    await showParkedEvent(id, result);
    announce((OUTCOMES[result.outcome] ?? [result.outcome])[0]);
  });
  show(root);
}

function showOutcome(notice, outcome) {
  notice.hidden = outcome === null;
  if (outcome === null) return;
  const [sentence, tone] = OUTCOMES[outcome.outcome] ?? [outcome.outcome, "wait"];
  notice.className = `notice ${tone}`;
  notice.textContent = outcome.reason ? `${sentence}: ${outcome.reason}.` : sentence;
}

/** With a client secret, whoever sees it can pay: the page does not show it. */
const withoutSecret = (name, value) => (name === "client_secret" && value !== null ? "hidden" : value);

/** The body as it was signed may be anything, so only JSON is laid out. */
function indented(body) {
  try {
    return JSON.stringify(JSON.parse(body), withoutSecret, 2);
  } catch {
    return body;
  }
}
