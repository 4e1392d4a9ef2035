//! Decides whether a creator may receive a payment, and lists every reason against it.
//!
//! The profile, the creation of a payment and the operator's explanation all use this one decision, so they never
//! disagree. Next: `eligibility/input.rs` is what it reads, `admission.rs` how far receiving is open.

mod input;
#[cfg(test)]
mod tests;

pub use input::EligibilityInput;

use crate::money::Money;
use crate::receiving::{Admission, Allowed, ReasonCode, Rollout, admission::AdmissionCheck};
use crate::timestamp::Timestamp;

/// Whether one rule refuses the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleResult {
    /// The reason that the rule gives when it refuses; it names the rule.
    pub rule: ReasonCode,
    pub refuses: bool,
}

/// The result of every rule, in the order of [`ReasonCode`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub rules: Vec<RuleResult>,
    /// What opens receiving to the creator, before the other rules; `None` when nothing does.
    pub admission: Option<Admission>,
    /// When the sender's limits allow the payment again, if they refuse it now.
    pub limited_until: Option<Timestamp>,
    rollout_version: u64,
    receiver_version: u64,
    wave_resumes: u32,
}

impl Decision {
    /// Whether the payment is allowed.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.reasons().next().is_none()
    }

    /// The record to store with the payment; `None` when it is refused.
    #[must_use]
    pub fn allowed(&self) -> Option<Allowed> {
        let by = self.admission.clone().filter(|_| self.allows())?;
        let Self { rollout_version, receiver_version, wave_resumes, .. } = *self;
        Some(Allowed { by, rollout_version, receiver_version, wave_resumes })
    }

    /// Every reason against the payment, in order.
    pub fn reasons(&self) -> impl Iterator<Item = ReasonCode> {
        self.rules.iter().filter(|result| result.refuses).map(|result| result.rule)
    }

    /// The reasons that concern who may receive from whom, without those about the requested amount or currency.
    #[must_use]
    pub fn not_receiving(&self) -> Vec<ReasonCode> {
        self.reasons().filter(|reason| !reason.is_about_request()).collect()
    }
}

/// Applies every rule.
#[must_use]
pub fn decide(input: &EligibilityInput<'_>) -> Decision {
    let EligibilityInput { receiver, rollout, chosen, policy, .. } = *input;
    let account = receiver.account.as_ref();
    let check = AdmissionCheck::of(input);
    let currency = receiver.currency(policy);
    // An amount in another currency cannot be compared with the limits.
    let amount = chosen.filter(|money| money.currency() == currency).map(Money::amount);
    let limited_until = limited_until(input);
    let rules = [
        (ReasonCode::Paused, rollout.paused),
        (ReasonCode::NotInAWave, check == AdmissionCheck::NotReached),
        (ReasonCode::WaveNotStarted, matches!(check, AdmissionCheck::WavesClosed { not_started: true, .. })),
        (ReasonCode::WaveHalted, matches!(check, AdmissionCheck::WavesClosed { halted: true, .. })),
        (ReasonCode::DisabledByOperator, receiver.is_disabled()),
        (ReasonCode::NoAccount, account.is_none()),
        (ReasonCode::AccountRestricted, account.is_some_and(|account| !policy.may_be_paid(account))),
        (
            ReasonCode::CountryUnsupported,
            account.is_some_and(|account| {
                // A merchant in a country and currency without a fee would cost the platform an unknown part of each charge.
                let has_fee = !policy.on_behalf_of || receiver.fee_rate(policy).is_some();
                !(policy.supports_country(&account.country) && has_fee)
            }),
        ),
        (ReasonCode::UnavailableToYou, input.sender_blocked),
        (ReasonCode::SelfPayment, input.sender.is_some_and(|sender| receiver.creator.is_user(sender))),
        (
            ReasonCode::CurrencyUnsupported,
            !currency.is_chargeable() || chosen.is_some_and(|money| !money.currency().is_chargeable()),
        ),
        (ReasonCode::CurrencyMismatch, chosen.is_some_and(|money| money.currency() != currency)),
        (ReasonCode::AmountBelowMinimum, amount.is_some_and(|amount| amount < receiver.min_amount(policy))),
        (ReasonCode::AmountAboveMaximum, amount.is_some_and(|amount| amount > receiver.max_amount(policy))),
        (ReasonCode::SenderLimit, limited_until.is_some()),
        (ReasonCode::SenderHeld, input.sender_held),
    ];
    let admission = match check {
        AdmissionCheck::Admitted(admission) => Some(admission),
        AdmissionCheck::WavesClosed { .. } | AdmissionCheck::NotReached | AdmissionCheck::Disabled => None,
    };
    Decision {
        rules: rules.map(|(rule, refuses)| RuleResult { rule, refuses }).into(),
        wave_resumes: admission.as_ref().map_or(0, |admission| resumes(rollout, admission)),
        admission,
        limited_until,
        rollout_version: rollout.version,
        receiver_version: receiver.version,
    }
}

/// How often the admitting wave was resumed; 0 without a wave.
fn resumes(rollout: &Rollout, admission: &Admission) -> u32 {
    match admission {
        Admission::Operator | Admission::Percentage => 0,
        Admission::Wave(name) => rollout.wave(name).map_or(0, |wave| wave.resumes),
    }
}

/// When the sender's limits allow the chosen amount again, if they refuse it now. Without an amount, the minimum is
/// checked.
fn limited_until(input: &EligibilityInput<'_>) -> Option<Timestamp> {
    let EligibilityInput { receiver, chosen, policy, usages, now, .. } = *input;
    let currency = receiver.currency(policy);
    let min_amount = || Money::new(policy.min_amount(currency), currency).ok();
    policy.senders.refuse_until(usages?, chosen.or_else(min_amount)?, now)
}
