//! A transport that answers from a script and records what it was sent.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use payments::{IdempotencyKey, Secret};
use payments_stripe::{ApiBase, Session, Stripe, StripeError, Transport, TransportError, TransportFuture};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What happens to one attempt.
pub(crate) enum Step {
    /// A reply, after a delay.
    Reply {
        after: Duration,
        status: u16,
        headers: Vec<(&'static str, &'static str)>,
        body: String,
    },
    Breaks,
    /// No reply ever comes.
    Hangs,
}

impl Step {
    pub(crate) fn reply(status: u16, body: impl Into<String>) -> Self {
        Self::Reply { after: Duration::ZERO, status, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn with_header(self, name: &'static str, value: &'static str) -> Self {
        match self {
            Self::Reply { after, status, mut headers, body } => {
                headers.push((name, value));
                Self::Reply { after, status, headers, body }
            }
            other @ (Self::Breaks | Self::Hangs) => other,
        }
    }

    pub(crate) fn after(self, after: Duration) -> Self {
        match self {
            Self::Reply { status, headers, body, .. } => Self::Reply { after, status, headers, body },
            other @ (Self::Breaks | Self::Hangs) => other,
        }
    }
}

/// What one attempt sent, and when.
pub(crate) struct Sent {
    pub(crate) at: Instant,
    pub(crate) method: Method,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// The decoded form, sorted by name.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let mut form: Vec<(String, String)> = serde_urlencoded::from_bytes(&self.body).expect("form");
        form.sort();
        form
    }
}

#[derive(Default)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    /// Repeats once the steps are used up.
    forever: Option<fn() -> Step>,
    sent: Mutex<Vec<Sent>>,
}

/// Shared by the client under test and the test.
#[derive(Clone, Default)]
pub(crate) struct ScriptedTransport(Arc<Script>);

impl ScriptedTransport {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = Mutex::new(steps.into_iter().collect());
        Self(Arc::new(Script { steps, ..Script::default() }))
    }

    pub(crate) fn forever(step: fn() -> Step) -> Self {
        Self(Arc::new(Script { forever: Some(step), ..Script::default() }))
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.0.sent.lock().expect("lock"))
    }

    pub(crate) fn session(&self) -> Session {
        Stripe::new(self.clone(), ApiBase::default(), deployment())
            .authorized(&Secret::new("sk_test_key"))
            .expect("usable key")
    }
}

impl Transport for ScriptedTransport {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        let (head, body) = request.into_parts();
        self.0.sent.lock().expect("lock").push(Sent {
            at: Instant::now(),
            method: head.method,
            uri: head.uri.to_string(),
            headers: head.headers,
            body,
        });
        let scripted = self.0.steps.lock().expect("lock").pop_front();
        let step =
            scripted.or_else(|| self.0.forever.map(|step| step())).expect("another attempt is scripted");
        Box::pin(async move {
            match step {
                Step::Breaks => Err(TransportError::NotAnswered("connection reset".into())),
                Step::Hangs => std::future::pending().await,
                Step::Reply { after, status, headers, body } => {
                    sleep(after).await;
                    let mut reply = Response::builder().status(status);
                    for (name, value) in headers {
                        reply = reply.header(name, value);
                    }
                    Ok(reply.body(Bytes::from(body)).expect("reply"))
                }
            }
        })
    }
}

pub(crate) fn key() -> IdempotencyKey {
    IdempotencyKey::parse("pay_0123456789abcdef0123456789abcdef/create").expect("key")
}

/// The fewest fields with which an intent can be parsed.
pub(crate) fn intent_json() -> String {
    serde_json::json!({"id": "pi_1", "object": "payment_intent", "status": "requires_payment_method",
        "amount": 1_061, "currency": "usd", "created": 1_795_473_000, "livemode": false,
        "client_secret": "pi_1_secret_abc",
        "metadata": {"payment_id": "pay_0123456789abcdef0123456789abcdef"}})
    .to_string()
}

/// A body of a Stripe error.
pub(crate) fn error_json(error_type: &str, code: Option<&str>) -> String {
    serde_json::json!({"error": {"type": error_type, "code": code, "message": "For sam@example.com."}})
        .to_string()
}

/// The request of the only attempt.
pub(crate) fn only(transport: &ScriptedTransport) -> Sent {
    let mut sent = transport.sent();
    assert_eq!(sent.len(), 1);
    sent.remove(0)
}

/// Builds a form to compare with [`Sent::form`].
pub(crate) fn pairs(form: &[(&str, &str)]) -> Vec<(String, String)> {
    form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The code of a definite refusal.
pub(crate) fn refusal_code(error: &StripeError) -> Option<&str> {
    match error {
        StripeError::Refused(refusal) => Some(refusal.code()),
        StripeError::SetUp(_)
        | StripeError::UnusableKey(_)
        | StripeError::KeyReused
        | StripeError::InProgress
        | StripeError::Unavailable { .. }
        | StripeError::Unreadable(_) => None,
    }
}

pub(crate) fn deployment() -> payments::DeploymentId {
    payments::DeploymentId::parse("test-stack").expect("id")
}
