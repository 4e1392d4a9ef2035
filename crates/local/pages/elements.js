// Small elements that all pages use. Text from outside only becomes text nodes, never markup.

/** An element with attributes and children. Strings become text; null, undefined and false are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const TIME_OF_DAY = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

function time(iso, format) {
  const at = new Date(iso);
  return element("time", { datetime: iso }, Number.isNaN(at.getTime()) ? iso : format.format(at));
}

/** A date and time in the reader's time zone. */
export const moment = (iso) => time(iso, MOMENT);

/** A time of today, without the date. */
export const timeOfDay = (iso) => time(iso, TIME_OF_DAY);

export const badge = (text, tone) => element("span", { class: `badge ${tone}` }, text);

/** Fills a description list from rows `[term, text or element, data-testid?]`. Rows without a text are left out. */
export function descriptionList(list, rows) {
  const present = rows.filter(([, text]) => text !== null && text !== undefined && text !== "");
  list.replaceChildren(
    ...present.map(([term, text, testid]) =>
      element("div", {}, element("dt", {}, term), element("dd", { "data-testid": testid }, text))),
  );
}
