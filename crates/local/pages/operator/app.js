// The operator's page: the user and the routes. Each view has its own file.

import { stopListening } from "/events.js";
import { instantiate, show } from "/view.js";
import { wireUserForm, isUserId, readId, wireSkipLink } from "/user.js";
import { signInAs } from "/operator/api.js";
import { adaptToConsole } from "/operator/console.js";
import { showCreator } from "/operator/creator.js";
import { showEdit } from "/operator/edit_wave.js";
import { showHealth } from "/operator/health.js";
import { showOverview } from "/operator/overview.js";
import { showSender } from "/operator/sender.js";
import { showWave } from "/operator/wave.js";

const findForm = document.getElementById("find-form");

function route() {
  const [, kind = "", rawName = "", step] = location.hash.split("/");
  let name = "";
  try {
    name = decodeURIComponent(rawName);
  } catch {
    // A malformed address is handled like an unknown one.
  }
  stopListening();
  markCurrent(kind);
  if (kind === "waves" && name !== "") return step === "edit" ? showEdit(name) : showWave(name);
  if (kind === "new-wave") return showEdit(null);
  if (kind === "creators" && isUserId(name)) return showCreator(name);
  if (kind === "creators") return show(instantiate("find-view"));
  if (kind === "senders" && isUserId(name)) return showSender(name);
  if (kind === "senders") return findSender();
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

/** Opens the view of `kind` with the id that is entered in `input`. */
function openOnSubmit(form, input, kind) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = readId(input);
    if (id === null) return;
    input.value = "";
    location.hash = `#/${kind}/${encodeURIComponent(id)}`;
  });
}

function findSender() {
  const root = show(instantiate("find-sender-view"));
  const form = root.querySelector("#find-sender-form");
  openOnSubmit(form, form.elements.sender, "senders");
}

openOnSubmit(findForm, findForm.elements.find, "creators");

wireSkipLink();
window.addEventListener("hashchange", route);
const operator = wireUserForm({
  form: document.getElementById("operator-form"),
  slot: "operator/name",
  fallback: "olga",
  onChange: (name) => {
    signInAs(name);
    route();
  },
});
signInAs(operator);
await adaptToConsole();
route();
