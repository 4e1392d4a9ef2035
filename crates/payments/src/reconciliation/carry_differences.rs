//! Which differences stay in the report for a while: a pass meets an object once, and whoever is alarmed by it looks at the
//! report some runs later.

use crate::reconciliation::{CarriedDifference, Difference, DifferenceKind, Reconciliation};

/// How long a difference stays.
const CARRIED_S: i64 = 3_600;

impl DifferenceKind {
    /// Whether only the pass over Stripe's objects can tell that it is over.
    fn is_met_in_passes(self) -> bool {
        match self {
            Self::Unappliable | Self::Unbooked | Self::UnknownTransaction | Self::AmountsDiffer => true,
            Self::Ledger
            | Self::BalanceDiffers
            | Self::ToRecover
            | Self::EndedCurrency
            | Self::RefundNotMade
            | Self::Contradiction
            | Self::Unreachable
            | Self::UnclaimedAccount
            | Self::UnreadableItem
            | Self::RolloutCopy
            | Self::Conflict
            | Self::UnsettledTransfer
            | Self::CreatorBelowZero => false,
        }
    }
}

impl Reconciliation {
    /// Lists what the passes of the last hour met, as it was. An operator's run does not: it looks at that hour again.
    pub fn carry(&mut self, last: &Self) {
        let still = |carried: &&CarriedDifference| carried.until > self.started_at;
        let mut carried: Vec<CarriedDifference> = last.carried.iter().filter(still).cloned().collect();
        for met in last.findings.differences.iter().filter(|it| it.kind.is_met_in_passes()) {
            if !last.is_carried(met) {
                let until = last.started_at.plus_seconds(CARRIED_S);
                carried.push(CarriedDifference { difference: met.clone(), until });
            }
        }
        carried.iter().for_each(|it| self.findings.note(it.difference.clone()));
        self.carried = carried;
    }

    /// Whether an earlier run met the difference.
    #[must_use]
    pub fn is_carried(&self, difference: &Difference) -> bool {
        self.carried.iter().any(|carried| carried.difference == *difference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::Timestamp;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_000_000 + seconds)
    }

    fn met(kind: DifferenceKind) -> Difference {
        Difference { kind, payment_id: None, object: Some("txn_1".to_owned()), detail: None, amount: None }
    }

    fn next(last: &Reconciliation, now_s: i64) -> Reconciliation {
        let mut run = Reconciliation::after(Some(last), at(now_s));
        run.carry(last);
        run
    }

    #[test]
    fn what_a_pass_met_is_listed_for_an_hour_and_no_longer() {
        let mut run = Reconciliation::after(None, at(0));
        run.findings.note(met(DifferenceKind::Unbooked));
        for now_s in [300, 600, 3_599] {
            run = next(&run, now_s);
            assert_eq!(run.findings.differences, [met(DifferenceKind::Unbooked)], "{now_s}");
            assert!(run.is_carried(&met(DifferenceKind::Unbooked)));
        }
        run = next(&run, 3_600);
        assert_eq!((run.findings.differences_found, run.carried.len()), (0, 0));
    }

    #[test]
    fn what_other_stages_look_at_again_is_not_carried() {
        let mut run = Reconciliation::after(None, at(0));
        run.findings.note(met(DifferenceKind::Unreachable));
        run.findings.note(met(DifferenceKind::UnreadableItem));
        assert_eq!(next(&run, 300).findings.differences, []);
    }
}
