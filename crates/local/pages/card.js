// The card form and the bank's question. Card data lives in the form's fields and in the request to Stripe only.

import { formatMoney } from "/money.js";
import { announce, fieldError, fill, instantiate, show, slots } from "/view.js";

export function showCard(payment, back) {
  const root = instantiate("card-view");
  const money = (amount) => formatMoney(amount, payment.currency);
  fill(root, {
    creator: payment.creator_id,
    amount: money(payment.amount),
    fee: money(payment.processing_fee),
    total: money(payment.total),
    "pay-total": money(payment.total),
  });
  slots(root)("back").href = back;
  const { number, expiry, cvc } = root.elements;
  number.addEventListener("input", () => spaceOut(number));
  expiry.addEventListener("blur", () => {
    const read = readExpiry(expiry.value);
    if (read) expiry.value = `${read.month} / ${read.year.slice(2)}`;
  });
  for (const chip of root.querySelectorAll("[data-number]")) {
    chip.addEventListener("click", () => {
      number.value = chip.dataset.number;
      spaceOut(number);
      expiry.value = `12 / ${String(new Date().getFullYear() + 3).slice(2)}`;
      cvc.value = "123";
      for (const input of [number, expiry, cvc]) fieldError(input, "");
      announce(`${chip.textContent} test card filled in.`);
      root.querySelector("#pay").focus();
    });
  }
  return show(root);
}

/** Groups of four while typing at the end; never moves a caret that is in the middle. */
function spaceOut(input) {
  if (input.selectionStart !== null && input.selectionStart < input.value.length) return;
  input.value = input.value.replace(/\D/g, "").replace(/(\d{4})(?=\d)/g, "$1 ");
}

function readExpiry(text) {
  const parts = /^\s*(0?[1-9]|1[0-2])\s*[/ -]?\s*(?:20)?(\d{2})\s*$/.exec(text);
  return parts && { month: parts[1].padStart(2, "0"), year: `20${parts[2]}` };
}

/** The card as typed, or null after pointing at the first field that is wrong. */
export function readCard(root) {
  const { number, expiry, cvc } = root.elements;
  const digits = number.value.replace(/[\s-]/g, "");
  const date = readExpiry(expiry.value);
  const checks = [
    [number, /^\d{12,19}$/.test(digits), "Enter the number on the card."],
    [expiry, date !== null, "Enter month and year, for example 12 / 30."],
    [cvc, /^\d{3,4}$/.test(cvc.value.trim()), "Enter the 3 or 4 digits."],
  ];
  for (const [input, good, sentence] of checks) fieldError(input, good ? "" : sentence);
  const wrong = checks.find(([, good]) => !good);
  if (wrong) {
    wrong[0].focus();
    return null;
  }
  return { number: digits, ...date, cvc: cvc.value.trim() };
}

/** Stands for the bank's 3-D Secure page: "complete" or "fail"; closing it is a fail, as with Stripe.js. */
export function askBank(root, payment) {
  const dialog = instantiate("bank-dialog");
  fill(dialog, { creator: payment.creator_id, total: formatMoney(payment.total, payment.currency) });
  root.after(dialog);
  return new Promise((resolve) => {
    dialog.querySelector("#bank-complete").addEventListener("click", () => dialog.close("complete"));
    dialog.querySelector("#bank-fail").addEventListener("click", () => dialog.close("fail"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "complete" ? "complete" : "fail");
    });
    dialog.showModal();
  });
}
