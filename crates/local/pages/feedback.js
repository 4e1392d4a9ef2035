// The sender's feedback: a rating from 1 to 5 and a text. Operators read it by wave.

import { giveFeedback } from "/api.js";
import { element } from "/elements.js";
import { onSubmit } from "/forms.js";
import { alertIn, announce, slots } from "/view.js";

const RATINGS = [1, 2, 3, 4, 5];
const THANKS = "Thank you for your feedback.";

export function wireFeedback(root, payment) {
  const form = root.querySelector("#feedback-form");
  slots(form)("ratings").replaceChildren(...RATINGS.map(choice));
  form.addEventListener("change", () => alertIn(form, ""));
  onSubmit(form, async () => {
    const { rating, comment } = form.elements;
    if (rating.value === "") return alertIn(form, "Choose a rating from 1 to 5.");
    const text = comment.value.trim();
    await giveFeedback({ rating: Number(rating.value), payment_id: payment.payment_id, ...(text === "" ? {} : { text }) });
    form.replaceChildren(element("p", { class: "lead", tabindex: "-1" }, THANKS));
    form.firstElementChild.focus();
    announce(THANKS);
  });
}

function choice(rating) {
  const id = `rating-${rating}`;
  const input = element("input", { id, name: "rating", type: "radio", value: rating });
  return element("label", { class: "rating", for: id }, input, element("span", {}, String(rating)));
}
