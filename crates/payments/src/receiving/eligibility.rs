//! The one decision whether a creator may receive a payment, with every reason against it.
//!
//! The profile, the creation of a payment and the operator's explanation all ask here.

mod opening;
mod question;
#[cfg(test)]
mod tests;

pub use question::Question;

use crate::money::Money;
use crate::receiving::{
    Receiving,
    admission::{Admission, Allowed},
    eligibility::opening::Opening,
    reason::ReasonCode,
    rollout::Rollout,
};
use crate::timestamp::Timestamp;

/// What one rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The rule, named by the reason that it gives when it refuses.
    pub rule: ReasonCode,
    /// Whether it refuses.
    pub refuses: bool,
}

/// What all rules say, in the order in which reasons are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One verdict by each rule.
    pub verdicts: Vec<Verdict>,
    /// Through what the creator may receive, as far as operators and waves go; `None` when they open nothing.
    pub admission: Option<Admission>,
    /// When the limits on the sender that refuse it have ended.
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

    /// What is kept with a payment that it allows.
    #[must_use]
    pub fn allowed(&self) -> Option<Allowed> {
        let by = self.admission.clone().filter(|_| self.allows())?;
        let Self { rollout_version, receiver_version, wave_resumes, .. } = *self;
        Some(Allowed { by, rollout_version, receiver_version, wave_resumes })
    }

    /// Every reason against it, in order.
    pub fn reasons(&self) -> impl Iterator<Item = ReasonCode> {
        self.verdicts.iter().filter(|verdict| verdict.refuses).map(|verdict| verdict.rule)
    }

    /// Every reason that concerns who may receive from whom, not the request's own amount or currency.
    #[must_use]
    pub fn not_receiving(&self) -> Vec<ReasonCode> {
        self.reasons().filter(|reason| !reason.is_about_request()).collect()
    }
}

/// Asks every rule.
#[must_use]
pub fn decide(question: &Question<'_>) -> Decision {
    let Question { receiver, rollout, chosen, policy, .. } = *question;
    let account = receiver.account.as_ref();
    let opening = Opening::of(question);
    let currency = receiver.currency;
    // An amount in another currency cannot be compared with the limits.
    let amount = chosen.filter(|money| money.currency() == currency).map(Money::amount);
    let limited_until = limited_until(question);
    let verdicts = [
        (ReasonCode::Paused, rollout.paused),
        (ReasonCode::NotInAWave, opening == Opening::Nothing),
        (ReasonCode::WaveNotStarted, matches!(opening, Opening::Waits { not_started: true, .. })),
        (ReasonCode::WaveHalted, matches!(opening, Opening::Waits { halted: true, .. })),
        (
            ReasonCode::DisabledByOperator,
            receiver.receiving == Receiving::Disabled || !receiver.denied_by.is_empty(),
        ),
        (ReasonCode::NoAccount, account.is_none()),
        (ReasonCode::AccountRestricted, account.is_some_and(|account| !policy.may_be_paid(account))),
        (
            ReasonCode::CountryUnsupported,
            account.is_some_and(|account| !policy.countries.include(&account.country)),
        ),
        (ReasonCode::UnavailableToYou, question.sender_blocked),
        (ReasonCode::SelfPayment, question.sender.is_some_and(|sender| receiver.creator.is_user(sender))),
        (ReasonCode::CurrencyMismatch, chosen.is_some_and(|money| money.currency() != currency)),
        (ReasonCode::AmountBelowMinimum, amount.is_some_and(|amount| amount < receiver.least(policy))),
        (ReasonCode::AmountAboveMaximum, amount.is_some_and(|amount| amount > policy.greatest(currency))),
        (ReasonCode::SenderLimit, limited_until.is_some()),
        (ReasonCode::SenderHeld, question.sender_held),
    ];
    let admission = match opening {
        Opening::Through(admission) => Some(admission),
        Opening::Waits { .. } | Opening::Nothing | Opening::Closed => None,
    };
    Decision {
        verdicts: verdicts.map(|(rule, refuses)| Verdict { rule, refuses }).into(),
        wave_resumes: admission.as_ref().map_or(0, |admission| resumes(rollout, admission)),
        admission,
        limited_until,
        rollout_version: rollout.version,
        receiver_version: receiver.version,
    }
}

/// How often the wave was resumed that admits.
fn resumes(rollout: &Rollout, admission: &Admission) -> u32 {
    match admission {
        Admission::Operator | Admission::Percentage => 0,
        Admission::Wave(name) => rollout.wave(name).map_or(0, |wave| wave.resumes),
    }
}

/// When the sender's limits have ended, if they refuse the chosen amount; without one, the least that can be chosen.
fn limited_until(question: &Question<'_>) -> Option<Timestamp> {
    let Question { receiver, chosen, policy, usages, now, .. } = *question;
    let least = || Money::new(policy.least(receiver.currency), receiver.currency).ok();
    policy.senders.refuse_until(usages?, chosen.or_else(least)?, now)
}
