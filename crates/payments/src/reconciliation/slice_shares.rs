//! How the stages share the time of a slice, so that a backlog of one does not keep the others from being reached.

use crate::reconciliation::Stage;
use crate::timestamp::Timestamp;

impl Stage {
    /// Until when a stage works in a slice that ends at `end`: its part of the time that is left, by the weights of the
    /// stages that are `open`, itself included. What a stage does not need is left to those behind it.
    #[must_use]
    pub fn works_until(self, open: &[Self], now: Timestamp, end: Timestamp) -> Timestamp {
        let behind: i64 = open.iter().filter(|stage| **stage > self).map(|stage| stage.weight()).sum();
        let left_ms = (end.millis() - now.millis()).max(0);
        let own = self.weight().max(1);
        Timestamp::from_millis(now.millis() + left_ms * own / (own + behind))
    }

    /// By how much each reads: a payment has an intent and at least two balance transactions, whose stage writes too.
    fn weight(self) -> i64 {
        match self {
            Self::Events => 3,
            Self::Transactions => 4,
            Self::Intents | Self::Due => 2,
            Self::AccountEvents
            | Self::Balance
            | Self::FraudWarnings
            | Self::Accounts
            | Self::AccountsV2
            | Self::Rollout => 1,
            Self::Finished => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn stages_that_never_end_leave_the_last_one_its_part() {
        let (mut now, end) = (at(0), at(240));
        let mut spent = Vec::new();
        for stage in Stage::ALL {
            let until = stage.works_until(&Stage::ALL, now, end);
            spent.push(until.seconds() - now.seconds());
            now = until;
        }
        assert_eq!(spent, [42, 14, 28, 57, 14, 14, 14, 14, 14, 29]);
        assert_eq!(now, end);
    }

    #[test]
    fn what_a_stage_does_not_need_goes_to_those_behind_it() {
        let open = [Stage::Transactions, Stage::Due];
        assert_eq!(Stage::Transactions.works_until(&open, at(0), at(240)), at(160));
        assert_eq!(Stage::Due.works_until(&open, at(10), at(240)), at(240));
        assert_eq!(Stage::Due.works_until(&[Stage::Due], at(300), at(240)), at(300));
    }
}
