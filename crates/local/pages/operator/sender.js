// One sender: whether they are held, by which disputes and until when; lift a hold, hold by hand; and the audit trail.

import { element, moment } from "/elements.js";
import { onSubmit, readRequired } from "/forms.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { paymentAddress } from "/operator/payment_labels.js";
import { changeSender, sender as read, senderAudit } from "/operator/api.js";

export async function showSender(sender) {
  const waiting = showLoading(`Loading ${sender}…`);
  try {
    const answer = await read(sender);
    if (isShown(waiting)) render(answer);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This sender could not be loaded", error, retry: () => showSender(sender), back: { href: "#/senders", label: "Senders" } });
  }
}

function render({ body, etag }) {
  const root = instantiate("sender-view");
  const slot = slots(root);
  fill(root, { sender: body.sender_id, badge: body.held ? "On hold" : "May send" });
  slot("badge").classList.add(body.held ? "no" : "yes");
  slot("their-payments").href = `#/sent/${encodeURIComponent(body.sender_id)}`;
  slot("why").replaceChildren(...why(body));
  slot("disputes").replaceChildren(...body.disputes.map(disputeRow));
  slot("disputes-part").hidden = body.disputes.length === 0;
  wireHold(root, body, etag);
  show(root);
  showAudit(root, (cursor) => senderAudit(body.sender_id, cursor));
}

function why({ held, until, held_by_operator: byOperator }) {
  if (byOperator) return ["An operator holds this sender."];
  if (!held) return ["Nothing holds this sender."];
  return until ? ["The hold ends by itself: ", moment(until)] : ["A dispute holds this sender until it is decided, or lifted."];
}

function disputeRow({ dispute_id: id, payment_id: payment, holds, lifted, lost_at: lostAt, until }) {
  return element(
    "li",
    { "data-testid": `dispute-${id}` },
    element(
      "label",
      { class: "check", for: `lift-${id}` },
      element("input", { id: `lift-${id}`, name: "lift", type: "checkbox", value: id, ...(holds ? {} : { disabled: "" }) }),
      element(
        "span",
        {},
        `${id} `,
        element("span", { class: "hint" }, lifted ? "Lifted" : holds ? "Holds the sender" : "No longer holds the sender"),
        lostAt && element("span", { class: "hint" }, " · lost ", moment(lostAt)),
        until && element("span", { class: "hint" }, " · until ", moment(until)),
      ),
    ),
    element("p", { class: "hint" }, "Payment ", element("a", { class: "id", href: paymentAddress(payment) }, payment)),
  );
}

function wireHold(root, { sender_id: sender, held_by_operator: byOperator }, etag) {
  const form = root.querySelector("#hold-form");
  const { elements: fields } = form;
  fields.hold.checked = byOperator;
  const save = async () => {
    const reason = readRequired(fields.reason, "Enter a reason. It is kept in the audit trail.");
    if (reason === null) return;
    const lift = [...form.querySelectorAll("[name=lift]:checked")].map((input) => input.value);
    await changeSender(sender, { hold: fields.hold.checked, lift, reason }, etag);
    await showSender(sender);
    announce(`Saved. ${slots(document)("badge").textContent}.`);
  };
  const outdated = {
    sentence: "This sender has changed since this page was loaded. Nothing was saved.",
    label: "Reload",
    retry: () => showSender(sender),
  };
  onSubmit(form, save, { outdated });
}
