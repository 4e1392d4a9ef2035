// The filters of a list of payments: days in the reader's time zone, sent to the API as points in time.

/** The start of a day given as `2026-11-24`, or of the day after it. */
function startOfDay(date, daysLater = 0) {
  const [year, month, day] = date.split("-").map(Number);
  return new Date(year, month - 1, day + daysLater).toISOString();
}

/** The day of a time, as the value of a `date` field. */
export function localDate(at) {
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The query of a form's filters. Its field `to` is the last day, and the API's `to` is the first time after it. */
export function filterQuery(form) {
  const query = {};
  for (const { name, value } of form.querySelectorAll("[data-filter]")) {
    const text = value.trim();
    if (text === "") continue;
    if (name === "from") query.from = startOfDay(text);
    else if (name === "to") query.to = startOfDay(text, 1);
    else query[name] = text;
  }
  return query;
}
