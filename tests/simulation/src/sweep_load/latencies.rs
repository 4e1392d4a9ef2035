//! Answers each request after the time that the model assumes for it, and counts the requests.

use super::model::{Demand, MODELLED};
use crate::backends::Backends;
use crate::clock::VirtualClock;
use crate::network::{HopId, Network, Request, Stage};
use futures_util::future::{Either, select};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

pub(super) struct Latencies {
    network: Network,
    pub(super) backends: Backends,
    clock: VirtualClock,
    demand: Demand,
}

impl Latencies {
    pub(super) fn new(network: Network, backends: Backends, clock: VirtualClock) -> Self {
        Self { network, backends, clock, demand: Demand::default() }
    }

    /// The requests since the last call.
    pub(super) fn count(&mut self) -> Demand {
        std::mem::take(&mut self.demand)
    }

    /// Runs work whose requests take their time.
    pub(super) async fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            let waiting = self.answer_what_is_due();
            let open = self.network.deliverable().len();
            let network = self.network.clone();
            // Until it ends, or sends another request.
            let working = poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending if network.deliverable().len() != open => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            });
            let done = match waiting {
                None => working.await,
                Some(due) => match select(pin!(working), pin!(sleep_until(due))).await {
                    Either::Left((done, _)) => done,
                    Either::Right(_) => None,
                },
            };
            if let Some(done) = done {
                return done;
            }
        }
    }

    /// Runs work whose requests are answered at once, and not counted.
    pub(super) async fn at_once<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            if let Poll::Ready(done) = futures_util::poll!(work.as_mut()) {
                return done;
            }
            let hops = self.network.deliverable();
            if hops.is_empty()
                && let Poll::Ready(done) = self.network.clone().wait_or(work.as_mut()).await
            {
                return done;
            }
            hops.into_iter().for_each(|hop| self.answer(hop));
        }
    }

    /// Answers the requests whose time is over, and returns when the next one is due.
    fn answer_what_is_due(&mut self) -> Option<Instant> {
        let (now, mut next) = (Instant::now(), None::<Instant>);
        for hop in self.network.deliverable() {
            let due = self.network.with_hop(hop, |hop| hop.sent_at + latency(&hop.request));
            let Some(due) = due else { continue };
            if due > now {
                next = Some(next.map_or(due, |next| next.min(due)));
                continue;
            }
            let request = self.network.with_hop(hop, |hop| hop.request.clone());
            if let Some(request) = request {
                self.demand.add(&request);
            }
            self.answer(hop);
        }
        next
    }

    fn answer(&mut self, hop: HopId) {
        let request = self.network.with_hop(hop, |hop| hop.request.clone());
        if let Some(request) = request {
            let reply = self.backends.answer(&request, self.clock.now_ms());
            self.network.set_stage(hop, Stage::Arrived(reply));
        }
    }
}

fn latency(request: &Request) -> Duration {
    Duration::from_millis(match request {
        Request::Stripe(_) => MODELLED.page_ms,
        Request::Table(operation, _) if operation.contains("Write") || operation == "PutItem" => {
            MODELLED.write_ms
        }
        Request::Table(..) => MODELLED.read_ms,
        Request::Function(_) => 0,
    })
}
