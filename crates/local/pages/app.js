// The sender's page: the user and the routes. Each step of a payment has its own file.

import { signInAs } from "/api.js";
import { showAmount } from "/amount.js";
import { showCards } from "/cards.js";
import { showPay } from "/checkout.js";
import { showHistory } from "/history.js";
import { showHome } from "/home.js";
import { showProfile } from "/profile.js";
import { showReceipt } from "/receipt.js";
import { wireUserForm, isUserId, wireSkipLink } from "/user.js";

function route() {
  const [, kind = "", rawId, step] = location.hash.split("/");
  let id = "";
  try {
    id = decodeURIComponent(rawId ?? "");
  } catch {
    // A malformed address is handled like an unknown one.
  }
  markCurrent(kind);
  if (kind === "creators" && isUserId(id)) {
    if (step === "send") return showAmount(id);
    if (step === "pay") return showPay(id);
    return showProfile(id);
  }
  if (kind === "payments") return isUserId(id) ? showReceipt(id) : showHistory();
  if (kind === "cards") return showCards();
  return showHome();
}

function markCurrent(kind) {
  const current = kind === "payments" || kind === "cards" ? `#/${kind}` : "#/";
  for (const link of document.querySelectorAll("#tabs a")) {
    if (link.getAttribute("href") === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

wireSkipLink();
window.addEventListener("hashchange", route);
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
