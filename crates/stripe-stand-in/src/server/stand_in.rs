//! The sandbox with the system clock, a journal, and concurrent calls.

use crate::clock::delivery_retries::{Attempt, Delivered};
use crate::dispatch::call_faults::CallHandling;
use crate::objects::accounts::readiness::Readiness;
use crate::server::http::serve;
use crate::server::rate_limits::RateLimiter;
use crate::server::webhooks::Endpoint;
use crate::state::chaos::Faults;
use crate::state::idempotency;
use crate::state::journal::{Journal, JournalError};
use crate::state::sandbox::{Sandbox, Settings};
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::reply::Reply;
use axum::Router;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// The stand-in could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The client that delivers webhooks could not be built.
    #[error("the webhook client could not be built")]
    Client(#[from] reqwest::Error),
}

/// A running stand-in. Clones share one sandbox.
#[derive(Clone)]
pub struct StandIn(Arc<Inner>);

struct Inner {
    state: Mutex<StandInState>,
    answered: Notify,
    http: reqwest::Client,
}

struct StandInState {
    sandbox: Sandbox,
    /// `None` keeps the sandbox in memory only.
    journal: Option<Journal>,
    endpoints: Vec<Endpoint>,
    /// Accounts and idempotency keys of calls without an answer yet.
    in_flight: HashSet<String>,
    /// The delay of every call.
    latency: Duration,
    /// `None` is no limit.
    limiter: Option<RateLimiter>,
}

impl StandIn {
    /// Opens the sandbox of `journal`, or a new one in memory.
    ///
    /// # Errors
    /// The journal cannot be opened.
    pub fn open(
        journal: Option<PathBuf>,
        mut settings: Settings,
        endpoints: Vec<Endpoint>,
    ) -> Result<Self, OpenError> {
        settings.endpoints = endpoints.iter().map(|endpoint| endpoint.payload).collect();
        let (journal, sandbox) = match journal {
            Some(path) => {
                let (journal, records) = Journal::open(&path, now_ms())?;
                (Some(journal), Sandbox::from_records(settings, records))
            }
            None => (None, Sandbox::new(settings)),
        };
        let http =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let state = StandInState {
            sandbox,
            journal,
            endpoints,
            in_flight: HashSet::new(),
            latency: Duration::ZERO,
            limiter: None,
        };
        Ok(Self(Arc::new(Inner { state: Mutex::new(state), answered: Notify::new(), http })))
    }

    /// Delays every call by `latency`. Its idempotency key is locked meanwhile: a second call with the key gets 409.
    pub fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// Allows this many calls per second, and at most 25 of them on one endpoint; `None` is no limit. Stripe allows 100
    /// in live mode and 25 in test mode (docs.stripe.com/rate-limits).
    pub fn set_rate_limit(&self, calls_per_s: Option<u32>) {
        self.state().limiter = calls_per_s.map(RateLimiter::new);
    }

    /// Puts faults in force for later calls and events.
    pub fn set_faults(&self, faults: Faults) {
        self.state().sandbox.set_faults(faults);
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.state().sandbox.faults()
    }

    /// Adds a connected account with a chosen id, unless it exists.
    pub fn seed_account(&self, id: &str, country: &str, readiness: Readiness) {
        let mut state = self.state();
        state.sandbox.seed_account(id, country, readiness, now_ms());
        if let Err(error) = state.write_journal() {
            tracing::error!(%error, "the stand-in's journal failed");
        }
    }

    /// Whether a change could not be written, after which every change is refused until the stand-in is opened again.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.state().journal.as_ref().is_some_and(Journal::is_broken)
    }

    /// Answers one call as the HTTP server does, with its limits and faults. `None` cuts the connection without an
    /// answer, after the effect.
    pub async fn respond(&self, call: &Call) -> Option<Reply> {
        let handling = self.state().handling(call);
        match handling {
            CallHandling::Answer => Some(self.answer(call).await),
            CallHandling::Refuse(reply) => Some(reply),
            CallHandling::Fail => Some(self.answer_by(Sandbox::handle_failing, call).await),
            CallHandling::LoseResponse => {
                self.answer(call).await;
                None
            }
        }
    }

    /// Answers one call without limits or faults.
    pub async fn answer(&self, call: &Call) -> Reply {
        self.answer_by(Sandbox::handle, call).await
    }

    async fn answer_by(&self, handle: fn(&mut Sandbox, &Call, i64) -> Reply, call: &Call) -> Reply {
        let latency = {
            let mut state = self.state();
            if let Some(scope) = idempotency::scope(call)
                && !state.in_flight.insert(scope)
            {
                let error = idempotency::in_use(call.idempotency_key.as_deref().unwrap_or_default());
                return Reply::json(error.status, &error.body_at(&call.path, "req_conflict"))
                    .with("stripe-should-retry", "true");
            }
            state.latency
        };
        // The guard frees the key even when the caller hangs up meanwhile.
        let _in_flight = InFlight { stand_in: self, scope: idempotency::scope(call) };
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        self.execute(handle, call)
    }

    fn execute(&self, handle: fn(&mut Sandbox, &Call, i64) -> Reply, call: &Call) -> Reply {
        let mut state = self.state();
        let reply = handle(&mut state.sandbox, call, now_ms());
        let journaled = state.write_journal();
        drop(state);
        self.0.answered.notify_one();
        match journaled {
            Ok(()) => reply,
            Err(error) => {
                tracing::error!(%error, "the stand-in's journal failed");
                let error = StripeError::api("The stand-in could not write its journal.");
                Reply::json(error.status, &error.body_at(&call.path, "req_journal"))
            }
        }
    }

    /// A router with Stripe's API and the stand-in's pages and controls.
    pub fn router(&self) -> Router {
        Router::new().fallback(serve).with_state(self.clone())
    }

    pub(crate) fn due_deliveries(&self, limit: usize) -> Vec<(Attempt, Endpoint)> {
        let mut state = self.state();
        let attempts = state.sandbox.due_deliveries(now_ms(), limit);
        // Changes that fell due are journaled before their events are delivered.
        if let Err(error) = state.write_journal() {
            tracing::error!(%error, "the stand-in's journal failed");
        }
        let endpoints = &state.endpoints;
        attempts
            .into_iter()
            .filter_map(|attempt| {
                let endpoint = endpoints.get(attempt.endpoint)?.clone();
                Some((attempt, endpoint))
            })
            .collect()
    }

    pub(crate) fn delivered(&self, attempt: &Attempt, outcome: Delivered) {
        let mut state = self.state();
        state.sandbox.delivered(attempt, outcome, now_ms());
        // An outcome that is lost only causes one more delivery.
        if let Err(error) = state.write_journal() {
            tracing::error!(%error, "the stand-in's journal failed");
        }
    }

    pub(crate) fn until_next_delivery(&self) -> Duration {
        let next_ms = self.state().sandbox.next_delivery_ms();
        next_ms.map_or(Duration::MAX, |at_ms| {
            Duration::from_millis(u64::try_from(at_ms.saturating_sub(now_ms())).unwrap_or_default())
        })
    }

    pub(crate) async fn call_answered(&self) {
        self.0.answered.notified().await;
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    fn state(&self) -> MutexGuard<'_, StandInState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StandInState {
    fn handling(&mut self, call: &Call) -> CallHandling {
        match self.limiter.as_mut().map_or(Ok(()), |limiter| limiter.admit(call, now_ms())) {
            Ok(()) => self.sandbox.next_call_handling(call),
            Err(limit) => CallHandling::Refuse(self.sandbox.rate_limited(call, limit.reason())),
        }
    }

    /// Appends the sandbox's latest changes to the journal.
    fn write_journal(&mut self) -> std::io::Result<()> {
        match &mut self.journal {
            None => self.sandbox.records.forget_changes(),
            Some(journal) => {
                if let Some(changes) = self.sandbox.records.take_changes() {
                    journal.append(&changes)?;
                }
            }
        }
        Ok(())
    }
}

struct InFlight<'s> {
    stand_in: &'s StandIn,
    scope: Option<String>,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(scope) = &self.scope {
            self.stand_in.state().in_flight.remove(scope);
        }
    }
}

/// Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
