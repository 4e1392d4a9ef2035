// A change of a wave as requests: one can name a thousand creators, a change any number.

import { dryRunWave, editWave } from "/operator/calls.js";

const MOST_IDS = 1_000;
const RESTRICTING = ["deny", "remove"];

/** The lists cut into requests, in the order in which they are written: what restricts goes before what opens. */
function cut({ deny, remove, add }) {
  const named = [["deny", deny], ["remove", remove], ["add", add]].flatMap(([list, ids]) => ids.map((id) => [list, id]));
  const requests = [];
  for (let at = 0; at < Math.max(named.length, 1); at += MOST_IDS) {
    const lists = {};
    for (const [list, id] of named.slice(at, at + MOST_IDS)) (lists[list] ??= []).push(id);
    requests.push(lists);
  }
  return requests;
}

/** The exact difference that an edit makes, and the version that it was found from. Nothing is written. */
export async function dryRun({ name, lists, rule, reason }) {
  let all = null;
  let etag = null;
  for (const part of cut(lists)) {
    const answer = await dryRunWave(name, { ...part, ...rule, reason });
    etag ??= answer.etag;
    all = all === null ? answer.body : merged(all, answer.body);
  }
  return { difference: all, etag };
}

function merged(one, other) {
  const counts = { ...one.counts };
  for (const [effect, count] of Object.entries(other.counts)) counts[effect] = (counts[effect] ?? 0) + count;
  return { ...one, creators: [...one.creators, ...other.creators], counts };
}

/** Writes an edit, each request on top of the one before: the wave as it is then. */
export async function apply({ name, lists, rule, reason }, etag) {
  const parts = cut(lists);
  // The rule comes after the last creator that is taken out, so that it admits nobody who is still to be denied.
  const lastRestricting = parts.findLastIndex((part) => RESTRICTING.some((list) => part[list]));
  const rulesAt = Math.max(lastRestricting, 0);
  let written = { body: null, etag };
  for (const [at, part] of parts.entries()) {
    const body = { ...part, ...(at === rulesAt ? rule : {}), reason };
    written = await editWave(name, body, written.etag);
  }
  return written.body;
}
