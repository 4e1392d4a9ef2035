// Reads again what is shown, as long as it is shown: for changes that no event tells, and where there is no event feed.

import { isShown } from "/view.js";

const INTERVAL_MS = 10_000;

export function regularly(root, work) {
  setTimeout(async () => {
    if (!isShown(root)) return;
    await work();
    regularly(root, work);
  }, INTERVAL_MS);
}
