//! Automatic halts: a wave stops when too many of its payments are disputed or its charges fail.

use crate::counting::{PPM, Rates, WaveCounters};
use crate::receiving::{HaltRule, Wave};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a wave halts: the rate found, and the rate that its rule allows, in parts per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HaltCause {
    DisputeRate { found_ppm: u32, allowed_ppm: u32 },
    FailureRate { found_ppm: u32, allowed_ppm: u32 },
}

/// The reason in the audit entry of the halt.
impl fmt::Display for HaltCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rate, found, allowed) = match self {
            Self::DisputeRate { found_ppm, allowed_ppm } => ("Dispute", found_ppm, allowed_ppm),
            Self::FailureRate { found_ppm, allowed_ppm } => ("Failure", found_ppm, allowed_ppm),
        };
        write!(f, "{rate} rate of {found} ppm, above {allowed} ppm")
    }
}

impl Wave {
    /// Why the wave has to halt, if it has to. Only payments allowed since its last resume count: a late dispute of an
    /// earlier payment does not halt it again, since an operator has reviewed those.
    #[must_use]
    pub fn halt_cause(&self, counters: &WaveCounters) -> Option<HaltCause> {
        if self.halted { None } else { self.halt?.exceeded(&counters.cohort(self.resumes)) }
    }
}

impl HaltRule {
    /// The rate that exceeds the rule, disputes before failures; `None` when neither does. A rate equal to the allowed
    /// one does not exceed it.
    #[must_use]
    pub fn exceeded(&self, rates: &Rates) -> Option<HaltCause> {
        let enough = |number: i64| number >= i64::from(self.min_payments);
        let above = |part: i64, whole: i64, allowed_ppm: u32| {
            i128::from(part) * PPM > i128::from(whole) * i128::from(allowed_ppm)
        };
        let Rates { payments, disputed_payments, warned_payments: _, charges, failed_charges } = rates;
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
        Rates { payments, disputed_payments, warned_payments: 0, charges, failed_charges }
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
        rollout.wave(&name()).is_some_and(|wave| wave.halt_cause(counters).is_some())
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
    fn only_payments_since_the_last_resume_halt_a_wave() {
        let late = |since| counters([rates(10_000, 9_000, 10_000, 0), since]);
        assert!(!halts(&resumed(), &late(rates(50, 0, 50, 0))));
        assert!(halts(&resumed(), &late(rates(50, 1, 50, 0))));
        assert!(halts(&resumed(), &late(rates(50, 0, 50, 26))));
        let good_before = counters([rates(10_000, 0, 10_000, 0), rates(50, 1, 50, 0)]);
        assert!(halts(&resumed(), &good_before), "many good payments before do not dilute the rate");
    }

    #[test]
    fn a_wave_without_a_rule_never_halts() {
        let open = Rollout::default().with_wave(Wave::new(name()));
        assert!(!halts(&open, &counters([rates(100, 100, 100, 100)])));
    }

    #[test]
    fn a_rate_equal_to_the_allowed_one_does_not_halt_and_one_more_does() {
        assert_eq!(RULE.exceeded(&rates(100, 1, 100, 50)), None);
        let disputes = HaltCause::DisputeRate { found_ppm: 20_000, allowed_ppm: 10_000 };
        assert_eq!(RULE.exceeded(&rates(100, 2, 100, 50)), Some(disputes));
        let failures = HaltCause::FailureRate { found_ppm: 510_000, allowed_ppm: 500_000 };
        assert_eq!(RULE.exceeded(&rates(100, 1, 100, 51)), Some(failures));
        assert_eq!(RULE.exceeded(&rates(100, 2, 100, 51)), Some(disputes));
    }

    #[test]
    fn fewer_payments_than_the_minimum_do_not_halt() {
        assert_eq!(RULE.exceeded(&rates(49, 49, 49, 49)), None);
        assert!(RULE.exceeded(&rates(50, 1, 0, 0)).is_some());
        assert!(RULE.exceeded(&rates(0, 0, 50, 50)).is_some());
    }

    #[test]
    fn disputes_counted_before_their_payments_settle_do_not_halt() {
        let strictest = HaltRule { dispute_rate_ppm: 0, failure_rate_ppm: 0, min_payments: 0 };
        assert_eq!(strictest.exceeded(&rates(0, 0, 0, 0)), None);
        assert_eq!(strictest.exceeded(&rates(0, 3, 0, 0)), None);
        assert!(strictest.exceeded(&rates(1, 1, 1, 0)).is_some());
    }

    #[test]
    fn a_cause_reads_as_a_sentence() {
        let cause = HaltCause::FailureRate { found_ppm: 510_000, allowed_ppm: 500_000 };
        assert_eq!(cause.to_string(), "Failure rate of 510000 ppm, above 500000 ppm");
    }

    proptest! {
        #[test]
        fn more_disputes_never_undo_a_halt(payments in 0_i64..500, disputed in 0_i64..500, more in 0_i64..50) {
            let halts = |disputed| RULE.exceeded(&rates(payments, disputed, 0, 0)).is_some();
            prop_assert!(!halts(disputed) || halts(disputed + more));
        }
    }
}
