// Sends a change of a wave as one or more requests: each can name at most a thousand creators.

import { dryRunWave, editWave } from "/operator/api.js";

const MAX_IDS = 1_000;
const RESTRICTING = ["deny", "remove"];

/** The lists split into requests, in the order of writing: what restricts goes before what admits. */
function splitIntoRequests({ deny, remove, add }) {
  const named = [["deny", deny], ["remove", remove], ["add", add]].flatMap(([list, ids]) => ids.map((id) => [list, id]));
  const requests = [];
  for (let at = 0; at < Math.max(named.length, 1); at += MAX_IDS) {
    const lists = {};
    for (const [list, id] of named.slice(at, at + MAX_IDS)) (lists[list] ??= []).push(id);
    requests.push(lists);
  }
  return requests;
}

/** The exact difference that an edit makes, and the version that it applies to. Writes nothing. */
export async function dryRun({ name, lists, rule, reason }) {
  let all = null;
  let etag = null;
  for (const part of splitIntoRequests(lists)) {
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

/** Writes an edit, each request under the version of the previous one, and returns the wave. */
export async function apply({ name, lists, rule, reason }, etag) {
  const parts = splitIntoRequests(lists);
  // The rule is written with the last restriction, so that it admits nobody who is still to be denied.
  const lastRestricting = parts.findLastIndex((part) => RESTRICTING.some((list) => part[list]));
  const rulesAt = Math.max(lastRestricting, 0);
  let written = { body: null, etag };
  for (const [at, part] of parts.entries()) {
    const body = { ...part, ...(at === rulesAt ? rule : {}), reason };
    written = await editWave(name, body, written.etag);
  }
  return written.body;
}
