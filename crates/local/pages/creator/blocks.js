// Blocks senders, lists them and undoes a block. A blocked sender sees only that the creator is unavailable to them.

import { element, moment } from "/elements.js";
import { attempt, onSubmit } from "/forms.js";
import { announce, isShown, slots, whileBusy } from "/view.js";
import { readId } from "/user.js";
import { block, blocks, unblock } from "/creator/api.js";

export function wireBlocks({ root }) {
  const part = slots(root)("blocks-part");
  const form = root.querySelector("#block-form");
  onSubmit(form, async () => {
    const input = form.elements.sender;
    const sender = readId(input);
    if (sender === null) return;
    await block(sender);
    input.value = "";
    await list(part);
    say(part, `${sender} cannot send you money.`);
  });
  attempt(form, () => list(part));
}

function say(part, text) {
  slots(part)("done").textContent = text;
  announce(text);
}

/** Lists all blocks. A page leaves out those that have ended, so it can be short. */
async function list(part) {
  const items = [];
  let cursor = null;
  do {
    const { body } = await blocks(cursor);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  if (!isShown(part)) return;
  slots(part)("blocked").replaceChildren(...items.map((each) => row(part, each)));
  slots(part)("no-blocked").hidden = items.length > 0;
}

function row(part, { sender_id: sender, blocked_at: at }) {
  const undo = element("button", { class: "quiet", type: "button", "aria-label": `Unblock ${sender}`, "data-testid": `unblock-${sender}` }, "Unblock");
  undo.addEventListener("click", () => whileBusy(undo, () => attempt(part.querySelector("#block-form"), async () => {
    await unblock(sender);
    await list(part);
    say(part, `${sender} can send you money again.`);
    part.querySelector("h2").focus();
  })));
  return element(
    "li",
    { class: "with-action", "data-testid": `blocked-${sender}` },
    element("div", {}, element("p", { class: "row-title" }, sender), element("p", { class: "hint" }, "Since ", moment(at))),
    undo,
  );
}
