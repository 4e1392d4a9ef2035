// The sender's page: the user, the list of creators, and the routes. Each step of a payment has its own file.

import { readOrNull, signInAs, stackConfig } from "/api.js";
import { showAmount } from "/amount.js";
import { showPay } from "/checkout.js";
import { showProfile } from "/profile.js";
import { showReceipt } from "/receipt.js";
import { instantiate, show } from "/view.js";
import { wireUserForm, isUserId, readId, wireSkipLink } from "/user.js";

const DEMO_CREATORS = [
  { id: "ana", note: "ready" },
  { id: "bo", note: "not enabled yet" },
  { id: "cy", note: "no account yet" },
];

const findForm = document.getElementById("find-form");

function route() {
  const [, kind, rawId, step] = location.hash.split("/");
  let id = "";
  try {
    id = decodeURIComponent(rawId ?? "");
  } catch {
    // A malformed address is handled like an unknown one.
  }
  markCurrent(kind === "creators" ? id : "");
  if (kind === "creators" && isUserId(id)) {
    if (step === "send") return showAmount(id);
    if (step === "pay") return showPay(id);
    return showProfile(id);
  }
  if (kind === "payments" && isUserId(id)) return showReceipt(id);
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

findForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = findForm.elements.find;
  const id = readId(input);
  if (id === null) return;
  input.value = "";
  location.hash = `#/creators/${encodeURIComponent(id)}`;
});

/** Stripe's test mode has no sample creators. */
const sampleCreators = async () => ((await readOrNull(stackConfig))?.stripe_js ? [] : DEMO_CREATORS);

wireSkipLink();
window.addEventListener("hashchange", route);
document.getElementById("creators").replaceChildren(...(await sampleCreators()).map(creatorLink));
const sender = wireUserForm({
  form: document.getElementById("sender-form"),
  slot: "send-money/sender",
  fallback: "sam",
  onChange: (name) => {
    signInAs(name);
    route();
  },
});
signInAs(sender);
route();
