// Who the person at the page is: a form at its top, remembered by the browser. The local stack believes anybody.

import { fieldError } from "/view.js";

const USER_ID = /^[A-Za-z0-9._:|@-]{1,128}$/;

export const BAD_ID = "Use 1–128 letters, digits or . _ : | @ -";
export const isUserId = (text) => USER_ID.test(text);

/** Reads the id typed into `input`, or null after saying what is wrong with it. */
export function readId(input) {
  const id = input.value.trim();
  fieldError(input, isUserId(id) ? "" : BAD_ID);
  if (isUserId(id)) return id;
  input.focus();
  return null;
}

/** Lets the person say who they are, and answers with who it is now. `changed` is told of every other name. */
export function askWho({ form, slot, fallback, changed }) {
  const input = form.querySelector("input");
  const remembered = localStorage.getItem(slot) ?? "";
  let present = isUserId(remembered) ? remembered : fallback;
  input.value = present;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = readId(input);
    if (name === null || name === present) return;
    present = name;
    localStorage.setItem(slot, name);
    changed(name);
  });
  return present;
}

/** The skip link leads to the view, and is no route. */
export function wireSkipLink() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("view").focus();
  });
}
