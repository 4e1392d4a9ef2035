// The operator's page: who is operating, and the routes. Each view is a file of its own.

import { hush } from "/live.js";
import { instantiate, show } from "/view.js";
import { askWho, isUserId, readId, wireSkipLink } from "/who.js";
import { signInAs } from "/operator/calls.js";
import { showCreator } from "/operator/creator.js";
import { showEdit } from "/operator/edit.js";
import { showHealth } from "/operator/health.js";
import { showOverview } from "/operator/overview.js";
import { showWave } from "/operator/wave.js";

const findForm = document.getElementById("find-form");

function route() {
  const [, kind = "", rawName = "", step] = location.hash.split("/");
  let name = "";
  try {
    name = decodeURIComponent(rawName);
  } catch {
    // A malformed address is treated like an unknown one.
  }
  hush();
  markCurrent(kind);
  if (kind === "waves" && name !== "") return step === "edit" ? showEdit(name) : showWave(name);
  if (kind === "new-wave") return showEdit(null);
  if (kind === "creators" && isUserId(name)) return showCreator(name);
  if (kind === "creators") return show(instantiate("find-view"));
  if (kind === "health") return showHealth();
  return showOverview();
}

function markCurrent(kind) {
  const section = { waves: "", "new-wave": "" }[kind] ?? kind;
  for (const link of document.querySelectorAll("#sections a")) {
    if (link.hash === `#/${section}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

findForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = findForm.elements.find;
  const id = readId(input);
  if (id === null) return;
  input.value = "";
  location.hash = `#/creators/${encodeURIComponent(id)}`;
});

wireSkipLink();
window.addEventListener("hashchange", route);
const operator = askWho({
  form: document.getElementById("operator-form"),
  slot: "operator/name",
  fallback: "olga",
  changed: (name) => {
    signInAs(name);
    route();
  },
});
signInAs(operator);
route();
