// The demo page: who is sending, which creator, and the routes. Each step of a payment is a file of its own.

import { currentSender, signInAs } from "/api.js";
import { showAmount } from "/amount.js";
import { showPay } from "/checkout.js";
import { showProfile } from "/profile.js";
import { showReceipt } from "/receipt.js";
import { fieldError, instantiate, show } from "/view.js";

const DEMO_CREATORS = [
  { id: "ana", note: "ready" },
  { id: "bo", note: "not enabled yet" },
  { id: "cy", note: "no account yet" },
];
const SENDER_SLOT = "send-money/sender";
const USER_ID = /^[A-Za-z0-9._:|@-]{1,128}$/;
const BAD_ID = "Use 1–128 letters, digits or . _ : | @ -";

const senderForm = document.getElementById("sender-form");
const findForm = document.getElementById("find-form");

function route() {
  const [, kind, rawId, step] = location.hash.split("/");
  let id = "";
  try {
    id = decodeURIComponent(rawId ?? "");
  } catch {
    // A malformed address is treated like an unknown one.
  }
  markCurrent(kind === "creators" ? id : "");
  if (kind === "creators" && USER_ID.test(id)) {
    if (step === "send") return showAmount(id);
    if (step === "pay") return showPay(id);
    return showProfile(id);
  }
  if (kind === "payments" && USER_ID.test(id)) return showReceipt(id);
  return show(instantiate("welcome-view"));
}

function markCurrent(id) {
  for (const link of document.querySelectorAll("#creators a")) {
    if (link.dataset.creator === id) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function creatorLink({ id, note }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const name = document.createElement("strong");
  const hint = document.createElement("span");
  link.href = `#/creators/${encodeURIComponent(id)}`;
  link.dataset.creator = id;
  name.textContent = id;
  hint.textContent = note;
  link.append(name, " ", hint);
  item.append(link);
  return item;
}

senderForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = senderForm.elements.sender;
  const name = input.value.trim();
  const valid = USER_ID.test(name);
  fieldError(input, valid ? "" : BAD_ID);
  if (!valid) return input.focus();
  if (name === currentSender()) return;
  localStorage.setItem(SENDER_SLOT, name);
  signInAs(name);
  route();
});

findForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = findForm.elements.find;
  const id = input.value.trim();
  const valid = USER_ID.test(id);
  fieldError(input, valid ? "" : BAD_ID);
  if (!valid) return input.focus();
  input.value = "";
  location.hash = `#/creators/${encodeURIComponent(id)}`;
});

// The skip link must not become a route.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("view").focus();
});

window.addEventListener("hashchange", route);
document.getElementById("creators").replaceChildren(...DEMO_CREATORS.map(creatorLink));
const remembered = localStorage.getItem(SENDER_SLOT) ?? "";
signInAs(USER_ID.test(remembered) ? remembered : "sam");
senderForm.elements.sender.value = currentSender();
route();
