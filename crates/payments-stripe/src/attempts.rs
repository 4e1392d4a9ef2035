//! Repeats a call to Stripe under one idempotency key, within its time limits.

use crate::Session;
use crate::retry::{is_worth_retrying, pause, retry_after};
use crate::{StripeError, Transport, TransportError, UnavailableCause};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const REQUEST_ID: &str = "request-id";

/// How an attempt ended.
enum Attempt {
    Done(Bytes),
    Final(StripeError),
    Again { error: StripeError, asked_pause: Option<Duration> },
}

impl Session {
    /// Repeats the same request until it is answered or the time is up.
    pub(crate) async fn attempts(
        &self,
        request: &Request<Bytes>,
        jitter: &str,
        log: &mut CallLog,
    ) -> Result<Bytes, StripeError> {
        let mut deadline = Instant::now() + self.stripe.limits.overall;
        loop {
            if let Some(pace) = &self.stripe.pace {
                let before = Instant::now();
                pace.turn().await;
                // Stripe is not to blame for the wait.
                deadline += before.elapsed();
            }
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
pub(crate) struct CallLog {
    pub(crate) attempts: u32,
    pub(crate) request_id: Option<String>,
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

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
