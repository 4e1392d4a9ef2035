//! How many requests a second are made of Stripe.

/// Requests at an even rate, whoever makes them, and a quarter of a second's requests at once after a pause. So no second
/// has more than five quarters of the rate: with 20 a second, no more than the 25 that Stripe accepts for one endpoint.
#[derive(Debug, Clone)]
pub struct RequestBudget {
    interval_us: u64,
    at_once_us: u64,
    next_us: u64,
}

impl RequestBudget {
    /// At most `per_second` requests, which is at least one.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let interval_us = 1_000_000 / u64::from(per_second.max(1));
        Self { interval_us, at_once_us: interval_us * u64::from(per_second / 4), next_us: 0 }
    }

    /// Takes the next request, and returns how long it waits, in microseconds. `now_us` is of any clock that does not go
    /// back.
    pub fn take(&mut self, now_us: u64) -> u64 {
        let at_us = self.next_us.max(now_us);
        self.next_us = at_us + self.interval_us;
        (at_us - now_us).saturating_sub(self.at_once_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_side_by_side_wait_for_their_turn_after_the_first_few() {
        let mut budget = RequestBudget::new(8);
        assert_eq!([0; 5].map(|now_us| budget.take(now_us)), [0, 0, 0, 125_000, 250_000]);
        assert_eq!(budget.take(250_000), 125_000);
        // A pause gives back the few, and no more.
        assert_eq!([9_000_000; 4].map(|now_us| budget.take(now_us)), [0, 0, 0, 125_000]);
        assert_eq!([RequestBudget::new(0).take(5), RequestBudget::new(1).take(0)], [0, 0]);
    }

    #[test]
    fn no_second_has_more_than_five_quarters_of_the_rate() {
        let mut budget = RequestBudget::new(20);
        let mut times: Vec<u64> = (0..100).map(|_| budget.take(0)).collect();
        times.extend((0..100).map(|_| 60_000_000 + budget.take(60_000_000)));
        for start in &times {
            let within = times.iter().filter(|at| (*start..start + 1_000_000).contains(*at)).count();
            assert!(within <= 25, "{within}");
        }
    }
}
