//! The contribution of one item to the totals and counters.

use crate::counting::{Rates, Totals, WaveCounters};
use crate::ids::{CreatorId, WaveName};
use crate::money::Currency;
use crate::payment::{Disputes, Feedback, FraudWarnings, Payment, Refunds, State, Transfers};
use crate::receiving::{Admission, Allowed, Policy, Receiver};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The amounts and numbers that one item (a payment, a receiver or feedback) adds to totals and counters. The last one
/// counted is stored, so that the sums change by the difference from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contribution {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub totals: BTreeMap<CreatorId, BTreeMap<Currency, Totals>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub waves: BTreeMap<WaveName, WaveCounters>,
    /// The creator has a settled payment in the wave. Of all the payments that say so, one is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_payment: Option<FirstPayment>,
}

/// A creator who has a settled payment in a wave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FirstPayment {
    pub wave: WaveName,
    pub creator: CreatorId,
}

impl Contribution {
    /// The contribution of a payment; `None` while it has nothing to count. The facts that count are never removed, so
    /// a payment that once had something to count always has.
    #[must_use]
    pub fn of_payment(payment: &Payment) -> Option<Self> {
        let (terms, state) = (&payment.terms, &payment.state);
        if !has_something_to_count(state) {
            return None;
        }
        let settled = i64::from(state.succeeded);
        let received = if state.succeeded { terms.chosen.amount() } else { 0 };
        // Before the payment succeeds, nothing of it is the creator's, and nothing is taken from it.
        let taken = |amount: i64| if state.succeeded { amount } else { 0 };
        let totals = Totals {
            received,
            refunded: taken(state.refunds.creator_amount()),
            disputed: taken(state.disputes.creator_amount()),
            to_recover: state.to_recover(),
            count: settled,
        };
        let mut contribution = Self::default();
        let currency = terms.chosen.currency();
        contribution.totals.insert(terms.creator.clone(), BTreeMap::from([(currency, totals)]));
        if let Some(Allowed { by: Admission::Wave(wave), wave_resumes, .. }) = &terms.allowed {
            let failed_charges = count(state.failed_charges.len());
            let rates = Rates {
                payments: settled,
                disputed_payments: i64::from(state.disputes.is_disputed()),
                warned_payments: i64::from(!state.fraud_warnings.received.is_empty()),
                charges: failed_charges + count(state.paid_charges.len()).max(settled),
                failed_charges,
            };
            let counters = WaveCounters {
                volume: BTreeMap::from([(currency, received)]),
                cohorts: BTreeMap::from([(*wave_resumes, rates)]),
                ..WaveCounters::default()
            };
            contribution.waves.insert(wave.clone(), counters);
            contribution.first_payment =
                state.succeeded.then(|| FirstPayment { wave: wave.clone(), creator: terms.creator.clone() });
        }
        Some(contribution)
    }

    /// The contribution of a creator to the waves that list them. A creator counts as onboarded when money can be sent
    /// to their account under the deployment's policy.
    #[must_use]
    pub fn of_receiver(receiver: &Receiver, policy: &Policy) -> Self {
        let onboarded = receiver.account.as_ref().is_some_and(|account| policy.may_be_paid(account));
        let counters =
            WaveCounters { invited: 1, onboarded: i64::from(onboarded), ..WaveCounters::default() };
        let waves = receiver.waves.iter().map(|wave| (wave.clone(), counters.clone()));
        Self { waves: waves.collect(), ..Self::default() }
    }

    /// The contribution of feedback to its wave, if it has one.
    #[must_use]
    pub fn of_feedback(feedback: &Feedback) -> Self {
        let ratings = i64::from(feedback.opinion.rating.get());
        let counters = WaveCounters { feedbacks: 1, ratings, ..WaveCounters::default() };
        let waves = feedback.wave.iter().map(|wave| (wave.clone(), counters.clone()));
        Self { waves: waves.collect(), ..Self::default() }
    }

    /// The change of the sums from an earlier contribution: `before` plus the difference is this one. Sums that do not
    /// change are left out.
    #[must_use]
    pub fn difference_from(&self, before: &Self) -> Self {
        let mut totals: BTreeMap<CreatorId, BTreeMap<Currency, Totals>> = BTreeMap::new();
        for (creator, currency) in keys(&self.totals).chain(keys(&before.totals)) {
            let of = |all: &BTreeMap<CreatorId, BTreeMap<Currency, Totals>>| {
                all.get(creator).and_then(|by| by.get(&currency)).copied().unwrap_or_default()
            };
            let difference = of(&self.totals).with(of(&before.totals), i64::saturating_sub);
            if difference != Totals::default() {
                totals.entry(creator.clone()).or_default().insert(currency, difference);
            }
        }
        let mut waves = BTreeMap::new();
        for wave in self.waves.keys().chain(before.waves.keys()) {
            let of = |all: &BTreeMap<WaveName, WaveCounters>| all.get(wave).cloned().unwrap_or_default();
            let difference = of(&self.waves).with(of(&before.waves), i64::saturating_sub);
            if difference != WaveCounters::default() {
                waves.insert(wave.clone(), difference);
            }
        }
        let first_payment = self.first_payment.clone().filter(|_| before.first_payment.is_none());
        Self { totals, waves, first_payment }
    }

    /// The next step from `before` to this contribution that changes at most `waves` waves. It is this contribution
    /// itself, except for a creator who changes more lists at once than one transaction can write.
    #[must_use]
    pub fn step_from(&self, before: &Self, waves: usize) -> Self {
        let difference = self.difference_from(before);
        if difference.waves.len() <= waves {
            return self.clone();
        }
        let mut step = before.clone();
        for wave in difference.waves.into_keys().take(waves) {
            match self.waves.get(&wave) {
                Some(counters) => drop(step.waves.insert(wave, counters.clone())),
                None => drop(step.waves.remove(&wave)),
            }
        }
        step
    }
}

fn keys(
    totals: &BTreeMap<CreatorId, BTreeMap<Currency, Totals>>,
) -> impl Iterator<Item = (&CreatorId, Currency)> {
    totals.iter().flat_map(|(creator, by)| by.keys().map(move |currency| (creator, *currency)))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether a payment has facts that count.
fn has_something_to_count(state: &State) -> bool {
    state.succeeded
        || !state.failed_charges.is_empty()
        || !state.paid_charges.is_empty()
        || state.refunds != Refunds::default()
        || state.disputes != Disputes::default()
        || state.fraud_warnings != FraudWarnings::default()
        || state.transfers != Transfers::default()
}

#[cfg(test)]
mod tests;
