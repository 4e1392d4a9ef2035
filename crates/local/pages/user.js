// The form at the top of a page that says who the user is. The browser remembers it; the local stack trusts it.

import { fieldError } from "/view.js";

const USER_ID = /^[!-~]{1,255}$/;

export const BAD_ID = "Use 1 to 255 letters, digits or punctuation marks, without spaces";
export const isUserId = (text) => USER_ID.test(text);

/** The id typed into `input`, or null after showing what is wrong with it. */
export function readId(input) {
  const id = input.value.trim();
  fieldError(input, isUserId(id) ? "" : BAD_ID);
  if (isUserId(id)) return id;
  input.focus();
  return null;
}

/** Wires the form and returns the current user. Calls `onChange(name)` when the user changes. */
export function wireUserForm({ form, slot, fallback, onChange }) {
  const input = form.querySelector("input");
  const remembered = localStorage.getItem(slot) ?? "";
  let current = isUserId(remembered) ? remembered : fallback;
  input.value = current;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = readId(input);
    if (name === null || name === current) return;
    current = name;
    localStorage.setItem(slot, name);
    onChange(name);
  });
  return current;
}

/** The skip link moves the focus to the view; its hash is not a route. */
export function wireSkipLink() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("view").focus();
  });
}
