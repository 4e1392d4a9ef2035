// The creator's own terms and blocks.

import { wireBlocks } from "/creator/blocks.js";
import { fillTerms, wireTerms } from "/creator/terms.js";

export function openSettings(page) {
  wireTerms(page, page.refresh);
  wireBlocks(page);
  return { onSettings: () => fillTerms(page) };
}
