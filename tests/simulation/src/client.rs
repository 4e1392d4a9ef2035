//! What people and Stripe do from outside: call the API, call Stripe, wait; and what they report to the scheduler.

use crate::clock::VirtualClock;
use crate::gateway::Invocation;
use crate::network::{Network, Reply, Request};
use crate::wiring::STRIPE_KEY;
use fastrand::Rng;
use http::Method;
use publish_payment_events::{BatchAnswer, BatchError};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use stripe_stand_in::{Attempt, Call, Delivered};

/// How long an app waits for an answer; the gateway itself gives up after 30 seconds.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// What an actor or a function reports to the scheduler.
pub(crate) enum Message {
    /// Stripe's delivery of an event ended.
    Delivered(Attempt, Delivered),
    /// A function answered, whether or not the answer ever arrives.
    Answered { invocation: Arc<Invocation>, status: u16, body: Value },
    /// A function finished a batch of the stream.
    BatchHandled { shard: usize, batch: usize, answer: Result<BatchAnswer, BatchError> },
    /// An actor saw an answer that breaks the contract.
    Violation(String),
    /// It is time for something that happens at Stripe without us.
    ExternalEventDue,
    /// It is time for an item of the table to become unreadable, or readable again.
    DamageDue,
}

/// How an actor reaches the API, Stripe and the scheduler.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) network: Network,
    pub(crate) clock: VirtualClock,
    messages: Arc<Mutex<Vec<Message>>>,
    payments: Arc<Mutex<Vec<(String, &'static str)>>>,
}

impl Client {
    pub(crate) fn new(network: Network, clock: VirtualClock) -> Self {
        Self { network, clock, messages: Arc::default(), payments: Arc::default() }
    }

    pub(crate) async fn call(&self, invocation: Invocation) -> Reply {
        self.call_within(CLIENT_TIMEOUT, invocation).await
    }

    pub(crate) async fn call_within(&self, timeout: Duration, invocation: Invocation) -> Reply {
        self.send(timeout, Request::Function(Arc::new(invocation))).await
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
        self.send(CLIENT_TIMEOUT, Request::Stripe(Box::new(call))).await
    }

    async fn send(&self, timeout: Duration, request: Request) -> Reply {
        tokio::time::timeout(timeout, self.network.send(request)).await.unwrap_or(Reply::Lost)
    }

    pub(crate) async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    pub(crate) fn report(&self, message: Message) {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    }

    /// Remembers a payment and its sender, for others to act on.
    pub(crate) fn note_payment(&self, id: &str, sender: &'static str) {
        self.payments.lock().unwrap_or_else(PoisonError::into_inner).push((id.to_owned(), sender));
    }

    /// One of the payments so far and its sender.
    pub(crate) fn some_payment(&self, rng: &mut Rng) -> Option<(String, &'static str)> {
        let payments = self.payments.lock().unwrap_or_else(PoisonError::into_inner);
        (!payments.is_empty()).then(|| payments[rng.usize(..payments.len())].clone())
    }

    pub(crate) fn take_messages(&self) -> Vec<Message> {
        std::mem::take(&mut *self.messages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A call to Stripe with our secret key.
pub(crate) fn secret_call(method: Method, path: &str, query: &str, body: &str) -> Call {
    let mut call = Call::new(method, path).signed_in(STRIPE_KEY, None, body);
    call.query = query.to_owned();
    call
}
