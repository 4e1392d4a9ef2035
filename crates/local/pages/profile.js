// A creator's profile and terms. The button to send money exists only if the creator can receive from this sender.

import { creatorTerms, currentSender } from "/api.js";
import { endAttempt, unfinishedAttempt } from "/attempts.js";
import { formatMoney } from "/money.js";
import { fill, instantiate, isShown, listReasons, show, showLoading, showProblem, slots } from "/view.js";

export const profileAddress = (creator) => `#/creators/${encodeURIComponent(creator)}`;

/** A creator's terms, or null if the user left the view or a problem is shown instead. */
export async function loadTerms(creator, retry) {
  const waiting = showLoading(`Loading ${creator}…`);
  try {
    const terms = await creatorTerms(creator);
    return isShown(waiting) ? terms : null;
  } catch (error) {
    if (isShown(waiting)) {
      showProblem({ title: "This profile could not be loaded", error, retry, back: { href: "#/", label: "Other creators" } });
    }
    return null;
  }
}

export async function showProfile(creator) {
  const terms = await loadTerms(creator, () => showProfile(creator));
  if (!terms) return;
  const root = instantiate("profile-view");
  const slot = slots(root);
  fill(root, { creator, portrait: [...creator][0].toUpperCase() });
  slot("badge").textContent = terms.can_receive ? "Can receive money" : "Cannot receive money right now";
  slot("badge").classList.add(terms.can_receive ? "yes" : "no");
  if (terms.can_receive) {
    slot("closed").remove();
    slot("open").hidden = false;
    fillOpen(root, creator, terms);
  } else {
    slot("open").remove();
    slot("closed").hidden = false;
    fill(root, { "closed-text": `${creator} cannot receive money from you right now:` });
    listReasons(slot("reasons"), terms.reasons ?? []);
  }
  show(root);
}

function fillOpen(root, creator, terms) {
  const money = (amount) => formatMoney(amount, terms.currency);
  fill(root, {
    terms: `Send from ${money(terms.min_amount)} to ${money(terms.max_amount)}. ${creator} receives all of it.`,
  });
  root.querySelector("#send-money").addEventListener("click", () => {
    location.hash = `${profileAddress(creator)}/send`;
  });
  const attempt = unfinishedAttempt(currentSender(), creator);
  if (!attempt) return;
  const { amount, currency } = attempt.shown;
  const text = formatMoney(amount, currency);
  fill(root, {
    "unfinished-text": attempt.isSent
      ? `Your payment of ${text} to ${creator} is being confirmed. Check it before you send another one.`
      : `You have an unfinished payment of ${text} to ${creator}.`,
    resume: attempt.isSent ? "Check that payment" : "Continue that payment",
  });
  // What may be paid already is not begun again: it is checked first.
  root.querySelector("#discard").hidden = attempt.isSent === true;
  slots(root)("unfinished").hidden = false;
  root.querySelector("#send-money").hidden = true;
  root.querySelector("#resume").addEventListener("click", () => {
    location.hash = `${profileAddress(creator)}/pay`;
  });
  root.querySelector("#discard").addEventListener("click", () => {
    endAttempt(currentSender(), creator);
    location.hash = `${profileAddress(creator)}/send`;
  });
}
