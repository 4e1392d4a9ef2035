//! When a wave halts by itself.

use super::{PPM, WaveCounters};
use crate::HaltRule;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a wave halts by itself: the rate that was found, and the one that its rule allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HaltCause {
    /// Too many of its payments are disputed.
    DisputeRate {
        /// In parts per million.
        found_ppm: u32,
        /// In parts per million.
        allowed_ppm: u32,
    },
    /// Too many of its charges fail.
    FailureRate {
        /// In parts per million.
        found_ppm: u32,
        /// In parts per million.
        allowed_ppm: u32,
    },
}

/// In an operator's words.
impl fmt::Display for HaltCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, found, allowed) = match self {
            Self::DisputeRate { found_ppm, allowed_ppm } => ("Dispute", found_ppm, allowed_ppm),
            Self::FailureRate { found_ppm, allowed_ppm } => ("Failure", found_ppm, allowed_ppm),
        };
        write!(f, "{what} rate of {found} ppm, above {allowed} ppm")
    }
}

impl HaltRule {
    /// Whether what a wave came to since it was last resumed is more than the rule allows, the disputes first. A rate
    /// that is just what is allowed halts nothing.
    #[must_use]
    pub fn exceeded(&self, since_resumed: &WaveCounters) -> Option<HaltCause> {
        let enough = |number: i64| number >= i64::from(self.min_payments);
        let above = |part: i64, whole: i64, allowed_ppm: u32| {
            i128::from(part) * PPM > i128::from(whole) * i128::from(allowed_ppm)
        };
        let WaveCounters { payments, disputed_payments, charges, failed_charges, .. } = since_resumed;
        if enough(*payments) && above(*disputed_payments, *payments, self.dispute_rate_ppm) {
            let found_ppm = since_resumed.dispute_rate_ppm()?;
            return Some(HaltCause::DisputeRate { found_ppm, allowed_ppm: self.dispute_rate_ppm });
        }
        if enough(*charges) && above(*failed_charges, *charges, self.failure_rate_ppm) {
            let found_ppm = since_resumed.failure_rate_ppm()?;
            return Some(HaltCause::FailureRate { found_ppm, allowed_ppm: self.failure_rate_ppm });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: HaltRule = HaltRule { dispute_rate_ppm: 10_000, failure_rate_ppm: 500_000, min_payments: 50 };

    fn counters(payments: i64, disputed_payments: i64, charges: i64, failed_charges: i64) -> WaveCounters {
        WaveCounters { payments, disputed_payments, charges, failed_charges, ..WaveCounters::default() }
    }

    #[test]
    fn a_rate_just_as_allowed_halts_nothing_and_one_more_does() {
        assert_eq!(RULE.exceeded(&counters(100, 1, 100, 50)), None);
        let disputes = HaltCause::DisputeRate { found_ppm: 20_000, allowed_ppm: 10_000 };
        assert_eq!(RULE.exceeded(&counters(100, 2, 100, 50)), Some(disputes));
        let failures = HaltCause::FailureRate { found_ppm: 510_000, allowed_ppm: 500_000 };
        assert_eq!(RULE.exceeded(&counters(100, 1, 100, 51)), Some(failures));
        assert_eq!(RULE.exceeded(&counters(100, 2, 100, 51)), Some(disputes));
    }

    #[test]
    fn fewer_than_the_least_number_halt_nothing() {
        assert_eq!(RULE.exceeded(&counters(49, 49, 49, 49)), None);
        assert!(RULE.exceeded(&counters(50, 1, 0, 0)).is_some());
        assert!(RULE.exceeded(&counters(0, 0, 50, 50)).is_some());
    }

    #[test]
    fn disputes_of_older_payments_alone_halt_nothing_before_there_are_payments() {
        let eager = HaltRule { dispute_rate_ppm: 0, failure_rate_ppm: 0, min_payments: 0 };
        assert_eq!(eager.exceeded(&counters(0, 0, 0, 0)), None);
        assert_eq!(eager.exceeded(&counters(0, 3, 0, 0)), None);
        assert!(eager.exceeded(&counters(1, 1, 1, 0)).is_some());
    }

    #[test]
    fn a_cause_is_told_in_words() {
        let cause = HaltCause::FailureRate { found_ppm: 510_000, allowed_ppm: 500_000 };
        assert_eq!(cause.to_string(), "Failure rate of 510000 ppm, above 500000 ppm");
    }

    proptest! {
        #[test]
        fn more_disputes_never_make_a_halt_undone(payments in 0_i64..500, disputed in 0_i64..500, more in 0_i64..50) {
            let halts = |disputed| RULE.exceeded(&counters(payments, disputed, 0, 0)).is_some();
            prop_assert!(!halts(disputed) || halts(disputed + more));
        }
    }
}
