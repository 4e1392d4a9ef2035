// The cards that Stripe keeps for the sender: the list, and forgetting one.

import { forgetCard, paymentMethods } from "/api.js";
import { cardName, expiryText } from "/card_names.js";
import { element } from "/elements.js";
import { attempt } from "/forms.js";
import { announce, instantiate, isShown, show, slots, whileBusy } from "/view.js";

export function showCards() {
  const root = instantiate("cards-view");
  show(root);
  attempt(root, () => addPage(root, null));
}

async function addPage(root, cursor) {
  const { items, next_cursor: next } = await paymentMethods(cursor);
  if (!isShown(root)) return;
  const slot = slots(root);
  slot("cards").append(...items.map((card) => row(root, card)));
  slot("older").hidden = next === null;
  slot("older").onclick = () => whileBusy(slot("older"), () => attempt(root, () => addPage(root, next)));
  showNone(root);
}

function showNone(root) {
  const slot = slots(root);
  slot("none").hidden = slot("cards").childElementCount > 0 || !slot("older").hidden;
}

function row(root, card) {
  const name = cardName(card);
  const forget = element("button", { class: "quiet", type: "button", "data-testid": "forget", "aria-label": `Remove ${name}` }, "Remove");
  const made = element(
    "li",
    { "data-testid": "kept-card" },
    element("div", { class: "heading" },
      element("div", {}, element("strong", {}, name), element("p", { class: "hint" }, `Expires ${expiryText(card)}`)),
      forget),
  );
  forget.addEventListener("click", () => whileBusy(forget, () => attempt(root, async () => {
    await forgetCard(card.payment_method_id);
    if (!isShown(root)) return;
    made.remove();
    showNone(root);
    root.querySelector("h1").focus();
    announce(`${name} is removed.`);
  })));
  return made;
}
