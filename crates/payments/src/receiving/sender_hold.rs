//! The hold on a sender, who may not send while it lasts: by disputes, whose part follows the payments, and by operators.
//!
//! What operators lift is a set of disputes that only grows and that no payment changes, so a lift survives every order
//! and repetition of Stripe's events, and a dispute that is not in the set holds the sender again.

use crate::ids::{DisputeId, PaymentId};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that may hold a sender. The default holds nobody.
///
/// `disputes` are always stored: a document without them is damaged, and must not read as a sender whom nothing holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderHold {
    /// Disputes whose withdrawn money is not reinstated.
    pub disputes: BTreeMap<DisputeId, HoldingDispute>,
    /// Disputes that no longer hold the sender by an operator's decision. Only grows.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub lifted: BTreeSet<DisputeId>,
    /// An operator holds the sender, whatever the disputes.
    #[serde(default)]
    pub by_operator: bool,
}

/// A dispute whose withdrawn money is not reinstated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingDispute {
    pub payment: PaymentId,
    /// When Stripe reported that it is lost.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lost_at: Option<Timestamp>,
}

/// When a hold ends by itself. The later one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoldEnd {
    At(Timestamp),
    /// While the dispute is not decided, or until an operator lifts it.
    Open,
}

/// What a change of a payment does to its sender's hold: the disputes that hold from now on, or hold otherwise than before,
/// and those that are released.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderHoldChange {
    pub held: BTreeMap<DisputeId, HoldingDispute>,
    pub released: BTreeSet<DisputeId>,
}

/// An operator's decision about a sender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderHoldDecision {
    /// Whether an operator holds the sender; `None` leaves it as it is.
    pub by_operator: Option<bool>,
    /// Disputes that shall no longer hold the sender.
    pub lift: BTreeSet<DisputeId>,
}

/// A lift names a dispute that does not hold the sender, such as a misspelt one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the dispute {0} does not hold this sender")]
pub struct NotHolding(pub DisputeId);

impl SenderHold {
    /// When the hold ends, if the sender is held now. `after_lost_s` is how long a lost dispute holds.
    #[must_use]
    pub fn held(&self, after_lost_s: i64, now: Timestamp) -> Option<HoldEnd> {
        let by_operator = self.by_operator.then_some(HoldEnd::Open);
        let ends = self.disputes.keys().filter_map(|dispute| self.held_by(dispute, after_lost_s, now));
        ends.chain(by_operator).max()
    }

    /// When the hold by one dispute ends, if that dispute holds the sender now.
    #[must_use]
    pub fn held_by(&self, dispute: &DisputeId, after_lost_s: i64, now: Timestamp) -> Option<HoldEnd> {
        let holding = self.disputes.get(dispute).filter(|_| !self.lifted.contains(dispute))?;
        match holding.lost_at.map(|lost_at| lost_at.plus_seconds(after_lost_s)) {
            Some(end) => (now < end).then_some(HoldEnd::At(end)),
            None => Some(HoldEnd::Open),
        }
    }

    /// The hold after a change of one of the sender's payments, which leaves alone what operators decided.
    #[must_use]
    pub fn after(mut self, change: &SenderHoldChange) -> Self {
        self.disputes.extend(change.held.clone());
        self.disputes.retain(|dispute, _| !change.released.contains(dispute));
        self
    }

    /// The hold after an operator's decision. Lifting a lifted dispute again changes nothing.
    ///
    /// # Errors
    /// [`NotHolding`] for a dispute that neither holds the sender nor is lifted.
    pub fn decided(mut self, decision: &SenderHoldDecision) -> Result<Self, NotHolding> {
        for dispute in &decision.lift {
            if !self.disputes.contains_key(dispute) && !self.lifted.contains(dispute) {
                return Err(NotHolding(dispute.clone()));
            }
        }
        self.lifted.extend(decision.lift.iter().cloned());
        self.by_operator = decision.by_operator.unwrap_or(self.by_operator);
        Ok(self)
    }
}

impl SenderHoldChange {
    /// Compares the disputes that held before with those that hold after; `None` when they are the same.
    #[must_use]
    pub fn between(
        before: &BTreeMap<DisputeId, HoldingDispute>,
        after: &BTreeMap<DisputeId, HoldingDispute>,
    ) -> Option<Self> {
        let is_new =
            |(dispute, holding): &(&DisputeId, &HoldingDispute)| before.get(*dispute) != Some(*holding);
        let held = after.iter().filter(is_new).map(|(dispute, holding)| (dispute.clone(), holding.clone()));
        let released = before.keys().filter(|dispute| !after.contains_key(*dispute)).cloned();
        (before != after).then(|| Self { held: held.collect(), released: released.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT_S: i64 = 100;

    fn dispute(id: &str) -> DisputeId {
        DisputeId::parse(id).expect("dispute")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn by(lost_at: Option<i64>) -> HoldingDispute {
        let payment = PaymentId::parse("pay_0123456789abcdef0123456789abcdef").expect("payment");
        HoldingDispute { payment, lost_at: lost_at.map(at) }
    }

    /// The change that makes exactly these disputes hold the sender, who was held by `before`.
    fn change(before: &SenderHold, after: &[(&str, Option<i64>)]) -> Option<SenderHoldChange> {
        let after = after.iter().map(|(id, lost_at)| (dispute(id), by(*lost_at))).collect();
        SenderHoldChange::between(&before.disputes, &after)
    }

    fn held_by(disputes: &[(&str, Option<i64>)]) -> SenderHold {
        let nobody = SenderHold::default();
        let change = change(&nobody, disputes).expect("a change");
        nobody.after(&change)
    }

    fn lift(disputes: &[&str]) -> SenderHoldDecision {
        SenderHoldDecision { by_operator: None, lift: disputes.iter().map(|id| dispute(id)).collect() }
    }

    fn by_operator(held: bool) -> SenderHoldDecision {
        SenderHoldDecision { by_operator: Some(held), ..SenderHoldDecision::default() }
    }

    #[test]
    fn a_lost_dispute_holds_until_the_parameters_days_are_over_and_an_open_one_for_as_long_as_it_is_open() {
        let lost = held_by(&[("dp_1", Some(50))]);
        assert_eq!(lost.held(KEPT_S, at(149)), Some(HoldEnd::At(at(150))));
        assert_eq!(lost.held(KEPT_S, at(150)), None);
        assert_eq!(lost.held(0, at(50)), None);
        let both = held_by(&[("dp_1", Some(50)), ("dp_2", None), ("dp_3", Some(60))]);
        assert_eq!(both.held(KEPT_S, at(1_000_000)), Some(HoldEnd::Open));
        assert_eq!(both.held_by(&dispute("dp_3"), KEPT_S, at(150)), Some(HoldEnd::At(at(160))));
        assert_eq!(both.held_by(&dispute("dp_4"), KEPT_S, at(0)), None);
    }

    #[test]
    fn what_is_lifted_no_longer_holds_and_another_dispute_holds_again() {
        let lifted = held_by(&[("dp_1", None)]).decided(&lift(&["dp_1"])).expect("lifted");
        assert_eq!(lifted.held(KEPT_S, at(0)), None);
        let change = change(&lifted, &[("dp_1", None), ("dp_2", None)]).expect("a change");
        let again = lifted.after(&change);
        assert_eq!(again.held(KEPT_S, at(0)), Some(HoldEnd::Open));
        assert_eq!(again.held_by(&dispute("dp_1"), KEPT_S, at(0)), None);
    }

    #[test]
    fn a_lift_survives_whatever_becomes_of_its_dispute() {
        let mut hold = held_by(&[("dp_1", None)]).decided(&lift(&["dp_1"])).expect("lifted");
        for disputes in [&[][..], &[("dp_1", None)], &[("dp_1", Some(9))], &[("dp_1", None)]] {
            hold = change(&hold, disputes).map_or(hold.clone(), |change| hold.clone().after(&change));
            assert_eq!(hold.held(KEPT_S, at(10)), None, "{disputes:?}");
        }
        assert_eq!(hold.clone().decided(&lift(&["dp_1"])), Ok(hold));
    }

    #[test]
    fn a_lift_of_a_dispute_that_does_not_hold_the_sender_is_refused_whole() {
        let hold = held_by(&[("dp_1", None)]);
        assert_eq!(hold.decided(&lift(&["dp_1", "dp_2"])), Err(NotHolding(dispute("dp_2"))));
    }

    #[test]
    fn operators_hold_a_sender_whatever_the_disputes_and_let_go_by_hand() {
        let held = SenderHold::default().decided(&by_operator(true)).expect("held");
        assert_eq!(held.held(KEPT_S, at(0)), Some(HoldEnd::Open));
        let both = held.after(&change(&SenderHold::default(), &[("dp_1", Some(5))]).expect("a change"));
        assert_eq!(both.held(KEPT_S, at(6)), Some(HoldEnd::Open));
        let let_go = both.decided(&by_operator(false)).expect("let go");
        assert_eq!(let_go.held(KEPT_S, at(6)), Some(HoldEnd::At(at(105))));
    }

    #[test]
    fn a_change_says_what_holds_anew_or_otherwise_and_what_is_released() {
        let hold = held_by(&[("dp_1", None), ("dp_2", None)]);
        assert_eq!(change(&hold, &[("dp_1", None), ("dp_2", None)]), None);
        let expected = SenderHoldChange {
            held: [(dispute("dp_2"), by(Some(7))), (dispute("dp_3"), by(None))].into(),
            released: [dispute("dp_1")].into(),
        };
        assert_eq!(change(&hold, &[("dp_2", Some(7)), ("dp_3", None)]), Some(expected));
    }
}
