// One creator: whether they can receive, rule by rule; the operator's setting; and the audit trail.

import { element } from "/elements.js";
import { onSubmit, readRequired } from "/forms.js";
import { announce, fill, instantiate, isShown, show, showLoading, showProblem, slots } from "/view.js";
import { showAudit } from "/operator/audit.js";
import { changeEligibility, creatorAudit, eligibility } from "/operator/api.js";
import { admission, isPaymentRule, rule, standing, waveBadge } from "/operator/labels.js";

export async function showCreator(creator) {
  const waiting = showLoading(`Loading ${creator}…`);
  try {
    const answer = await eligibility(creator);
    if (!isShown(waiting)) return;
    render(answer);
  } catch (error) {
    if (isShown(waiting)) showProblem({ title: "This creator could not be loaded", error, retry: () => showCreator(creator), back: { href: "#/", label: "Rollout" } });
  }
}

function render({ body, etag }) {
  const root = instantiate("creator-view");
  const slot = slots(root);
  const creator = body.creator_id;
  fill(root, {
    creator,
    badge: body.can_receive ? "Can receive money" : "Cannot receive money",
    admitted: admission(body.admitted_by),
    account: body.stripe_account_id ? `Connected account ${body.stripe_account_id}. Receives ${body.currency.toUpperCase()}.` : "No connected account.",
  });
  slot("their-payments").href = `#/received/${encodeURIComponent(creator)}`;
  slot("badge").classList.add(body.can_receive ? "yes" : "no");
  slot("rules").replaceChildren(...body.rules.filter(({ code }) => !isPaymentRule(code)).map(ruleRow));
  const later = body.rules.filter(({ code }) => isPaymentRule(code)).map(({ code }) => rule(code));
  slot("later-rules").replaceChildren(...later.map((each) => element("li", {}, each)));
  slot("waves").replaceChildren(...body.waves.map(waveRow));
  slot("waves-part").hidden = body.waves.length === 0;
  wireChange(root, body, etag);
  show(root);
  showAudit(root, (cursor) => creatorAudit(creator, cursor));
}

function ruleRow({ code, refuses, message }) {
  return element(
    "li",
    { class: refuses ? "refuses" : "passes", "data-testid": `rule-${code}` },
    element("span", { class: "verdict" }, refuses ? "Refuses" : "Passes"),
    element("span", {}, element("strong", {}, rule(code)), refuses && element("span", { class: "hint" }, `Shown as “${message}”`)),
  );
}

function waveRow({ name, state, standing: how }) {
  return element(
    "li",
    { "data-testid": `standing-${name}` },
    element("p", { class: "row-title" }, element("a", { href: `#/waves/${encodeURIComponent(name)}` }, name), " ", waveBadge({ state })),
    element("p", { class: "hint" }, how === "denied" ? "Denies receiving, overriding everything else." : `The creator is ${standing(how)}.`),
  );
}

function wireChange(root, { creator_id: creator, receiving }, etag) {
  const form = root.querySelector("#receiving-form");
  const { elements: fields } = form;
  fields.receiving.value = receiving;
  const save = async () => {
    const reason = readRequired(fields.reason, "Enter a reason. It is kept in the audit trail.");
    if (reason === null) return;
    const account = fields.account.value.trim();
    const body = { receiving: fields.receiving.value, reason, ...(account ? { stripe_account_id: account } : {}) };
    await changeEligibility(creator, body, etag);
    await showCreator(creator);
    announce(`Saved. ${slots(document)("badge").textContent}.`);
  };
  const outdated = {
    sentence: "This creator has changed since this page was loaded. Nothing was saved.",
    label: "Reload",
    retry: () => showCreator(creator),
  };
  onSubmit(form, save, { outdated });
}
