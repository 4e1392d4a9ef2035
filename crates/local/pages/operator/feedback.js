// What users say: all feedback or that of one wave, newest first, and the same list as CSV.

import { bars } from "/charts.js";
import { element, moment } from "/elements.js";
import { attempt } from "/forms.js";
import { announce, instantiate, isShown, show, showLoading, showProblem, slots, whileBusy } from "/view.js";
import { downloadFeedback, feedback, waves } from "/operator/api.js";
import { paymentAddress, userLink } from "/operator/payment_labels.js";

const PAGE_SIZE = 25;
const MAX_RATING = 5;

export async function showFeedback() {
  const waiting = showLoading("Loading feedback…");
  try {
    const { body } = await waves(null);
    if (!isShown(waiting)) return;
    const root = instantiate("feedback-view");
    const select = root.querySelector("#feedback-wave");
    select.append(...body.items.map(({ name }) => element("option", { value: name }, name)));
    wire(root, select);
    show(root);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "The feedback could not be loaded", error, retry: showFeedback, back: { href: "#/", label: "Rollout" } });
  }
}

function wire(root, select) {
  const query = () => (select.value === "" ? {} : { wave: select.value });
  const read = () => attempt(root, () => showPage(root, { query: query(), ratings: [] }, null));
  select.addEventListener("change", read);
  const csv = root.querySelector("#feedback-csv");
  csv.addEventListener("click", () => whileBusy(csv, () => attempt(root, async () => {
    await downloadFeedback(query());
    announce("The CSV file is downloaded.");
  })));
  // The view is shown after it is wired.
  setTimeout(read);
}

/** Shows the feedback after `cursor`; `list` has the query and the ratings that are shown. */
async function showPage(root, list, cursor) {
  const { query, ratings } = list;
  const { body } = await feedback({ ...query, limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) });
  if (!isShown(root)) return;
  const slot = slots(root);
  if (cursor === null) slot("feedback").replaceChildren();
  ratings.push(...body.items.map(({ rating }) => rating));
  slot("feedback").append(...body.items.map(row));
  slot("no-feedback").hidden = ratings.length > 0;
  slot("ratings").hidden = ratings.length === 0;
  slot("feedback-plot").replaceChildren(...(ratings.length > 0 ? [plot(ratings)] : []));
  const older = slot("older");
  older.hidden = body.next_cursor === null;
  older.onclick = () => whileBusy(older, () => attempt(root, () => showPage(root, list, body.next_cursor)));
}

function plot(ratings) {
  const stars = Array.from({ length: MAX_RATING }, (_, index) => MAX_RATING - index);
  const given = (rating) => ratings.filter((each) => each === rating).length;
  return bars({
    title: "Ratings",
    note: `of the ${ratings.length} shown`,
    rows: stars.map((rating) => ({ label: String(rating), value: given(rating), text: String(given(rating)), tone: "good" })),
  });
}

const row = ({ feedback_id: id, rating, text, given_at: at, wave, creator_id: creator, payment_id: payment }) =>
  element(
    "li",
    { "data-testid": id },
    element("p", { class: "row-title" }, `${rating} of ${MAX_RATING}`),
    text && element("p", { class: "said" }, text),
    element(
      "p",
      { class: "hint" },
      moment(at),
      wave && " · wave ",
      wave && userLink("waves", wave),
      creator && " · to ",
      creator && userLink("creators", creator),
      payment && " · ",
      payment && element("a", { href: paymentAddress(payment) }, "payment"),
    ),
  );
