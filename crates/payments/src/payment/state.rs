//! The state of a payment: the join of all its facts.
//!
//! The join is idempotent, commutative and associative, so repeated and reordered facts cannot change the result. Nothing
//! that affects money is ever removed.

use crate::ids::{ChargeId, CustomerId, IntentId, TransactionId};
use crate::payment::join_max::join_max;
use crate::payment::{
    Card, ChargeOutcome, ClosedReason, Conflict, Conversion, DeclineCode, Disputes, Fact, FraudWarnings,
    Phase, Refunds, Stamp, StripeFee, Transfers,
};
use crate::serde_default::is_default;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// How many failed charges are kept: several times as many as count as card testing.
const FAILED_CHARGES_MAX: usize = 20;

/// Everything known about a payment. The default knows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// A second intent is canceled or a [`Mismatch`](crate::payment::Mismatch), and never becomes a fact. If it did, the lesser id would
    /// stay, in any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<IntentId>,
    /// The latest phase of the open intent; for display only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<(Stamp, Phase)>,
    /// The first few by id, so that a thousand cards tried on one intent still fit into the row. It is still a join: the
    /// first few of a union are the first few of the parts' first few.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub failed_charges: BTreeSet<ChargeId>,
    /// The latest decline; for display only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<(Stamp, DeclineCode)>,
    /// One, because an intent is paid once.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub paid_charges: BTreeSet<ChargeId>,
    /// The card of the paid charge; for display only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The intent succeeded.
    pub succeeded: bool,
    /// When we booked the settlement: the time of the ledger's first entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
    /// The intent was canceled.
    pub canceled: bool,
    /// Why we closed the payment, if we did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<ClosedReason>,
    /// Stripe refused the receipt's address.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub receipt_refused: bool,
    /// The Customer in place of the one in the terms, which Stripe no longer has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_customer: Option<CustomerId>,
    /// The intent is created without a Customer, whichever the terms or `new_customer` name.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub customer_dropped: bool,
    /// Stripe's fee for the charge, by balance transaction: one, because an intent is paid once.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fees: BTreeMap<TransactionId, StripeFee>,
    /// The conversions of balance transactions in another currency.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub conversions: BTreeMap<TransactionId, Conversion>,
    #[serde(skip_serializing_if = "is_default")]
    pub transfers: Transfers,
    #[serde(skip_serializing_if = "is_default")]
    pub refunds: Refunds,
    #[serde(skip_serializing_if = "is_default")]
    pub disputes: Disputes,
    #[serde(skip_serializing_if = "is_default")]
    pub fraud_warnings: FraudWarnings,
    /// What Stripe shows in contradiction to all of this: the least few.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub conflicts: BTreeSet<Conflict>,
    /// When reconciliation last refreshed the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refreshed_at: Option<Timestamp>,
    /// How many ledger entries reconciliation compared with the stored ones. Entries are only added, so a ledger with more
    /// is compared again.
    #[serde(skip_serializing_if = "is_default")]
    pub checked_entries: u32,
}

impl State {
    /// Joins one fact.
    #[must_use]
    pub fn join(mut self, fact: &Fact) -> Self {
        match fact {
            Fact::Intent(id) => {
                let present = self.intent.take();
                self.intent = Some(present.map_or_else(|| id.clone(), |present| present.min(id.clone())));
            }
            Fact::Phase(stamp, phase) => {
                self.phase = self.phase.max(Some((stamp.clone(), *phase)));
            }
            Fact::Charge(id, ChargeOutcome::Succeeded) => {
                self.paid_charges.insert(id.clone());
            }
            Fact::Charge(id, ChargeOutcome::Failed) => {
                self.failed_charges.insert(id.clone());
                if self.failed_charges.len() > FAILED_CHARGES_MAX {
                    self.failed_charges.pop_last();
                }
            }
            Fact::Card(card) => self.card = self.card.take().max(Some(card.clone())),
            Fact::Declined(stamp, code) => {
                self.declined = self.declined.take().max(Some((stamp.clone(), code.clone())));
            }
            Fact::Succeeded => self.succeeded = true,
            Fact::Settled(at) => {
                self.settled_at = Some(self.settled_at.map_or(*at, |earlier| earlier.min(*at)));
            }
            Fact::Canceled => self.canceled = true,
            Fact::Closed(reason) => self.closed = self.closed.max(Some(reason.clone())),
            Fact::ReceiptRefused => self.receipt_refused = true,
            Fact::CustomerReplaced(id) => {
                let present = self.new_customer.take();
                self.new_customer =
                    Some(present.map_or_else(|| id.clone(), |present| present.min(id.clone())));
            }
            Fact::CustomerDropped => self.customer_dropped = true,
            Fact::Fee(id, fee) => join_max(&mut self.fees, id, *fee),
            Fact::Conversion(id, conversion) => join_max(&mut self.conversions, id, *conversion),
            Fact::Transfer(fact) => self.transfers.join(fact),
            Fact::Refund(fact) => self.refunds.join(fact),
            Fact::Dispute(fact) => self.disputes.join(fact),
            Fact::FraudWarning(fact) => self.fraud_warnings.join(fact),
            Fact::Conflict(conflict) => conflict.join(&mut self.conflicts),
            Fact::LedgerChecked(entries) => self.checked_entries = self.checked_entries.max(*entries),
            Fact::Refreshed(at) => self.refreshed_at = self.refreshed_at.max(Some(*at)),
        }
        self
    }

    /// Joins several facts.
    #[must_use]
    pub fn join_all<'a>(self, facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        facts.into_iter().fold(self, Self::join)
    }

    /// Whether the payment is succeeded, canceled or closed.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.succeeded || self.canceled || self.closed.is_some()
    }

    /// Whether the payment is both paid and canceled or closed. It counts as paid, and an operator must examine it.
    #[must_use]
    pub fn is_contradictory(&self) -> bool {
        self.succeeded && (self.canceled || self.closed.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EventId;
    use crate::receiving::ReasonCode;
    use proptest::prelude::*;

    fn event_phase(at_s: i64, event: &str, phase: Phase) -> Fact {
        Fact::Phase(Stamp::of_event(at_s, EventId::parse(event).expect("event")), phase)
    }

    fn charge(id: &str, outcome: ChargeOutcome) -> Fact {
        Fact::Charge(ChargeId::parse(id).expect("charge"), outcome)
    }

    /// One card is declined, another one pays after 3-D Secure.
    fn realistic_history() -> Vec<Fact> {
        vec![
            Fact::Intent(IntentId::parse("pi_1").expect("intent")),
            Fact::Phase(Stamp::of_creation(100), Phase::RequiresPaymentMethod),
            charge("ch_1", ChargeOutcome::Failed),
            event_phase(101, "evt_1", Phase::RequiresPaymentMethod),
            event_phase(101, "evt_2", Phase::RequiresAction),
            charge("ch_2", ChargeOutcome::Succeeded),
            Fact::Succeeded,
        ]
    }

    fn permutations(facts: &[Fact]) -> Vec<Vec<Fact>> {
        if facts.is_empty() {
            return vec![vec![]];
        }
        (0..facts.len())
            .flat_map(|at| {
                let mut rest = facts.to_vec();
                let first = rest.remove(at);
                permutations(&rest).into_iter().map(move |mut tail| {
                    tail.insert(0, first.clone());
                    tail
                })
            })
            .collect()
    }

    #[test]
    fn every_order_of_a_history_with_any_fact_repeated_gives_the_same_state() {
        let history = realistic_history();
        let expected = State::default().join_all(&history);
        assert!(expected.succeeded && !expected.is_contradictory());
        assert_eq!(expected.phase.as_ref().map(|(_, phase)| *phase), Some(Phase::RequiresAction));
        for order in permutations(&history) {
            assert_eq!(State::default().join_all(&order), expected);
            for fact in &order {
                let repeated = State::default().join_all(&order).join(fact);
                assert_eq!(repeated, expected);
            }
        }
    }

    #[test]
    fn paid_and_canceled_is_a_contradiction_in_either_order() {
        for order in [[Fact::Succeeded, Fact::Canceled], [Fact::Canceled, Fact::Succeeded]] {
            let state = State::default().join_all(&order);
            assert!(state.is_contradictory() && state.succeeded);
        }
        let closed = Fact::Closed(ClosedReason::Abandoned);
        assert!(State::default().join_all(&[closed, Fact::Succeeded]).is_contradictory());
        assert!(!State::default().join(&Fact::Canceled).is_contradictory());
    }

    #[test]
    fn two_phases_of_one_second_tie_and_a_retrieval_resolves_it() {
        let state = State::default().join(&event_phase(7, "evt_b", Phase::RequiresAction));
        let newer = event_phase(7, "evt_a", Phase::RequiresPaymentMethod);
        assert!(state.ties_with(&newer));
        assert!(!state.ties_with(&event_phase(8, "evt_a", Phase::RequiresPaymentMethod)));
        assert!(!state.ties_with(&event_phase(7, "evt_b", Phase::RequiresAction)));
        assert!(!state.ties_with(&event_phase(7, "evt_a", Phase::RequiresAction)));
        let retrieved = Fact::Phase(Stamp::of_retrieval(7, 7_500), Phase::RequiresPaymentMethod);
        let resolved = state.join(&newer).join(&retrieved);
        assert_eq!(resolved.phase.map(|(_, phase)| phase), Some(Phase::RequiresPaymentMethod));
    }

    #[test]
    fn a_thousand_failed_charges_leave_the_same_few_in_any_order() {
        let failed = |n: usize| charge(&format!("ch_{n:04}"), ChargeOutcome::Failed);
        let (up, down) = ((0..1_000).map(failed), (0..1_000).rev().map(failed));
        let state = State::default().join_all(&up.collect::<Vec<_>>());
        assert_eq!(state.failed_charges.len(), FAILED_CHARGES_MAX);
        assert_eq!(State::default().join_all(&down.collect::<Vec<_>>()), state);
    }

    #[test]
    fn a_paid_charge_stays_paid() {
        let state = State::default()
            .join(&charge("ch_1", ChargeOutcome::Succeeded))
            .join(&charge("ch_1", ChargeOutcome::Failed));
        assert_eq!(state.paid_charges.len(), 1);
    }

    #[test]
    fn only_a_succeeded_canceled_or_closed_payment_is_terminal() {
        assert!(!State::default().is_terminal());
        assert!(!State::default().join(&event_phase(1, "evt_1", Phase::Processing)).is_terminal());
        for fact in [Fact::Succeeded, Fact::Canceled, Fact::Closed(ClosedReason::RefusedByStripe)] {
            assert!(State::default().join(&fact).is_terminal());
        }
    }

    fn any_fact() -> impl Strategy<Value = Fact> {
        let phase = prop_oneof![
            Just(Phase::RequiresPaymentMethod),
            Just(Phase::RequiresAction),
            Just(Phase::Processing)
        ];
        let outcome = prop_oneof![Just(ChargeOutcome::Failed), Just(ChargeOutcome::Succeeded)];
        prop_oneof![
            (0..3).prop_map(|n| Fact::Intent(IntentId::parse(&format!("pi_{n}")).expect("id"))),
            (0_i64..4, 0..4, phase).prop_map(|(at_s, source, phase)| {
                let stamp = match source {
                    0 => Stamp::of_creation(at_s),
                    1 => Stamp::of_retrieval(at_s, at_s * 3 % 5),
                    n => Stamp::of_event(at_s, EventId::parse(&format!("evt_{n}")).expect("id")),
                };
                Fact::Phase(stamp, phase)
            }),
            (0..3, outcome).prop_map(|(n, outcome)| charge(&format!("ch_{n}"), outcome)),
            Just(Fact::Succeeded),
            Just(Fact::Canceled),
            prop_oneof![
                Just(ClosedReason::Abandoned),
                Just(ClosedReason::RefusedByStripe),
                Just(ClosedReason::NotReceiving(vec![ReasonCode::Paused])),
                Just(ClosedReason::NotReceiving(vec![ReasonCode::NoAccount])),
            ]
            .prop_map(Fact::Closed),
        ]
    }

    proptest! {
        #[test]
        fn any_facts_in_any_order_with_any_repetition_give_the_same_state(
            facts in prop::collection::vec(any_fact(), 0..12), seed in any::<u64>(),
        ) {
            let expected = State::default().join_all(&facts);
            let mut shuffled: Vec<Fact> = facts.iter().chain(facts.iter().take(3)).cloned().collect();
            let mut random = seed;
            for at in (1..shuffled.len()).rev() {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                shuffled.swap(at, (random >> 33) as usize % (at + 1));
            }
            prop_assert_eq!(State::default().join_all(&shuffled), expected);
        }

        #[test]
        fn a_state_survives_being_stored(facts in prop::collection::vec(any_fact(), 0..12)) {
            let state = State::default().join_all(&facts);
            let stored = serde_json::to_string(&state).expect("serializes");
            prop_assert_eq!(serde_json::from_str::<State>(&stored).expect("reads"), state);
        }
    }
}
