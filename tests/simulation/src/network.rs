//! Requests in flight, and answers to them. A request does nothing by itself: the scheduler decides when it arrives,
//! what happens to it, and when its answer arrives, if ever.

use crate::gateway::Invocation;
use crate::tasks::TaskId;
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use stripe_stand_in::Call;
use tokio::time::Instant;

/// The id of a request within one simulation.
pub(crate) type HopId = u64;

/// A request, by the service it is sent to.
pub(crate) enum Request {
    Stripe(Box<Call>),
    /// The operation and its JSON.
    Table(String, Value),
    Function(Arc<Invocation>),
}

/// The answer to a request.
#[derive(Clone)]
pub(crate) enum Reply {
    Http {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The connection broke.
    Lost,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::Http {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string(),
        }
    }

    /// The status; 0 when there is no answer.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Http { status, .. } => *status,
            Self::Lost => 0,
        }
    }

    /// The body; null when it is not JSON.
    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Http { body, .. } => serde_json::from_str(body).unwrap_or_default(),
            Self::Lost => Value::Null,
        }
    }
}

/// How far a request has come.
pub(crate) enum Stage {
    /// In flight to its service.
    Sent,
    /// One of our functions works on it.
    Working,
    /// The answer is in flight.
    Answered(Reply),
    Arrived(Reply),
    /// Nothing will ever come back.
    Silent,
}

/// A request in flight.
pub(crate) struct Hop {
    pub(crate) from: TaskId,
    pub(crate) request: Arc<Request>,
    pub(crate) stage: Stage,
    /// The sender no longer waits: it ended or timed out.
    pub(crate) abandoned: bool,
    pub(crate) sent_at: Instant,
    waker: Option<Waker>,
}

/// All requests in flight. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Network(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    hops: BTreeMap<HopId, Hop>,
    sent: HopId,
    /// The task that runs.
    current: TaskId,
}

impl Network {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A future that sends a request when it is first polled, and waits for its answer.
    pub(crate) fn send(&self, request: Request) -> PendingReply {
        PendingReply { network: self.clone(), request: Some(Arc::new(request)), id: None }
    }

    /// Requests sent from now on are of this task.
    pub(crate) fn run_as(&self, task: TaskId) {
        self.state().current = task;
    }

    /// The requests or answers that can arrive next, oldest first.
    pub(crate) fn deliverable(&self) -> Vec<HopId> {
        let deliverable = |hop: &Hop| matches!(hop.stage, Stage::Sent | Stage::Answered(_));
        self.state().hops.iter().filter(|(_, hop)| deliverable(hop)).map(|(id, _)| *id).collect()
    }

    /// Polls `work` until it ends or sends a request.
    pub(crate) async fn wait_or<F: Future>(&self, mut work: Pin<&mut F>) -> Poll<F::Output> {
        std::future::poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Poll::Ready(output)),
            Poll::Pending if !self.deliverable().is_empty() => Poll::Ready(Poll::Pending),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    pub(crate) fn with_hop<T>(&self, id: HopId, read: impl FnOnce(&Hop) -> T) -> Option<T> {
        self.state().hops.get(&id).map(read)
    }

    /// Whether another request in flight to Stripe has the same idempotency key.
    pub(crate) fn has_twin(&self, id: HopId) -> bool {
        let key = |hop: &Hop| match &*hop.request {
            Request::Stripe(call) if matches!(hop.stage, Stage::Sent) => call.idempotency_key.clone(),
            Request::Stripe(_) | Request::Table(..) | Request::Function(_) => None,
        };
        let state = self.state();
        let Some(own) = state.hops.get(&id).and_then(key) else { return false };
        state.hops.iter().any(|(other, hop)| *other != id && key(hop).as_ref() == Some(&own))
    }

    /// Sets how far a request has come. An abandoned one is removed once it took effect.
    pub(crate) fn set_stage(&self, id: HopId, stage: Stage) {
        let mut state = self.state();
        let Some(hop) = state.hops.get_mut(&id) else { return };
        if hop.abandoned && !matches!(stage, Stage::Working) {
            state.hops.remove(&id);
            return;
        }
        let waker = matches!(stage, Stage::Arrived(_)).then(|| hop.waker.take()).flatten();
        hop.stage = stage;
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A request whose answer is awaited.
pub(crate) struct PendingReply {
    network: Network,
    request: Option<Arc<Request>>,
    id: Option<HopId>,
}

impl Future for PendingReply {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let network = self.network.clone();
        let mut state = network.state();
        if let Some(request) = self.request.take() {
            state.sent += 1;
            let id = state.sent;
            let hop = Hop {
                from: state.current,
                request,
                stage: Stage::Sent,
                abandoned: false,
                sent_at: Instant::now(),
                waker: Some(context.waker().clone()),
            };
            state.hops.insert(id, hop);
            self.id = Some(id);
            return Poll::Pending;
        }
        let Some(hop) = self.id.and_then(|id| state.hops.get_mut(&id)) else {
            return Poll::Ready(Reply::Lost);
        };
        if let Stage::Arrived(reply) = &hop.stage {
            let reply = reply.clone();
            let id = self.id.take();
            state.hops.remove(&id.unwrap_or_default());
            return Poll::Ready(reply);
        }
        hop.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// The sender stops waiting; its request may still arrive.
impl Drop for PendingReply {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let mut state = self.network.state();
        let Some(hop) = state.hops.get_mut(&id) else { return };
        if matches!(hop.stage, Stage::Sent | Stage::Working) {
            hop.abandoned = true;
        } else {
            state.hops.remove(&id);
        }
    }
}
