// The way through Stripe's onboarding: how far it is, in words, and the button to Stripe's own pages and back.

import { badge, element, facts, moment, onSubmit } from "/elements.js";
import { fieldError, listReasons, slots } from "/view.js";
import { onboard } from "/creator/calls.js";

const LABELS = {
  not_started: "Set up with Stripe",
  unfinished: "Go on at Stripe",
  restricted: "Hand in what is missing",
  ready_details_due: "Hand in what is missing",
  ready_payouts_off: "Look at Stripe’s page",
  disconnected: "Set up a new account",
};
/** Where there is no account yet, or no more, the creator says where they are. */
const WITHOUT_ACCOUNT = ["not_started", "disconnected"];

/** What the state of the account says already, and better. */
const OF_THE_ACCOUNT = ["no_account", "account_restricted"];
/** The API's reasons speak to a sender about the creator; here they speak to the creator. */
const TO_THE_CREATOR = {
  paused: "Sending money is paused for everyone at the moment.",
  not_in_a_wave: "Receiving money is not open to you yet. It is opened step by step, to more and more people.",
  wave_not_started: "Receiving money opens to you soon.",
  wave_halted: "Receiving money is paused for your group at the moment.",
  disabled_by_operator: "Receiving money is turned off for you. Ask the app’s support.",
  country_unsupported: "Receiving money is not available in your account’s country.",
};

export function fillOnboarding({ root, present: { body } }) {
  const { onboarding, may_be_paid: mayBePaid, payouts_on: payoutsOn, requirements, requirements_deadline: deadline } = body;
  const slot = slots(root);
  slot("onboarding-message").textContent = onboarding.message;
  slot("onboarding-message").dataset.state = onboarding.state;
  slot("next-step").textContent = onboarding.next_step ?? "";
  slot("next-step").hidden = !onboarding.next_step;
  const yes = (is, text, otherwise) => badge(is ? text : otherwise, is ? "yes" : "no");
  facts(slot("account"), [
    ["Money can be sent to you", yes(mayBePaid, "Yes", "No"), "may-be-paid"],
    ["It is paid out to your bank", yes(payoutsOn, "Yes", "No"), "payouts-on"],
  ]);
  slot("requirements").replaceChildren(
    ...requirements.map(({ code, message }) => element("li", { "data-testid": `requirement-${code}` }, message)),
  );
  slot("requirements-part").hidden = requirements.length === 0;
  slot("deadline").replaceChildren(...(deadline ? ["Until ", moment(deadline), "."] : []));
  const label = LABELS[onboarding.state];
  slot("onboarding-form").hidden = label === undefined;
  slot("onboarding-label").textContent = label ?? "";
  slot("country-field").hidden = !WITHOUT_ACCOUNT.includes(onboarding.state);
  const reasons = body.reasons.filter(({ code }) => !OF_THE_ACCOUNT.includes(code));
  listReasons(slot("reasons"), reasons.map(({ code, message }) => ({ code, message: TO_THE_CREATOR[code] ?? message })));
}

export function wireOnboarding({ root }) {
  const form = slots(root)("onboarding-form");
  onSubmit(form, async () => {
    const input = form.elements.country;
    const country = input.value.trim().toUpperCase();
    const isCountry = country === "" || /^[A-Z]{2}$/.test(country);
    fieldError(input, isCountry ? "" : "Use the two letters of the country, for example US or DE.");
    if (!isCountry) return input.focus();
    const here = `${location.origin}/creator`;
    const request = { return_url: `${here}?onboarding=returned`, refresh_url: `${here}?onboarding=again` };
    if (country !== "" && !slots(root)("country-field").hidden) request.country = country;
    const { body } = await onboard(request);
    location.assign(body.url);
  });
}
