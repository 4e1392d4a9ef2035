//! How long a request or a run waits for Stripe and for the table.

use std::cell::RefCell;
use std::future::Future;
use std::time::{Duration, Instant};

tokio::task_local! {
    static WAITS: RefCell<Waits>;
}

/// Whom a function waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Peer {
    Stripe,
    Table,
}

/// Milliseconds so far, of the request or run that asks; `None` without a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waited {
    pub stripe: Option<u64>,
    pub table: Option<u64>,
}

#[derive(Default)]
struct Waits {
    stripe: Wait,
    table: Wait,
}

/// Calls that overlap count once, so that nothing is waited for longer than a request takes.
#[derive(Default)]
struct Wait {
    under_way: u32,
    since: Option<Instant>,
    total: Option<Duration>,
}

impl Wait {
    fn begin(&mut self) {
        self.under_way += 1;
        self.since.get_or_insert_with(Instant::now);
    }

    fn end(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        if let (0, Some(since)) = (self.under_way, self.since) {
            self.total = Some(self.total.unwrap_or_default() + since.elapsed());
            self.since = None;
        }
    }

    fn milliseconds(&self) -> Option<u64> {
        self.total.map(|total| u64::try_from(total.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Waits {
    fn of(&mut self, peer: Peer) -> &mut Wait {
        match peer {
            Peer::Stripe => &mut self.stripe,
            Peer::Table => &mut self.table,
        }
    }
}

/// Does a request's or a run's work, within which [`waited`] tells how long it waited.
pub async fn measuring_waits<F: Future>(work: F) -> F::Output {
    WAITS.scope(RefCell::default(), work).await
}

/// How long the work around this call has waited.
#[must_use]
pub fn waited() -> Waited {
    let read = |waits: &RefCell<Waits>| {
        let waits = waits.borrow();
        Waited { stripe: waits.stripe.milliseconds(), table: waits.table.milliseconds() }
    };
    WAITS.try_with(read).unwrap_or_default()
}

/// Waits for a call's answer, and counts the time, also when the call is given up.
pub(crate) async fn waiting_for<F: Future>(peer: Peer, call: F) -> F::Output {
    struct Waiting(Peer);
    impl Drop for Waiting {
        fn drop(&mut self) {
            let _ = WAITS.try_with(|waits| waits.borrow_mut().of(self.0).end());
        }
    }
    let _ = WAITS.try_with(|waits| waits.borrow_mut().of(peer).begin());
    let _waiting = Waiting(peer);
    call.await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use tokio::time::sleep;

    #[tokio::test]
    async fn what_a_request_waits_for_is_told_apart_and_what_it_never_called_is_left_out() {
        measuring_waits(async {
            assert_eq!(waited(), Waited::default());
            waiting_for(Peer::Table, ready(())).await;
            assert_eq!((waited().stripe, waited().table.is_some()), (None, true));
        })
        .await;
        assert_eq!(waited(), Waited::default(), "a request's time is its own");
    }

    #[tokio::test]
    async fn calls_side_by_side_count_once_and_a_call_that_is_given_up_counts() {
        let began = Instant::now();
        let total = measuring_waits(async {
            let call = || waiting_for(Peer::Stripe, sleep(Duration::from_millis(20)));
            tokio::join!(call(), call(), call());
            let endless = waiting_for(Peer::Stripe, sleep(Duration::from_secs(60)));
            let _given_up = tokio::time::timeout(Duration::from_millis(20), endless).await;
            waited().stripe.unwrap()
        })
        .await;
        let all = u64::try_from(began.elapsed().as_millis()).unwrap();
        assert!((40..=all).contains(&total), "{total} of {all} ms");
    }
}
