//! Calls have a time limit, and are retried under one idempotency key.

use crate::call::Call;
use crate::operator_message::operator_message;
use crate::retry::{is_worth_retrying, pause, retry_after};
use crate::{ApiBase, StripeError, Transport, TransportError, UnavailableCause, UnreadableJson};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Request, Response};
use payments::{DeploymentId, IdempotencyKey, Secret, SetUpFault};
use serde::de::DeserializeOwned;
use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use stripe_client_core::RequestBuilder;
use tokio::time::{Instant, sleep, timeout};

const AGENT: HeaderValue = HeaderValue::from_static(concat!("creator-payments/", env!("CARGO_PKG_VERSION")));
/// Every request names the API version, so that the account's default version does not matter.
const STRIPE_VERSION: &str = "stripe-version";
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const REQUEST_ID: &str = "request-id";

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    pub attempt: Duration,
    /// All attempts and pauses together. Keep it below the function's own limit.
    pub overall: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self { attempt: Duration::from_secs(6), overall: Duration::from_secs(20) }
    }
}

/// Stripe's API without a key: keys are fetched when the first event is handled. Cheap to clone.
#[derive(Clone)]
pub struct Stripe {
    transport: Arc<dyn Transport>,
    base: ApiBase,
    /// Written into the metadata of whatever is made.
    deployment: DeploymentId,
    limits: TimeLimits,
}

impl Stripe {
    /// Sends requests of `deployment` to `base` through `transport`, with the default time limits.
    #[must_use]
    pub fn new(transport: impl Transport, base: ApiBase, deployment: DeploymentId) -> Self {
        Self { transport: Arc::new(transport), base, deployment, limits: TimeLimits::default() }
    }

    /// Replaces the default time limits.
    #[must_use]
    pub fn with_limits(self, limits: TimeLimits) -> Self {
        Self { limits, ..self }
    }

    /// Starts a session under a secret or restricted key.
    ///
    /// # Errors
    /// [`StripeError::UnusableKey`] when the key is empty or not text, or when a live key would be sent
    /// without TLS.
    pub fn authorized(&self, key: &Secret) -> Result<Session, StripeError> {
        let key = key.expose();
        let is_live = key.starts_with(b"sk_live_") || key.starts_with(b"rk_live_");
        if is_live && self.base.is_clear_text() {
            return Err(StripeError::UnusableKey("a live key is never sent without TLS"));
        }
        if key.is_empty() || !key.iter().all(u8::is_ascii_graphic) {
            return Err(StripeError::UnusableKey("it is empty or has other than visible characters"));
        }
        let mut authorization = HeaderValue::from_bytes(&[b"Bearer ", key].concat())
            .map_err(|_| StripeError::UnusableKey("it cannot be sent in a header"))?;
        authorization.set_sensitive(true);
        Ok(Session { stripe: self.clone(), authorization, on_set_up_fault: || {} })
    }
}

impl fmt::Debug for Stripe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stripe")
            .field("base", &self.base)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Stripe's API under one key. The requests are in the file of their object, such as `intents.rs`.
#[derive(Debug, Clone)]
pub struct Session {
    stripe: Stripe,
    authorization: HeaderValue,
    on_set_up_fault: fn(),
}

/// How an attempt ended.
enum Attempt {
    Done(Bytes),
    Final(StripeError),
    Again { error: StripeError, asked_pause: Option<Duration> },
}

impl Session {
    /// Calls a function for each call that fails for a fault of the set-up, so that the operator is alerted.
    #[must_use]
    pub fn on_set_up_fault(self, alert: fn()) -> Self {
        Self { on_set_up_fault: alert, ..self }
    }

    pub(crate) fn deployment(&self) -> &DeploymentId {
        &self.stripe.deployment
    }

    pub(crate) async fn get<V: DeserializeOwned>(&self, request: RequestBuilder) -> Result<V, StripeError> {
        self.call(request.into(), None).await
    }

    /// Changes something. Every attempt sends `key`, so that the change happens at most once.
    pub(crate) async fn post<V: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        key: &IdempotencyKey,
    ) -> Result<V, StripeError> {
        self.call(request.into(), Some(key)).await
    }

    /// Sends a call of either API and reads the JSON of its reply.
    pub(crate) async fn call<V: DeserializeOwned>(
        &self,
        call: Call,
        key: Option<&IdempotencyKey>,
    ) -> Result<V, StripeError> {
        let path = call.path.clone();
        let mut log = CallLog::default();
        let mut sent = Bytes::new();
        let result = match self.request(call, key) {
            Ok(request) => {
                sent.clone_from(request.body());
                self.attempts(&request, key.map_or(path.as_str(), |key| key.as_str()), &mut log).await
            }
            // Unreachable: ids and keys are validated, so they always fit in a path and a header.
            Err(_) => Err(StripeError::UnusableKey("a request with it cannot be written")),
        };
        let result = result.and_then(|body| {
            serde_json::from_slice(&body)
                .map_err(|error| StripeError::Unreadable(UnreadableJson::from(&error)))
        });
        match result.as_ref().err().map(|error| (error, error.set_up_fault())) {
            Some((error, Some(fault))) => self.report_set_up_fault(&path, error, fault, &log, &sent),
            Some((error, None)) => tracing::warn!(
                %path,
                attempts = log.attempts,
                stripe_request_id = log.request_id.as_deref(),
                cause = causes(error),
                "call to Stripe failed: {error}",
            ),
            None => {}
        }
        result
    }

    /// One line for the operator, with all that Stripe says: the runbook names what to do about each fault.
    fn report_set_up_fault(
        &self,
        path: &str,
        error: &StripeError,
        fault: SetUpFault,
        log: &CallLog,
        sent: &[u8],
    ) {
        (self.on_set_up_fault)();
        let refusal = error.set_up_refusal();
        tracing::error!(
            path,
            fault = fault.as_str(),
            error_type = refusal.map(|refusal| refusal.error_type.as_str()),
            code = refusal.and_then(|refusal| refusal.code.as_deref()),
            param = refusal.and_then(|refusal| refusal.param.as_deref()),
            stripe_message = refusal.and_then(|refusal| operator_message(refusal, sent)),
            stripe_request_id = log.request_id.as_deref(),
            "the set-up with Stripe is at fault: {error}",
        );
    }

    fn request(&self, call: Call, key: Option<&IdempotencyKey>) -> Result<Request<Bytes>, http::Error> {
        let mut built = Request::builder()
            .method(call.method)
            .uri(self.stripe.base.uri(&call.path, call.query.as_deref())?)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(STRIPE_VERSION, stripe_shared::version::VERSION.as_str())
            .header(USER_AGENT, AGENT);
        if let Some(key) = key {
            built = built.header(IDEMPOTENCY_KEY, key.as_str());
        }
        let Some((content_type, body)) = call.body else { return built.body(Bytes::new()) };
        built.header(CONTENT_TYPE, content_type).body(body)
    }

    /// Repeats the same request until it is answered or the time is up.
    async fn attempts(
        &self,
        request: &Request<Bytes>,
        jitter: &str,
        log: &mut CallLog,
    ) -> Result<Bytes, StripeError> {
        let deadline = Instant::now() + self.stripe.limits.overall;
        loop {
            log.attempts += 1;
            let left = deadline.saturating_duration_since(Instant::now());
            let limit = self.stripe.limits.attempt.min(left);
            let reply = timeout(limit, self.stripe.transport.send(request.clone())).await;
            let (error, asked_pause) = match judge(reply.ok(), creates_account(request), log) {
                Attempt::Done(body) => return Ok(body),
                Attempt::Final(error) => return Err(error),
                Attempt::Again { error, asked_pause } => (error, asked_pause),
            };
            let pause = pause(log.attempts, asked_pause, jitter);
            if Instant::now() + pause >= deadline {
                return Err(error);
            }
            sleep(pause).await;
        }
    }
}

/// What the log says about a failed call.
#[derive(Default)]
struct CallLog {
    attempts: u32,
    request_id: Option<String>,
}

/// Whether a request is to create a connected account, by either API.
fn creates_account(request: &Request<Bytes>) -> bool {
    request.method() == Method::POST && request.uri().path().ends_with("/accounts")
}

fn judge(
    reply: Option<Result<Response<Bytes>, TransportError>>,
    creates_account: bool,
    log: &mut CallLog,
) -> Attempt {
    let unavailable = |cause| Attempt::Again { error: StripeError::Unavailable { cause }, asked_pause: None };
    let reply = match reply {
        None => return unavailable(UnavailableCause::TimedOut),
        Some(Err(error)) => return unavailable(UnavailableCause::Transport(error)),
        Some(Ok(reply)) => reply,
    };
    log.request_id = text(reply.headers(), REQUEST_ID);
    if reply.status().is_success() {
        return Attempt::Done(reply.into_body());
    }
    let error = StripeError::from_reply(reply.status(), reply.body(), creates_account);
    if is_worth_retrying(reply.status(), reply.headers()) {
        Attempt::Again { error, asked_pause: retry_after(reply.headers()) }
    } else {
        Attempt::Final(error)
    }
}

/// Every cause below `error`, outermost first. hyper's reason for a broken connection is the last one.
fn causes(error: &StripeError) -> Option<String> {
    let causes = std::iter::successors(error.source(), |&cause| cause.source()).map(ToString::to_string);
    causes.reduce(|above, below| format!("{above}: {below}"))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
