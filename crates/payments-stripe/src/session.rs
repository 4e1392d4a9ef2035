//! Calls of Stripe's API under one key, and what is logged of one that fails.

use crate::Stripe;
use crate::attempts::CallLog;
use crate::call::Call;
use crate::{StripeError, UnreadableJson};
use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use payments::{DeploymentId, IdempotencyKey};
use serde::de::DeserializeOwned;
use std::error::Error as _;
use stripe_client_core::RequestBuilder;

const AGENT: HeaderValue = HeaderValue::from_static(concat!("creator-payments/", env!("CARGO_PKG_VERSION")));

/// Every request names the API version, so that the account's default version does not matter.
const STRIPE_VERSION: &str = "stripe-version";

/// Names the connected account whose objects are asked for (<https://docs.stripe.com/connect/authentication>).
const STRIPE_ACCOUNT: &str = "stripe-account";

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Stripe's API under one key. The requests are in the file of their object, such as `intents.rs`.
#[derive(Debug, Clone)]
pub struct Session {
    pub(crate) stripe: Stripe,
    authorization: HeaderValue,
    pub(crate) on_set_up_fault: fn(),
}

impl Session {
    pub(crate) fn new(stripe: Stripe, authorization: HeaderValue) -> Self {
        Self { stripe, authorization, on_set_up_fault: || {} }
    }

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

    fn request(&self, call: Call, key: Option<&IdempotencyKey>) -> Result<Request<Bytes>, http::Error> {
        let version = call.version.unwrap_or(stripe_shared::version::VERSION.as_str());
        let mut built = Request::builder()
            .method(call.method)
            .uri(self.stripe.base.uri(&call.path, call.query.as_deref())?)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(STRIPE_VERSION, version)
            .header(USER_AGENT, AGENT);
        if let Some(account) = &call.account {
            built = built.header(STRIPE_ACCOUNT, account.as_str());
        }
        if let Some(key) = key {
            built = built.header(IDEMPOTENCY_KEY, key.as_str());
        }
        let Some((content_type, body)) = call.body else { return built.body(Bytes::new()) };
        built.header(CONTENT_TYPE, content_type).body(body)
    }
}

/// Every cause below `error`, outermost first. hyper's reason for a broken connection is the last one.
fn causes(error: &StripeError) -> Option<String> {
    let causes = std::iter::successors(error.source(), |&cause| cause.source()).map(ToString::to_string);
    causes.reduce(|above, below| format!("{above}: {below}"))
}
