// The operator's page: the user and the routes. Each view has its own file.

import { stopListening } from "/events.js";
import { instantiate, show } from "/view.js";
import { wireUserForm, isUserId, readId, wireSkipLink } from "/user.js";
import { signInAs } from "/operator/api.js";
import { adaptToConsole } from "/operator/console.js";
import { showCreator } from "/operator/creator.js";
import { showEdit } from "/operator/edit_wave.js";
import { showFeedback } from "/operator/feedback.js";
import { showGoLive } from "/operator/go_live.js";
import { showBooks } from "/operator/books.js";
import { showOverview } from "/operator/overview.js";
import { showPayment } from "/operator/payment.js";
import { showPayments } from "/operator/payments.js";
import { showParkedEvent, showQuarantine } from "/operator/quarantine.js";
import { showSender } from "/operator/sender.js";
import { showWave } from "/operator/wave.js";

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
  if (kind === "creators") return findCreator();
  if (kind === "senders" && isUserId(name)) return showSender(name);
  if (kind === "senders") return findSender();
  if (kind === "payments") return name === "" ? showPayments() : showPayment(name);
  if (kind === "sent" && isUserId(name)) return showPayments({ sender_id: name });
  if (kind === "received" && isUserId(name)) return showPayments({ creator_id: name });
  if (kind === "quarantine") return name === "" ? showQuarantine() : showParkedEvent(name);
  if (kind === "books") return showBooks();
  if (kind === "feedback") return showFeedback();
  if (kind === "go-live") return showGoLive();
  return showOverview();
}

function markCurrent(kind) {
  const section = { waves: "", "new-wave": "", sent: "payments", received: "payments" }[kind] ?? kind;
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

function findCreator() {
  const form = show(instantiate("find-view")).querySelector("#find-form");
  openOnSubmit(form, form.elements.find, "creators");
}

function findSender() {
  const root = show(instantiate("find-sender-view"));
  const form = root.querySelector("#find-sender-form");
  openOnSubmit(form, form.elements.sender, "senders");
}

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
