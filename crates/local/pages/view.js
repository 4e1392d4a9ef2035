// Views are the templates of the page's own HTML. Text from outside only ever becomes text nodes, never markup.

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
  return document.getElementById(templateId).content.cloneNode(true).firstElementChild;
}

/** Replaces the view and moves the focus to its heading, so that keyboard and screen reader follow. */
export function show(root) {
  view.replaceChildren(root);
  const heading = root.querySelector("h1");
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  document.title = `${heading.textContent.trim()} · ${pageTitle}`;
  return root;
}

export const isShown = (root) => root.isConnected;

export function announce(text) {
  announcer.textContent = text;
}

export function showLoading(title) {
  const root = instantiate("loading-view");
  fill(root, { title });
  return show(root);
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

/** What went wrong, in the API's own words, with a way on. `retry` repeats the same request. */
export function showProblem({ title, error, retry, retryLabel = "Try again", back }) {
  const root = instantiate("problem-view");
  fill(root, { title, detail: error.message, back: back.label });
  listReasons(slots(root)("reasons"), error.reasons ?? []);
  slots(root)("back").href = back.href;
  const button = root.querySelector("#problem-retry");
  button.textContent = retryLabel;
  if (retry) button.addEventListener("click", retry);
  else button.remove();
  return show(root);
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

/** One request at a time: a second tap on a busy button does nothing, and assistive technology is told. */
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
