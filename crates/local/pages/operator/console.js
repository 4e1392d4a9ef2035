// The page in a console: against a deployment, with the token of the operator who runs the console.

import { readOrNull, stackConfig } from "/api.js";
import { element } from "/elements.js";
import { withoutFeed } from "/events.js";

let deployment = null;

/** Whether the page is for a deployment: then it has no users to choose among, no feed, and no other pages. */
export const isConsole = () => deployment !== null;

/** Reads whether the page is in a console, and takes away what only the local stack has. */
export async function adaptToConsole() {
  deployment = (await readOrNull(stackConfig))?.deployment ?? null;
  if (!isConsole()) return;
  withoutFeed();
  for (const local of document.querySelectorAll("nav.sites, #operator-form")) local.remove();
  document.querySelector("footer").replaceChildren(element("p", { "data-testid": "deployment" }, `Connected to ${deployment}.`));
}
