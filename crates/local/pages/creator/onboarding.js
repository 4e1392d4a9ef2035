// The state of the creator's account as steps, with the next one, and the button to Stripe's onboarding pages.

import { badge, descriptionList, element, moment } from "/elements.js";
import { onSubmit } from "/forms.js";
import { fieldError, listReasons, slots } from "/view.js";
import { onboard } from "/creator/api.js";

const LABELS = {
  not_started: "Set up with Stripe",
  unfinished: "Continue with Stripe",
  restricted: "Provide missing information",
  ready_details_due: "Provide missing information",
  ready_payouts_off: "Check your details with Stripe",
  disconnected: "Set up a new account",
};
/** Without an account, the creator chooses a country and gives their address. */
const STATES_WITHOUT_ACCOUNT = ["not_started", "disconnected"];
/** Stripe still waits for the creator to submit what it asks for. */
const STATES_TO_SUBMIT = [...STATES_WITHOUT_ACCOUNT, "unfinished"];

/** Reasons that the state of the account already explains. */
const ACCOUNT_REASONS = ["no_account", "account_restricted"];
/** The API words its reasons for senders; these are for the creator. */
const CREATOR_MESSAGES = {
  paused: "Sending money is paused for everyone at the moment.",
  not_in_a_wave: "Receiving money is not open to you yet. We are opening it to more people step by step.",
  wave_not_started: "Receiving money will open to you soon.",
  wave_halted: "Receiving money is paused for your group at the moment.",
  disabled_by_operator: "Receiving money is turned off for you. Contact support.",
  country_unsupported: "Receiving money is not available in your account’s country.",
};

export function fillOnboarding({ root, current: { body } }) {
  const { onboarding, may_be_paid: mayBePaid, payouts_on: payoutsOn, requirements, requirements_deadline: deadline } = body;
  const slot = slots(root);
  fillSteps(slot("steps"), body);
  slot("onboarding-message").textContent = onboarding.message;
  slot("onboarding-message").dataset.state = onboarding.state;
  slot("next-step").textContent = onboarding.next_step ?? "";
  slot("next-step-part").hidden = !onboarding.next_step;
  const yesOrNo = (isYes) => badge(isYes ? "Yes" : "No", isYes ? "yes" : "no");
  descriptionList(slot("account"), [
    ["Payments to you", yesOrNo(mayBePaid), "may-be-paid"],
    ["Payouts to your bank", yesOrNo(payoutsOn), "payouts-on"],
  ]);
  slot("requirements").replaceChildren(
    ...requirements.map(({ code, message }) => element("li", { "data-testid": `requirement-${code}` }, message)),
  );
  slot("requirements-part").hidden = requirements.length === 0;
  slot("deadline").replaceChildren(...(deadline ? ["Due by ", moment(deadline), "."] : []));
  const label = LABELS[onboarding.state];
  slot("onboarding-form").hidden = label === undefined;
  slot("onboarding-label").textContent = label ?? "";
  const hasAccount = !STATES_WITHOUT_ACCOUNT.includes(onboarding.state);
  slot("new-account").hidden = hasAccount;
  const reasons = body.reasons.filter(({ code }) => !ACCOUNT_REASONS.includes(code));
  listReasons(slot("reasons"), reasons.map(({ code, message }) => ({ code, message: CREATOR_MESSAGES[code] ?? message })));
}

/** Three steps to the first payment. The first that is not done is the current one. */
function fillSteps(list, { onboarding: { state }, may_be_paid: mayBePaid, payouts_on: payoutsOn, can_receive: can }) {
  const steps = [
    ["Give Stripe your details", !STATES_TO_SUBMIT.includes(state)],
    ["Stripe checks them", mayBePaid && payoutsOn],
    ["We open receiving to you", can],
  ];
  const current = steps.findIndex(([, isDone]) => !isDone);
  list.hidden = current === -1;
  list.replaceChildren(...steps.map(([text, isDone], index) =>
    element(
      "li",
      { class: isDone ? "done" : null, "aria-current": index === current && "step" },
      text,
      isDone && element("span", { class: "visually-hidden" }, " (done)"),
    )));
}

/** Reads what a new account needs into the request; false if a field is wrong, which gets the focus. */
function readNewAccount({ country, email }, request) {
  const code = country.value.trim().toUpperCase();
  const isCountry = code === "" || /^[A-Z]{2}$/.test(code);
  fieldError(country, isCountry ? "" : "Enter a two-letter country code, for example US or DE.");
  const address = email.value.trim();
  const isAddress = address !== "" && email.checkValidity();
  fieldError(email, isAddress ? "" : "Enter your e-mail address, for example name@example.com.");
  if (!isCountry) country.focus();
  else if (!isAddress) email.focus();
  if (code !== "") request.country = code;
  request.email = address;
  return isCountry && isAddress;
}

export function wireOnboarding({ root }) {
  const form = slots(root)("onboarding-form");
  onSubmit(form, async () => {
    const here = `${location.origin}/creator`;
    const request = { return_url: `${here}?onboarding=returned`, refresh_url: `${here}?onboarding=again` };
    if (!slots(root)("new-account").hidden && !readNewAccount(form.elements, request)) return;
    const { body } = await onboard(request);
    location.assign(body.url);
  });
}
