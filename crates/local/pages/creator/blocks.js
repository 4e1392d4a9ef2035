// Blocks and unblocks senders. A blocked sender sees only that the creator is unavailable to them.

import { onSubmit } from "/forms.js";
import { announce, slots } from "/view.js";
import { readId } from "/user.js";
import { block, unblock } from "/creator/api.js";

export function wireBlocks({ root }) {
  const form = root.querySelector("#block-form");
  const done = slots(form)("done");
  onSubmit(form, async (pressed) => {
    const input = form.elements.sender;
    const sender = readId(input);
    if (sender === null) return;
    const isBlocking = pressed.value === "block";
    await (isBlocking ? block(sender) : unblock(sender));
    input.value = "";
    done.textContent = isBlocking ? `${sender} cannot send you money.` : `${sender} can send you money again.`;
    announce(done.textContent);
  });
}
