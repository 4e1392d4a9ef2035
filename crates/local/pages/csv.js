// Downloads a list as one CSV file: the API answers a page at a time, and `Link` leads to the next page.

import { CSV } from "/api.js";
import { element } from "/elements.js";

const BYTE_ORDER_MARK = "\uFEFF";

/** The address of the next page, relative to `path`, or null. */
function nextPage(path, link) {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return null;
  const { pathname, search } = new URL(target, new URL(path, location.origin));
  return pathname + search;
}

/** The text of all pages, with one header line. */
async function readAll(call, path) {
  const parts = [];
  for (let next = path; next !== null;) {
    const { text, link } = await call(next, { headers: { accept: CSV } });
    const rows = text.replace(/^\uFEFF/, "");
    parts.push(parts.length === 0 ? rows : rows.slice(rows.indexOf("\r\n") + 2));
    next = nextPage(next, link);
  }
  return BYTE_ORDER_MARK + parts.join("");
}

/** Saves the list at `path` as a file. */
export async function downloadCsv(call, path, name) {
  const file = new Blob([await readAll(call, path)], { type: CSV });
  const address = URL.createObjectURL(file);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
