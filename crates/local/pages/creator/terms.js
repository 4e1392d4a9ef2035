// A creator's own terms: the minimum amount and the suggested amounts.

import { element } from "/elements.js";
import { editedVersion, onSubmit } from "/forms.js";
import { decimalText, formatMoney, parseAmount } from "/money.js";
import { announce, fieldError, fill, slots } from "/view.js";
import { changeSettings } from "/creator/api.js";

export function fillTerms(page) {
  const { root, current: { body } } = page;
  const { currency, account_currency: own, limits, min_amount: minimum, presets } = body;
  const money = (amount) => formatMoney(amount, currency);
  fill(root, {
    "terms-currency": currency.toUpperCase(),
    "terms-limits": `Between ${money(limits.min_amount)} and ${money(limits.max_amount)}.`,
    conversion: `You receive ${currency.toUpperCase()}. Stripe converts it to ${own?.toUpperCase()} on the way to your account, at its rate.`,
  });
  slots(root)("conversion").hidden = own === null || own === currency;
  const { min_amount: minimumInput, presets: presetsInput } = root.querySelector("#terms-form").elements;
  const texts = { minimum: minimum === null ? "" : decimalText(minimum, currency), presets: presets.map((each) => decimalText(each, currency)).join("  ") };
  // A field that the user has changed keeps its text; others are updated.
  if (minimumInput.value === (page.shown?.minimum ?? "")) minimumInput.value = texts.minimum;
  if (presetsInput.value === (page.shown?.presets ?? "")) presetsInput.value = texts.presets;
  page.shown = texts;
}

export function wireTerms(page, onSaved) {
  const form = page.root.querySelector("#terms-form");
  const version = editedVersion(form, () => page.current.etag);
  const reload = () => {
    version.restart();
    return onSaved();
  };
  const save = async () => {
    const { currency } = page.current.body;
    const minimum = readMinimum(form.elements.min_amount, currency);
    const presets = readPresets(form.elements.presets, currency);
    if (minimum === undefined || presets === undefined) return;
    await changeSettings({ min_amount: minimum, presets }, version.etag());
    await reload();
    slots(form)("saved").replaceChildren(element("span", {}, "Saved. The new amounts apply to new payments."));
    announce("Your amounts are saved.");
  };
  const outdated = {
    sentence: "Your settings have changed since you began to type. Nothing was saved; your input is still here.",
    label: "Reload",
    retry: reload,
  };
  onSubmit(form, save, { outdated });
  form.addEventListener("input", () => slots(form)("saved").replaceChildren());
}

/** The amount, null for none, or undefined after showing what is wrong. */
function readMinimum(input, currency) {
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
