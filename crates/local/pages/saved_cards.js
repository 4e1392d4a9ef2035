// The cards that a sender keeps, as Stripe's Payment Element shows them: a choice among them and another card, and the
// element's own box that asks to keep a new one. Stripe.js does all of this on a production page.

import { forgetCard } from "/api.js";
import { cardName, expiryText } from "/card_names.js";
import { element } from "/elements.js";
import { attempt } from "/forms.js";
import { openElement } from "/stripe.js";
import { announce, slots, whileBusy } from "/view.js";

const ANOTHER = "";
const NONE = { payment_methods: [], features: {} };

/** What the element shows for a payment; nothing while its session cannot be opened. */
export async function loadSavedCards(payment) {
  const secret = payment.customer_session_client_secret;
  return (secret && (await openElement(secret))) || NONE;
}

const nameOf = ({ card }) => cardName(card);
const expiryOf = ({ card }) => `Expires ${expiryText(card)}`;

/** Fills the card view. The newest kept card is chosen, so that the next payment is one tap. */
export function showSavedCards(root, { payment_methods: cards, features }) {
  const slot = slots(root);
  slot("keep").hidden = features.payment_method_save !== "enabled";
  root.elements.keep.dataset.usage = features.payment_method_save_usage ?? "";
  slot("saved").replaceChildren(
    ...cards.map((card, index) => savedRow(root, card, index === 0)),
    choice(ANOTHER, "Another card", "", cards.length === 0),
  );
  slot("saved-group").hidden = cards.length === 0;
  slot("saved").addEventListener("change", () => showNewCard(root));
  showNewCard(root);
}

function choice(id, name, detail, checked) {
  const input = element("input", { type: "radio", name: "saved", value: id, id: `saved-${id || "another"}`, checked });
  return element("label", { class: "check", "data-testid": "saved-card" }, input,
    element("span", {}, name, detail && element("span", { class: "hint" }, detail)));
}

function savedRow(root, card, checked) {
  const remove = element("button", { class: "quiet", type: "button", "data-testid": "saved-remove" }, "Remove");
  const row = element("div", { class: "joined" }, choice(card.id, nameOf(card), expiryOf(card), checked), remove);
  remove.setAttribute("aria-label", `Remove ${nameOf(card)}`);
  remove.addEventListener("click", () => whileBusy(remove, () => attempt(root, async () => {
    await forgetCard(card.id);
    row.remove();
    chooseFirst(root);
    announce(`${nameOf(card)} is removed.`);
  })));
  return row;
}

function chooseFirst(root) {
  const choices = slots(root)("saved").querySelectorAll("input");
  choices[0].checked = true;
  slots(root)("saved-group").hidden = choices.length === 1;
  showNewCard(root);
}

/** Chooses to enter another card. */
export function chooseAnotherCard(root) {
  root.querySelector("#saved-another").checked = true;
  showNewCard(root);
}

function showNewCard(root) {
  slots(root)("new-card").hidden = chosenCard(root) !== ANOTHER;
}

/** The id of the chosen kept card; empty for a new one. */
export const chosenCard = (root) => root.querySelector('input[name="saved"]:checked')?.value ?? ANOTHER;

/** How the sender agrees to keep a new card: what the element sends as `setup_future_usage`; empty without consent. */
export const consent = ({ elements: { keep } }) => (keep.checked ? keep.dataset.usage : "");
