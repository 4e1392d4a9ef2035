// Shows one view at a time, from the templates in the page's HTML. Text from outside only becomes text nodes.

import { element } from "/elements.js";
import { expandFields } from "/fields.js";

const view = document.getElementById("view");
const announcer = document.getElementById("announcer");
const pageTitle = document.title;

export function slots(root) {
  return (name) => root.querySelector(`[data-slot="${name}"]`);
}

export function fill(root, texts) {
  const slot = slots(root);
  for (const [name, text] of Object.entries(texts)) slot(name).textContent = text;
}

export function instantiate(templateId) {
  const root = document.getElementById(templateId).content.cloneNode(true).firstElementChild;
  expandFields(root);
  return root;
}

/** Replaces the view and moves the focus to its heading, so that the keyboard and screen readers follow. */
export function show(root) {
  view.replaceChildren(root);
  const heading = root.querySelector("h1");
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  document.title = `${heading.textContent.trim()} · ${pageTitle}`;
  return root;
}

export const isShown = (root) => root.isConnected;

/** Says `text` to screen readers, and where the page shows its announcements, to all. */
export function announce(text) {
  announcer.replaceChildren(element("span", {}, text));
}

export function showLoading(title) {
  return show(element(
    "section",
    { class: "card loading", "data-testid": "loading" },
    element("h1", { tabindex: "-1" }, title),
    element("span", { class: "spinner", "aria-hidden": "true" }),
  ));
}

export function listReasons(list, reasons) {
  list.replaceChildren(...reasons.map((reason) => {
    const item = document.createElement("li");
    item.dataset.reason = reason.code ?? "";
    item.textContent = reason.message || reason.code || "Not available.";
    return item;
  }));
  list.hidden = reasons.length === 0;
}

/** Shows an error with the API's message and the ways to continue. `retry` repeats the same request. */
export function showProblem({ title, error, retry, retryLabel = "Try again", back }) {
  const reasons = element("ul", { class: "reasons" });
  listReasons(reasons, error.reasons ?? []);
  const button = retry && element("button", { class: "primary", id: "problem-retry", type: "button" }, retryLabel);
  button?.addEventListener("click", retry);
  return show(element(
    "section",
    { class: "card", "data-testid": "problem" },
    element("h1", { tabindex: "-1" }, title),
    element("p", {}, error.message),
    reasons,
    element("div", { class: "actions" }, button, element("a", { class: "button", href: back.href, "data-testid": "problem-back" }, back.label)),
  ));
}

export function alertIn(root, text) {
  const alert = slots(root)("alert");
  alert.textContent = text;
  alert.hidden = text === "";
}

export function fieldError(input, text) {
  document.getElementById(`${input.id}-error`).textContent = text;
  input.setAttribute("aria-invalid", String(text !== ""));
}

/** One request at a time: pressing a busy button does nothing, and assistive technology knows that it is busy. */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}
