//! A creator's settings as the creator sees them: their own terms and, separately, whether they may be paid, whether
//! payouts are on, and what Stripe requires.

use payments::{
    ConnectedAccount, Currency, EligibilityInput, Onboarding, Receiver, RequirementKind, Rollout, Timestamp,
    decide,
};
use payments_http::{Body, Problem, ReasonView, Response, StatusCode, json, with_etag};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
struct SettingsView<'a> {
    creator_id: &'a str,
    currency: Currency,
    /// Where it differs, Stripe converts on the way to the account.
    account_currency: Option<Currency>,
    /// The creator's own minimum; null if they chose none.
    min_amount: Option<i64>,
    presets: &'a [i64],
    limits: LimitsView,
    onboarding: OnboardingView,
    may_be_paid: bool,
    payouts_on: bool,
    requirements: Vec<NeedView>,
    requirements_deadline: Option<Timestamp>,
    can_receive: bool,
    reasons: Vec<ReasonView>,
}

/// The limits of the creator's own amounts.
#[derive(Serialize)]
struct LimitsView {
    min_amount: i64,
    max_amount: i64,
}

#[derive(Serialize)]
struct OnboardingView {
    state: Onboarding,
    message: &'static str,
    next_step: Option<&'static str>,
}

#[derive(Serialize)]
struct NeedView {
    code: RequirementKind,
    message: &'static str,
}

pub(crate) fn answer(
    services: &Services,
    receiver: &Receiver,
    rollout: &Rollout,
) -> Result<Response<Body>, Problem> {
    let policy = &services.config.policy;
    let decision = decide(&EligibilityInput::of(receiver, rollout, policy, services.clock.now()));
    let account: Option<&ConnectedAccount> = receiver.account.as_ref();
    let own = receiver.own_amounts(policy);
    let currency = receiver.currency(policy);
    let state = Onboarding::of(receiver, policy);
    let needs = account.map(|account| RequirementKind::all_due(&account.requirements)).unwrap_or_default();
    let view = SettingsView {
        creator_id: receiver.creator.as_str(),
        currency,
        account_currency: account.map(|account| account.default_currency),
        min_amount: own.and_then(|own| own.min_amount),
        presets: own.map_or(&[], |own| &own.presets),
        limits: LimitsView {
            min_amount: policy.min_amount(currency),
            max_amount: receiver.max_amount(policy),
        },
        onboarding: OnboardingView { state, message: state.message(), next_step: state.next_step() },
        may_be_paid: account.is_some_and(|account| policy.may_be_paid(account)),
        payouts_on: account.is_some_and(|account| account.payouts_enabled),
        requirements: needs
            .into_iter()
            .map(|need| NeedView { code: need, message: need.message() })
            .collect(),
        requirements_deadline: account.and_then(|account| account.requirements.deadline),
        can_receive: decision.allows(),
        reasons: decision.reasons().map(ReasonView::from).collect(),
    };
    Ok(with_etag(json(StatusCode::OK, &view)?, receiver.version))
}
