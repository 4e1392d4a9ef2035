//! When a wave halts by itself.

use crate::counting::{PPM, rates::Rates, wave_counters::WaveCounters};
use crate::receiving::{HaltRule, Wave};
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

impl Wave {
    /// Why it is to halt, if it is. It is judged by what it allowed since it was last resumed: a dispute that comes late
    /// stays with the payments that an operator has looked into.
    #[must_use]
    pub fn halts(&self, counters: &WaveCounters) -> Option<HaltCause> {
        if self.halted { None } else { self.halt?.exceeded(&counters.cohort(self.resumes)) }
    }
}

impl HaltRule {
    /// Whether rates are above those that the rule allows, the disputes first. One that is just what is allowed halts
    /// nothing.
    #[must_use]
    pub fn exceeded(&self, rates: &Rates) -> Option<HaltCause> {
        let enough = |number: i64| number >= i64::from(self.min_payments);
        let above = |part: i64, whole: i64, allowed_ppm: u32| {
            i128::from(part) * PPM > i128::from(whole) * i128::from(allowed_ppm)
        };
        let Rates { payments, disputed_payments, charges, failed_charges } = rates;
        if enough(*payments) && above(*disputed_payments, *payments, self.dispute_rate_ppm) {
            let found_ppm = rates.dispute_rate_ppm()?;
            return Some(HaltCause::DisputeRate { found_ppm, allowed_ppm: self.dispute_rate_ppm });
        }
        if enough(*charges) && above(*failed_charges, *charges, self.failure_rate_ppm) {
            let found_ppm = rates.failure_rate_ppm()?;
            return Some(HaltCause::FailureRate { found_ppm, allowed_ppm: self.failure_rate_ppm });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::WaveName;
    use crate::receiving::Rollout;
    use proptest::prelude::*;

    const RULE: HaltRule = HaltRule { dispute_rate_ppm: 10_000, failure_rate_ppm: 500_000, min_payments: 50 };

    fn rates(payments: i64, disputed_payments: i64, charges: i64, failed_charges: i64) -> Rates {
        Rates { payments, disputed_payments, charges, failed_charges }
    }

    fn counters<const N: usize>(cohorts: [Rates; N]) -> WaveCounters {
        WaveCounters { cohorts: (0..).zip(cohorts).collect(), ..WaveCounters::default() }
    }

    fn open() -> Rollout {
        let wave = Wave { halt: Some(RULE), ..Wave::new(name()) };
        Rollout::default().with_wave(wave)
    }

    fn resumed() -> Rollout {
        let halted = open().with_wave_halted(&name()).expect("halts");
        halted.with_wave_resumed(&name()).expect("resumes")
    }

    fn halts(rollout: &Rollout, counters: &WaveCounters) -> bool {
        rollout.wave(&name()).is_some_and(|wave| wave.halts(counters).is_some())
    }

    fn name() -> WaveName {
        WaveName::parse("a").expect("name")
    }

    #[test]
    fn counters_that_were_read_before_a_wave_was_resumed_do_not_halt_it_again() {
        let before = counters([rates(100, 2, 100, 51)]);
        assert!(halts(&open(), &before));
        let halted = open().with_wave_halted(&name()).expect("halts");
        assert!(!halts(&halted, &before), "it is halted already");
        assert!(!halts(&resumed(), &before));
    }

    #[test]
    fn late_disputes_of_earlier_payments_do_not_halt_a_resumed_wave_and_bad_payments_since_do() {
        let late = |since| counters([rates(10_000, 9_000, 10_000, 0), since]);
        assert!(!halts(&resumed(), &late(rates(50, 0, 50, 0))));
        assert!(halts(&resumed(), &late(rates(50, 1, 50, 0))));
        assert!(halts(&resumed(), &late(rates(50, 0, 50, 26))));
        let good_before = counters([rates(10_000, 0, 10_000, 0), rates(50, 1, 50, 0)]);
        assert!(halts(&resumed(), &good_before), "many good ones before do not thin it out");
    }

    #[test]
    fn a_wave_without_a_rule_never_halts() {
        let open = Rollout::default().with_wave(Wave::new(name()));
        assert!(!halts(&open, &counters([rates(100, 100, 100, 100)])));
    }

    #[test]
    fn a_rate_just_as_allowed_halts_nothing_and_one_more_does() {
        assert_eq!(RULE.exceeded(&rates(100, 1, 100, 50)), None);
        let disputes = HaltCause::DisputeRate { found_ppm: 20_000, allowed_ppm: 10_000 };
        assert_eq!(RULE.exceeded(&rates(100, 2, 100, 50)), Some(disputes));
        let failures = HaltCause::FailureRate { found_ppm: 510_000, allowed_ppm: 500_000 };
        assert_eq!(RULE.exceeded(&rates(100, 1, 100, 51)), Some(failures));
        assert_eq!(RULE.exceeded(&rates(100, 2, 100, 51)), Some(disputes));
    }

    #[test]
    fn fewer_than_the_least_number_halt_nothing() {
        assert_eq!(RULE.exceeded(&rates(49, 49, 49, 49)), None);
        assert!(RULE.exceeded(&rates(50, 1, 0, 0)).is_some());
        assert!(RULE.exceeded(&rates(0, 0, 50, 50)).is_some());
    }

    #[test]
    fn disputes_that_are_known_before_their_payments_are_settled_halt_nothing() {
        let eager = HaltRule { dispute_rate_ppm: 0, failure_rate_ppm: 0, min_payments: 0 };
        assert_eq!(eager.exceeded(&rates(0, 0, 0, 0)), None);
        assert_eq!(eager.exceeded(&rates(0, 3, 0, 0)), None);
        assert!(eager.exceeded(&rates(1, 1, 1, 0)).is_some());
    }

    #[test]
    fn a_cause_is_told_in_words() {
        let cause = HaltCause::FailureRate { found_ppm: 510_000, allowed_ppm: 500_000 };
        assert_eq!(cause.to_string(), "Failure rate of 510000 ppm, above 500000 ppm");
    }

    proptest! {
        #[test]
        fn more_disputes_never_make_a_halt_undone(payments in 0_i64..500, disputed in 0_i64..500, more in 0_i64..50) {
            let halts = |disputed| RULE.exceeded(&rates(payments, disputed, 0, 0)).is_some();
            prop_assert!(!halts(disputed) || halts(disputed + more));
        }
    }
}
