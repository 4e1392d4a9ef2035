// Plots as inline SVG: bars, and lines over time. What a plot tells is also text, so that nobody needs to see it.

import { element } from "/elements.js";

const SVG = "http://www.w3.org/2000/svg";
/** Plots are drawn in these units and stretched to the room there is; text stays outside, and is not stretched. */
const WIDTH = 1_000;
const LINE_HEIGHT = 240;
const BAR_HEIGHT = 24;

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const canvas = (height, name, ...children) =>
  drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", class: name, "aria-hidden": "true", focusable: "false" }, ...children);

/** How far `value` is along `most`, in the plot's units; drawing alone may round. */
const along = (value, most, units) => (most <= 0 ? 0 : Math.min(units, Math.round((value * units) / most)));

function figure(title, note, ...body) {
  return element(
    "figure",
    { class: "plot" },
    element("figcaption", {}, title, note && element("span", { class: "hint" }, ` ${note}`)),
    ...body,
  );
}

/**
 * Bars one below the other. A row is `{ label, value, text, mark?, tone?, most? }`: `text` is the value in words, `mark` a
 * value that the bar is held against, `tone` one of good, bad or plain, and `most` what a whole bar is, if not the
 * greatest value of all.
 */
export function bars({ title, note, rows }) {
  const widest = Math.max(1, ...rows.map((row) => row.value));
  return figure(title, note, element("ul", { class: "bars" }, ...rows.map((row) => bar(row, row.most ?? widest))));
}

function bar({ label, value, text, mark, tone = "plain" }, most) {
  const shapes = [
    drawn("rect", { class: "track", x: 0, y: 0, width: WIDTH, height: BAR_HEIGHT }),
    drawn("rect", { class: `bar ${tone}`, x: 0, y: 0, width: along(value, most, WIDTH), height: BAR_HEIGHT }),
  ];
  if (mark !== undefined && mark !== null) {
    const x = along(mark, most, WIDTH);
    shapes.push(drawn("line", { class: "mark", x1: x, x2: x, y1: 0, y2: BAR_HEIGHT }));
  }
  return element(
    "li",
    {},
    element("span", { class: "bar-label" }, label),
    element("span", { class: "bar-text" }, text),
    canvas(BAR_HEIGHT, "bar-plot", ...shapes),
  );
}

/**
 * A line through `points` (`{ at, value }`, `at` in milliseconds, oldest first), with the greatest value and the times
 * at its ends as text. `describe` puts a value into words; `mark` is a value that the line is held against.
 */
export function line({ title, note, points, describe, mark, tone = "plain" }) {
  const most = Math.max(1, mark ?? 0, ...points.map((point) => point.value));
  const [first, last] = [points[0], points.at(-1)];
  const length = Math.max(1, last.at - first.at);
  const x = (at) => along(at - first.at, length, WIDTH);
  const y = (value) => LINE_HEIGHT - along(value, most, LINE_HEIGHT - 8);
  const path = points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.at)} ${y(point.value)}`).join(" ");
  const shapes = [
    ...[0.25, 0.5, 0.75].map((part) => drawn("line", { class: "grid", x1: 0, x2: WIDTH, y1: LINE_HEIGHT * part, y2: LINE_HEIGHT * part })),
    drawn("path", { class: `area ${tone}`, d: `${path} L${x(last.at)} ${LINE_HEIGHT} L0 ${LINE_HEIGHT} Z` }),
    drawn("path", { class: `line ${tone}`, d: path }),
  ];
  if (mark !== undefined && mark !== null) shapes.push(drawn("line", { class: "mark", x1: 0, x2: WIDTH, y1: y(mark), y2: y(mark) }));
  const clock = (at) => new Date(at).toLocaleTimeString("en-GB");
  const made = figure(
    title,
    note,
    element("p", { class: "axis" }, element("span", {}, describe(most)), element("strong", {}, `Now ${describe(last.value)}`)),
    canvas(LINE_HEIGHT, "line-plot", ...shapes),
    element("p", { class: "axis" }, element("span", {}, clock(first.at)), element("span", {}, clock(last.at))),
  );
  made.classList.add("whole");
  return made;
}
