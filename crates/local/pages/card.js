// The form to pay with at the stand-in, which takes test cards alone: its fields and the 3-D Secure dialog.

import { formatMoney } from "/money.js";
import { chooseAnotherCard, chosenCard, consent, loadSavedCards, showSavedCards } from "/saved_cards.js";
import { answerBank, confirmCard } from "/stripe.js";
import { announce, fieldError, fill, instantiate, show, slots } from "/view.js";

/** What every form to pay with says: the amounts, and the way back. */
export function paymentView(payment, back) {
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
  return root;
}

/** Shows the form: `{ root, focus, confirm }`, or null if the sender has left. */
export async function openCardForm(payment, back, isWanted) {
  const savedCards = await loadSavedCards(payment);
  if (!isWanted()) return null;
  const root = paymentView(payment, back);
  showSavedCards(root, savedCards);
  wireFields(root);
  show(root);
  return { root, focus: () => focusNumber(root), confirm: () => confirm(payment, root) };
}

function wireFields(root) {
  const { number, expiry, cvc } = root.elements;
  number.addEventListener("input", () => groupDigits(number));
  expiry.addEventListener("blur", () => {
    const read = readExpiry(expiry.value);
    if (read) expiry.value = `${read.month} / ${read.year.slice(2)}`;
  });
  for (const chip of root.querySelectorAll("[data-number]")) {
    chip.addEventListener("click", () => {
      chooseAnotherCard(root);
      number.value = chip.dataset.number;
      groupDigits(number);
      expiry.value = `12 / ${String(new Date().getFullYear() + 3).slice(2)}`;
      cvc.value = "123";
      for (const input of [number, expiry, cvc]) fieldError(input, "");
      announce(`${chip.textContent} test card entered.`);
      root.querySelector("#pay").focus();
    });
  }
}

function focusNumber(root) {
  if (chosenCard(root)) return;
  const { number } = root.elements;
  number.focus();
  number.select();
}

/** `{ intent }`, or Stripe's `{ error }`; null where a field is wrong. */
async function confirm(payment, root) {
  const card = readCard(root);
  if (!card) return null;
  const result = await confirmCard(payment, card);
  if (result.error || result.intent?.status !== "requires_action") return result;
  const answer = await askBank(root, payment);
  const answered = await answerBank(result.intent, answer);
  if (answer !== "fail" || answered.error) return answered;
  return { error: { type: "card_error", code: "payment_intent_authentication_failure" } };
}

/** Groups the digits in fours, unless the caret is in the middle, where it would jump. */
function groupDigits(input) {
  if (input.selectionStart !== null && input.selectionStart < input.value.length) return;
  input.value = input.value.replace(/\D/g, "").replace(/(\d{4})(?=\d)/g, "$1 ");
}

function readExpiry(text) {
  const parts = /^\s*(0?[1-9]|1[0-2])\s*[/ -]?\s*(?:20)?(\d{2})\s*$/.exec(text);
  return parts && { month: parts[1].padStart(2, "0"), year: `20${parts[2]}` };
}

/** The chosen kept card, or the card as typed; null after focusing the first field that is wrong. */
function readCard(root) {
  const saved = chosenCard(root);
  if (saved) return { saved };
  const { number, expiry, cvc } = root.elements;
  const digits = number.value.replace(/[\s-]/g, "");
  const date = readExpiry(expiry.value);
  const checks = [
    [number, /^\d{12,19}$/.test(digits), "Enter the card number."],
    [expiry, date !== null, "Enter the month and year, for example 12 / 30."],
    [cvc, /^\d{3,4}$/.test(cvc.value.trim()), "Enter the 3 or 4 digit security code."],
  ];
  for (const [input, good, sentence] of checks) fieldError(input, good ? "" : sentence);
  const wrong = checks.find(([, good]) => !good);
  if (wrong) {
    wrong[0].focus();
    return null;
  }
  return { number: digits, ...date, cvc: cvc.value.trim(), consent: consent(root) };
}

/** Stands in for the bank's 3-D Secure page: "complete" or "fail". Closing it fails, as with Stripe.js. */
function askBank(root, payment) {
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
