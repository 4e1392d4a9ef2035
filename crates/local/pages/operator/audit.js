// The audit trail of a creator, a wave or the rollout: who changed what, when and why, newest first.

import { element, moment } from "/elements.js";
import { attempt } from "/forms.js";
import { isShown, slots, whileBusy } from "/view.js";
import { changeLines, withPercentages } from "/operator/labels.js";

/** Shows the first page of `load(cursor)` in the view's "audit" section, and the button for older changes. */
export async function showAudit(root, load) {
  const part = slots(root)("audit");
  const slot = slots(part);
  if (!slot("entries")) part.append(document.getElementById("audit-entries").content.cloneNode(true));
  const older = slot("older");
  const more = async (cursor, isFirst) => {
    const { body } = await load(cursor);
    if (!isShown(part)) return;
    const entries = body.items.map(entry);
    if (isFirst) slot("entries").replaceChildren(...entries);
    else slot("entries").append(...entries);
    slot("no-entries").hidden = slot("entries").childElementCount > 0;
    older.hidden = body.next_cursor === null;
    older.onclick = () => whileBusy(older, () => attempt(part, () => more(body.next_cursor, false)));
  };
  await attempt(part, () => more(null, true));
}

function entry({ at, by, reason, changes }) {
  const lines = changeLines(changes).map((each) => element("li", {}, each));
  return element(
    "li",
    { "data-testid": "audit-entry" },
    element("p", { class: "said" }, withPercentages(reason)),
    element("p", { class: "hint" }, element("strong", {}, by), " · ", moment(at)),
    lines.length > 0 && element("ul", { class: "changes" }, ...lines),
  );
}
