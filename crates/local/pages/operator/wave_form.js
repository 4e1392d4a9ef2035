// Reads the wave's form as a change of the wave: only the fields that differ.

import { readRequired } from "/forms.js";
import { parsePercentage, parseRate } from "/rates.js";
import { fieldError } from "/view.js";
import { BAD_ID, isUserId } from "/user.js";
import { neverHalts } from "/operator/labels.js";

const NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/;
const BAD_NAME = "Use 1 to 32 lowercase letters, digits or . _ -, starting with a letter or digit.";
const LISTS = ["add", "remove", "deny"];
const NEVER_EXCEEDED_PPM = 1_000_000;

/** Parses ids separated by spaces, commas or line breaks: `{ ids }`, or `{ error }`. */
function parseIds(text) {
  const ids = [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ""))];
  const bad = ids.find((id) => !isUserId(id));
  return bad === undefined ? { ids } : { error: `“${bad.slice(0, 40)}” is not a creator id. ${BAD_ID}` };
}

/** The value of a field, by `parse`; or undefined after showing what is wrong with it. */
function readField(wrong, input, parse) {
  const { error, ...parsed } = parse(input.value);
  fieldError(input, error ?? "");
  if (error) wrong.push(input);
  return error ? undefined : Object.values(parsed)[0];
}

/** `{ name, lists, rule, reason }` as typed, or null after focusing the first field that is wrong. */
export function readEdit(form, current) {
  const fields = form.elements;
  const wrong = [];
  const name = current?.name ?? readField(wrong, fields.name, (text) =>
    NAME.test(text.trim()) ? { name: text.trim() } : { error: BAD_NAME });
  const lists = readLists(wrong, fields);
  const rule = { ...readPercentage(wrong, fields, current), ...readStart(fields, current), ...readHalt(wrong, fields, current) };
  if (wrong.length > 0) {
    const hiding = wrong[0].closest("details");
    if (hiding) hiding.open = true;
    wrong[0].focus();
    return null;
  }
  const reason = readRequired(fields.reason, "Enter a reason. It is kept in the audit trail.");
  return reason === null ? null : { name, lists, rule, reason };
}

function readLists(wrong, fields) {
  const lists = {};
  const named = new Set();
  for (const list of LISTS) {
    const ids = readField(wrong, fields[list], (text) => {
      const parsed = parseIds(text);
      const twice = parsed.ids?.find((id) => named.has(id));
      return twice === undefined ? parsed : { error: `${twice} is on more than one list.` };
    });
    for (const id of ids ?? []) named.add(id);
    lists[list] = ids ?? [];
  }
  return lists;
}

function readPercentage(wrong, fields, current) {
  const percentage = readField(wrong, fields.percentage, parsePercentage);
  return percentage === (current?.percentage ?? 0) ? {} : { percentage };
}

function readStart(fields, current) {
  const typed = fields.starts_at.value;
  if (typed === localDateTime(current?.starts_at)) return {};
  // A start cannot be removed; a start in the past means at once.
  return { starts_at: (typed === "" ? new Date() : new Date(typed)).toISOString() };
}

function readHalt(wrong, fields, current) {
  if (!fields.halts.checked) {
    if (neverHalts(current?.halt)) return {};
    const never = { dispute_rate_ppm: NEVER_EXCEEDED_PPM, failure_rate_ppm: NEVER_EXCEEDED_PPM };
    return { halt: { ...never, min_payments: current.halt.min_payments } };
  }
  const halt = {
    dispute_rate_ppm: readField(wrong, fields.dispute_rate, parseRate),
    failure_rate_ppm: readField(wrong, fields.failure_rate, parseRate),
    min_payments: readField(wrong, fields.min_payments, parseCount),
  };
  const isAsBefore = Object.entries(halt).every(([field, value]) => current?.halt?.[field] === value);
  return isAsBefore ? {} : { halt };
}

const parseCount = (text) =>
  /^\d{1,9}$/.test(text.trim()) ? { count: Number.parseInt(text, 10) } : { error: "Enter a whole number." };

/** A time as the value of a `datetime-local` field: in the reader's time zone, to the minute. */
export function localDateTime(iso) {
  if (!iso) return "";
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
