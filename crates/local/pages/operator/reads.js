// What is typed into the form of a wave, read as a change of the wave: only what is another than before.

import { readRequired } from "/elements.js";
import { parsePercentage, parseRate } from "/rates.js";
import { fieldError } from "/view.js";
import { BAD_ID, isUserId } from "/who.js";
import { neverHalts } from "/operator/words.js";

const NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/;
const BAD_NAME = "Use 1–32 small letters, digits or . _ -, beginning with a letter or digit.";
const LISTS = ["add", "remove", "deny"];
const NOTHING_IS_ABOVE_PPM = 1_000_000;

/** The ids in a text, apart by spaces, commas or lines: `{ ids }`, or `{ error }`. */
function parseIds(text) {
  const ids = [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ""))];
  const bad = ids.find((id) => !isUserId(id));
  return bad === undefined ? { ids } : { error: `“${bad.slice(0, 40)}” is no creator’s id. ${BAD_ID}` };
}

/** Reads one field with `parse`, and says next to it what is wrong: its value, or undefined. */
function read(wrong, input, parse) {
  const { error, ...parsed } = parse(input.value);
  fieldError(input, error ?? "");
  if (error) wrong.push(input);
  return error ? undefined : Object.values(parsed)[0];
}

/** `{ name, lists, rule, reason }` as typed, or null after pointing at the first field that is wrong. */
export function readEdit(form, present) {
  const fields = form.elements;
  const wrong = [];
  const name = present?.name ?? read(wrong, fields.name, (text) =>
    NAME.test(text.trim()) ? { name: text.trim() } : { error: BAD_NAME });
  const lists = readLists(wrong, fields);
  const rule = { ...readPercentage(wrong, fields, present), ...readStart(fields, present), ...readHalt(wrong, fields, present) };
  if (wrong.length > 0) {
    wrong[0].focus();
    return null;
  }
  const reason = readRequired(fields.reason, "Say why. It stays in the audit trail.");
  return reason === null ? null : { name, lists, rule, reason };
}

function readLists(wrong, fields) {
  const lists = {};
  const named = new Set();
  for (const list of LISTS) {
    const ids = read(wrong, fields[list], (text) => {
      const parsed = parseIds(text);
      const twice = parsed.ids?.find((id) => named.has(id));
      return twice === undefined ? parsed : { error: `${twice} is in two of these lists.` };
    });
    for (const id of ids ?? []) named.add(id);
    lists[list] = ids ?? [];
  }
  return lists;
}

function readPercentage(wrong, fields, present) {
  const percentage = read(wrong, fields.percentage, parsePercentage);
  return percentage === (present?.percentage ?? 0) ? {} : { percentage };
}

function readStart(fields, present) {
  const typed = fields.starts_at.value;
  if (typed === localMinute(present?.starts_at)) return {};
  // Nothing takes a start away; one that is past is at once.
  return { starts_at: (typed === "" ? new Date() : new Date(typed)).toISOString() };
}

function readHalt(wrong, fields, present) {
  if (!fields.halts.checked) {
    if (neverHalts(present?.halt)) return {};
    const never = { dispute_rate_ppm: NOTHING_IS_ABOVE_PPM, failure_rate_ppm: NOTHING_IS_ABOVE_PPM };
    return { halt: { ...never, min_payments: present.halt.min_payments } };
  }
  const halt = {
    dispute_rate_ppm: read(wrong, fields.dispute_rate, parseRate),
    failure_rate_ppm: read(wrong, fields.failure_rate, parseRate),
    min_payments: read(wrong, fields.min_payments, parseCount),
  };
  const isAsBefore = Object.entries(halt).every(([field, value]) => present?.halt?.[field] === value);
  return isAsBefore ? {} : { halt };
}

const parseCount = (text) =>
  /^\d{1,9}$/.test(text.trim()) ? { count: Number.parseInt(text, 10) } : { error: "Enter a whole number." };

/** A point in time as a `datetime-local` field has it: in the reader's time zone, to the minute. */
export function localMinute(iso) {
  if (!iso) return "";
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
