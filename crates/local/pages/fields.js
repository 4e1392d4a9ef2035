// The rows of forms. In a page's HTML, one `<form-field>` stands for a label, its control, a hint and the place for what is wrong:
//
//   <form-field kind="id" id="sender" label="Sender ID">A hint.</form-field>
//
// Its attributes are the control's, but for `kind`, `label` and `note`, which stands after the label. A `select` or `textarea` inside it
// is its control, a button stands beside it, and the rest is the hint.

import { element } from "/elements.js";

const AS_TYPED = { autocapitalize: "none", spellcheck: "false" };
const KINDS = {
  id: { maxlength: "255", ...AS_TYPED },
  ids: { ...AS_TYPED },
  reason: { label: "Reason", note: "required", maxlength: "500", required: "" },
  whole: { inputmode: "numeric" },
  decimal: { inputmode: "decimal" },
  date: { type: "date" },
};

/** Replaces each `<form-field>` in `root` by its row. */
export function expandFields(root) {
  for (const field of root.querySelectorAll("form-field")) field.replaceWith(row(field));
}

function row(field) {
  const { kind, label, note, id, class: name = "", ...attributes } = { ...KINDS[field.getAttribute("kind")], ...attributesOf(field) };
  const control = field.querySelector("select, textarea") ?? element("input", { autocomplete: "off" });
  const button = field.querySelector("button");
  control.remove();
  button?.remove();
  const hint = field.textContent.trim() !== "" || field.childElementCount > 0;
  const described = `${hint ? `${id}-hint ` : ""}${id}-error`;
  for (const [attribute, value] of Object.entries({ name: control.name || id, ...attributes, id, "aria-describedby": described })) control.setAttribute(attribute, value);
  return element(
    "div",
    { class: `field ${name}`.trim() },
    element("label", { for: id }, label, note && element("span", { class: "optional" }, ` (${note})`)),
    button ? element("div", { class: "joined" }, control, button) : control,
    hint && element("p", { class: "hint", id: `${id}-hint` }, ...field.childNodes),
    element("p", { class: "field-error", id: `${id}-error`, role: "alert" }),
  );
}

const attributesOf = (field) => Object.fromEntries([...field.attributes].map(({ name, value }) => [name, value]));
