// A creator's own terms: the least they take, and the amounts that they suggest.

import { element, onSubmit } from "/elements.js";
import { decimalText, formatMoney, parseAmount } from "/money.js";
import { announce, fieldError, fill, slots } from "/view.js";
import { changeSettings } from "/creator/calls.js";

export function fillTerms(page) {
  const { root, present: { body } } = page;
  const { currency, limits, min_amount: least, presets } = body;
  const money = (amount) => formatMoney(amount, currency);
  fill(root, {
    "terms-currency": currency.toUpperCase(),
    "terms-limits": `Between ${money(limits.min_amount)} and ${money(limits.max_amount)}.`,
  });
  const { min_amount: leastInput, presets: presetsInput } = root.querySelector("#terms-form").elements;
  const texts = { least: least === null ? "" : decimalText(least, currency), presets: presets.map((each) => decimalText(each, currency)).join("  ") };
  // What somebody is typing is theirs; what stands as it was shown is brought up to date.
  if (leastInput.value === (page.shown?.least ?? "")) leastInput.value = texts.least;
  if (presetsInput.value === (page.shown?.presets ?? "")) presetsInput.value = texts.presets;
  page.shown = texts;
}

export function wireTerms(page, changed) {
  const form = page.root.querySelector("#terms-form");
  const save = async () => {
    const { currency } = page.present.body;
    const least = readLeast(form.elements.min_amount, currency);
    const presets = readPresets(form.elements.presets, currency);
    if (least === undefined || presets === undefined) return;
    await changeSettings({ min_amount: least, presets }, page.present.etag);
    await changed();
    slots(form)("saved").replaceChildren(element("span", {}, "Saved. It counts for every payment from now on."));
    announce("Your terms are saved.");
  };
  const outdated = {
    sentence: "Something about you changed since this page read it. Nothing was saved; what you typed is still here.",
    label: "Look again",
    again: changed,
  };
  onSubmit(form, save, { outdated });
  form.addEventListener("input", () => slots(form)("saved").replaceChildren());
}

/** The amount, null for none, or undefined after saying what is wrong. */
function readLeast(input, currency) {
  if (input.value.trim() === "") return fieldError(input, "") ?? null;
  const { amount, error } = parseAmount(input.value, currency);
  fieldError(input, error ?? "");
  if (error) input.focus();
  return amount;
}

function readPresets(input, currency) {
  const read = input.value.split(/[\s;]+/).filter((text) => text !== "").map((text) => parseAmount(text, currency));
  const wrong = read.find((each) => each.error);
  fieldError(input, wrong?.error ?? "");
  if (!wrong) return read.map((each) => each.amount);
  input.focus();
  return undefined;
}
