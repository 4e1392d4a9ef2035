//! Everything that is on its way: requests, and answers to them. A request does nothing by itself. The scheduler
//! decides when it arrives, what becomes of it, and when its answer comes, if ever.

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

/// Names a request within one simulation.
pub(crate) type HopId = u64;

/// A request, by what it is sent to.
pub(crate) enum Wire {
    /// To Stripe.
    Stripe(Box<Call>),
    /// To DynamoDB: the operation and its JSON.
    Table(String, Value),
    /// To one of our functions.
    Function(Arc<Invocation>),
}

/// What comes back.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A whole answer.
    Http { status: u16, headers: Vec<(&'static str, String)>, body: String },
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

    /// The status; 0 for none.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Http { status, .. } => *status,
            Self::Lost => 0,
        }
    }

    /// The body, if it is JSON.
    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Http { body, .. } => serde_json::from_str(body).unwrap_or_default(),
            Self::Lost => Value::Null,
        }
    }
}

/// How far a request has come.
pub(crate) enum Stage {
    /// On its way there.
    Sent,
    /// One of our functions works on it.
    Working,
    /// The answer is on its way back.
    Answered(Reply),
    /// The answer has arrived.
    Arrived(Reply),
    /// Nothing will ever come back.
    Silent,
}

/// A request.
pub(crate) struct Hop {
    /// Who sent it.
    pub(crate) from: TaskId,
    pub(crate) wire: Arc<Wire>,
    pub(crate) stage: Stage,
    /// Who sent it no longer waits: ended, or out of patience.
    pub(crate) forgotten: bool,
    /// When it was sent: nothing stays on its way for hours.
    pub(crate) sent_at: Instant,
    waker: Option<Waker>,
}

/// All requests on their way. Clones are the same network.
#[derive(Clone, Default)]
pub(crate) struct Network(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    hops: BTreeMap<HopId, Hop>,
    sent: HopId,
    /// Who is being run.
    current: TaskId,
}

impl Network {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request, and waits for its answer.
    pub(crate) fn send(&self, wire: Wire) -> Sending {
        Sending { network: self.clone(), wire: Some(Arc::new(wire)), id: None }
    }

    /// From now on requests are of this task.
    pub(crate) fn run_as(&self, task: TaskId) {
        self.state().current = task;
    }

    /// The requests with which the scheduler can do something, oldest first.
    pub(crate) fn movable(&self) -> Vec<HopId> {
        let movable = |hop: &Hop| matches!(hop.stage, Stage::Sent | Stage::Answered(_));
        self.state().hops.iter().filter(|(_, hop)| movable(hop)).map(|(id, _)| *id).collect()
    }

    /// Goes on with `work` until it ends, or has sent something.
    pub(crate) async fn wait_or<F: Future>(&self, mut work: Pin<&mut F>) -> Poll<F::Output> {
        std::future::poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Poll::Ready(output)),
            Poll::Pending if !self.movable().is_empty() => Poll::Ready(Poll::Pending),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Looks at a request.
    pub(crate) fn look<T>(&self, id: HopId, look: impl FnOnce(&Hop) -> T) -> Option<T> {
        self.state().hops.get(&id).map(look)
    }

    /// Whether another request on its way to Stripe has the same idempotency key.
    pub(crate) fn has_twin(&self, id: HopId) -> bool {
        let key = |hop: &Hop| match &*hop.wire {
            Wire::Stripe(call) if matches!(hop.stage, Stage::Sent) => call.idempotency_key.clone(),
            _ => None,
        };
        let state = self.state();
        let Some(own) = state.hops.get(&id).and_then(key) else { return false };
        state.hops.iter().any(|(other, hop)| *other != id && key(hop).as_ref() == Some(&own))
    }

    /// Moves a request on. One that nobody waits for is gone once it has had its effect.
    pub(crate) fn put(&self, id: HopId, stage: Stage) {
        let mut state = self.state();
        let Some(hop) = state.hops.get_mut(&id) else { return };
        if hop.forgotten && !matches!(stage, Stage::Working) {
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

/// A request whose answer is waited for.
pub(crate) struct Sending {
    network: Network,
    wire: Option<Arc<Wire>>,
    id: Option<HopId>,
}

impl Future for Sending {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let network = self.network.clone();
        let mut state = network.state();
        if let Some(wire) = self.wire.take() {
            state.sent += 1;
            let id = state.sent;
            let hop = Hop {
                from: state.current,
                wire,
                stage: Stage::Sent,
                forgotten: false,
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

/// Nobody waits any more, but what was sent may still arrive.
impl Drop for Sending {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let mut state = self.network.state();
        let Some(hop) = state.hops.get_mut(&id) else { return };
        if matches!(hop.stage, Stage::Sent | Stage::Working) {
            hop.forgotten = true;
        } else {
            state.hops.remove(&id);
        }
    }
}
