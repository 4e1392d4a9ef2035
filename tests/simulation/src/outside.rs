//! What people and Stripe can do: call the API, call Stripe, wait. And what they tell of it.

use crate::clock::VirtualClock;
use crate::gateway::Invocation;
use crate::network::{Network, Reply, Wire};
use crate::wiring::STRIPE_KEY;
use fastrand::Rng;
use http::Method;
use publish_payment_events::{BatchAnswer, BatchError};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use stripe_stand_in::{Attempt, Call, Delivered};

/// How long an app waits for an answer; the gateway itself gives up after 30 seconds.
const CLIENT_PATIENCE: Duration = Duration::from_secs(30);

/// Something that the scheduler is told.
pub(crate) enum Told {
    /// Stripe's delivery of an event came to this.
    Delivered(Attempt, Delivered),
    /// A function answered, whether or not the answer ever arrives.
    Answered { invocation: Arc<Invocation>, status: u16, body: Value },
    /// A batch of the stream came to this: it is handled, or where it begins that is not, or all of it failed.
    Read { shard: usize, batch: usize, answer: Result<BatchAnswer, BatchError> },
    /// A sender gave up a payment, or saw the definite end of it.
    Finished,
    /// Somebody saw what must not be.
    Wrong(String),
    /// It is time for something that we have no part in: a bank's, an operator's at Stripe's own pages.
    Fate,
}

/// The outside world, as each actor has it.
#[derive(Clone)]
pub(crate) struct Outside {
    pub(crate) network: Network,
    pub(crate) clock: VirtualClock,
    told: Arc<Mutex<Vec<Told>>>,
    payments: Arc<Mutex<Vec<(String, &'static str)>>>,
}

impl Outside {
    pub(crate) fn new(network: Network, clock: VirtualClock) -> Self {
        Self { network, clock, told: Arc::default(), payments: Arc::default() }
    }

    /// Calls the API.
    pub(crate) async fn call(&self, invocation: Invocation) -> Reply {
        self.call_within(CLIENT_PATIENCE, invocation).await
    }

    /// Calls the API, and waits so long for an answer.
    pub(crate) async fn call_within(&self, patience: Duration, invocation: Invocation) -> Reply {
        self.send(patience, Wire::Function(Arc::new(invocation))).await
    }

    /// Calls Stripe with a form, as a page does.
    pub(crate) async fn stripe(&self, method: Method, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = serde_urlencoded::to_string(form).unwrap_or_default();
        let mut call = Call::new(method.clone(), path);
        call.accept = Some("application/json".to_owned());
        if method == Method::GET {
            call.query = body;
        } else {
            call.body = body.into_bytes();
        }
        self.send(CLIENT_PATIENCE, Wire::Stripe(Box::new(call))).await
    }

    async fn send(&self, patience: Duration, wire: Wire) -> Reply {
        tokio::time::timeout(patience, self.network.send(wire)).await.unwrap_or(Reply::Lost)
    }

    /// Lets time pass.
    pub(crate) async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    pub(crate) fn tell(&self, told: Told) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    }

    /// Notes a payment that was created, and whose it is.
    pub(crate) fn note_payment(&self, id: &str, sender: &'static str) {
        self.payments.lock().unwrap_or_else(PoisonError::into_inner).push((id.to_owned(), sender));
    }

    /// Some payment that was created.
    pub(crate) fn some_payment(&self, rng: &mut Rng) -> Option<(String, &'static str)> {
        let payments = self.payments.lock().unwrap_or_else(PoisonError::into_inner);
        (!payments.is_empty()).then(|| payments[rng.usize(..payments.len())].clone())
    }

    pub(crate) fn take_told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A call to Stripe with our secret key.
pub(crate) fn secret_call(method: Method, path: &str, query: &str, body: &str) -> Call {
    let mut call = Call::new(method, path).signed_in(STRIPE_KEY, None, body);
    call.query = query.to_owned();
    call
}
