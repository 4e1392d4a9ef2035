// Charts as inline SVG: bars, columns, and lines over time. Each value is also text, for screen readers.

import { element } from "/elements.js";

const SVG = "http://www.w3.org/2000/svg";
/** Charts are drawn in these units and stretched to the available width. Text is outside, so it is not stretched. */
const WIDTH = 1_000;
const LINE_HEIGHT = 240;
const BAR_HEIGHT = 24;

function svgElement(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const canvas = (height, name, ...children) =>
  svgElement("svg", { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", class: name, "aria-hidden": "true", focusable: "false" }, ...children);

/** `value` as a part of `most`, in the chart's units. Only drawing may round. */
const scaled = (value, most, units) => (most <= 0 ? 0 : Math.min(units, Math.round((value * units) / most)));

function figure(title, note, ...body) {
  return element(
    "figure",
    { class: "plot" },
    element("figcaption", {}, title, note && element("span", { class: "hint" }, ` ${note}`)),
    ...body,
  );
}

/**
 * A bar for each row `{ label, value, text, mark?, tone?, most? }`: `text` is the value to show, `mark` a limit drawn on
 * the bar, `tone` one of good, bad or plain, and `most` the value of a full bar, by default the greatest of all rows.
 */
export function bars({ title, note, rows }) {
  const widest = Math.max(1, ...rows.map((row) => row.value));
  return figure(title, note, element("ul", { class: "bars" }, ...rows.map((row) => bar(row, row.most ?? widest))));
}

function bar({ label, value, text, mark, tone = "plain" }, most) {
  const shapes = [
    svgElement("rect", { class: "track", x: 0, y: 0, width: WIDTH, height: BAR_HEIGHT }),
    svgElement("rect", { class: `bar ${tone}`, x: 0, y: 0, width: scaled(value, most, WIDTH), height: BAR_HEIGHT }),
  ];
  if (mark !== undefined && mark !== null) {
    const x = scaled(mark, most, WIDTH);
    shapes.push(svgElement("line", { class: "mark", x1: x, x2: x, y1: 0, y2: BAR_HEIGHT }));
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
 * A column for each of `points` (`{ label, value, text }`, oldest first), with the greatest value and the first and last
 * label as text. Screen readers get a list of the columns that are not empty.
 */
export function columns({ title, note, points, describe }) {
  const most = Math.max(1, ...points.map((point) => point.value));
  const width = WIDTH / points.length;
  const column = ({ label, value, text }, index) => {
    const height = value <= 0 ? 0 : Math.max(4, scaled(value, most, LINE_HEIGHT - 8));
    const place = { x: Math.round(index * width + width * 0.14), width: Math.round(width * 0.72), y: LINE_HEIGHT - height, height };
    return svgElement("rect", { class: "column", ...place }, svgElement("title", {}, `${label}: ${text}`));
  };
  const made = figure(
    title,
    note,
    element("p", { class: "axis" }, element("span", {}, describe(most))),
    canvas(LINE_HEIGHT, "line-plot", ...points.map(column)),
    element("p", { class: "axis" }, element("span", {}, points[0].label), element("span", {}, points.at(-1).label)),
    element("ul", { class: "visually-hidden" }, ...points.filter(({ value }) => value > 0).map(({ label, text }) => element("li", {}, `${label}: ${text}`))),
  );
  made.classList.add("whole");
  return made;
}

/**
 * A line through `points` (`{ at, value }`, `at` in milliseconds, oldest first), with the greatest value and the first
 * and last time as text. `describe` formats a value; `mark` is a limit drawn across the chart.
 */
export function line({ title, note, points, describe, mark, tone = "plain" }) {
  const most = Math.max(1, mark ?? 0, ...points.map((point) => point.value));
  const [first, last] = [points[0], points.at(-1)];
  const length = Math.max(1, last.at - first.at);
  const x = (at) => scaled(at - first.at, length, WIDTH);
  const y = (value) => LINE_HEIGHT - scaled(value, most, LINE_HEIGHT - 8);
  const path = points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.at)} ${y(point.value)}`).join(" ");
  const shapes = [
    ...[0.25, 0.5, 0.75].map((part) => svgElement("line", { class: "grid", x1: 0, x2: WIDTH, y1: LINE_HEIGHT * part, y2: LINE_HEIGHT * part })),
    svgElement("path", { class: `area ${tone}`, d: `${path} L${x(last.at)} ${LINE_HEIGHT} L0 ${LINE_HEIGHT} Z` }),
    svgElement("path", { class: `line ${tone}`, d: path }),
  ];
  if (mark !== undefined && mark !== null) shapes.push(svgElement("line", { class: "mark", x1: 0, x2: WIDTH, y1: y(mark), y2: y(mark) }));
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
