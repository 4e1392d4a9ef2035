// Downloads a list as one CSV file: the API answers a page at a time, and `Link` leads to the next page.

import { CSV } from "/api.js";
import { element } from "/elements.js";

/** More pages than anyone opens in a spreadsheet; `cargo run -- export` has no limit. */
const MAX_PAGES = 200;
const BYTE_ORDER_MARK = "\uFEFF";

/** The address of the next page, relative to `path`, or null. */
function nextPage(path, link) {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return null;
  const { pathname, search } = new URL(target, new URL(path, location.origin));
  return pathname + search;
}

/** The text of all pages, with one header line. */
async function readAll(call, path, onPage) {
  const parts = [];
  for (let next = path; next !== null && parts.length < MAX_PAGES;) {
    const { text, link } = await call(next, { headers: { accept: CSV } });
    const rows = text.replace(/^\uFEFF/, "");
    parts.push(parts.length === 0 ? rows : rows.slice(rows.indexOf("\r\n") + 2));
    next = nextPage(next, link);
    onPage(parts.length);
  }
  return BYTE_ORDER_MARK + parts.join("");
}

/** Saves the list at `path` as a file. `onPage(count)` is called after each page. */
export async function downloadCsv(call, path, name, onPage = () => {}) {
  const file = new Blob([await readAll(call, path, onPage)], { type: CSV });
  const address = URL.createObjectURL(file);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
