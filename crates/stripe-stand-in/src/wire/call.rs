//! A call to Stripe: the parts of an HTTP request that Stripe reads.

use http::header::{ACCEPT, AUTHORIZATION};
use http::request::Parts;
use http::{HeaderMap, Method};

/// One HTTP request. It has no `Debug`, because the body may hold a card number.
#[derive(Clone, Default)]
pub struct Call {
    pub method: Method,
    /// Without the query.
    pub path: String,
    /// Without its question mark.
    pub query: String,
    pub authorization: Option<String>,
    pub idempotency_key: Option<String>,
    pub stripe_account: Option<String>,
    pub stripe_version: Option<String>,
    /// Read by the pages of 3-D Secure and onboarding only.
    pub accept: Option<String>,
    /// Form-encoded; JSON in the v2 namespace.
    pub body: Vec<u8>,
}

impl Call {
    /// A call without headers, query or body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), ..Self::default() }
    }

    /// Whether the call is to Stripe's API, and not to a page or control of the stand-in.
    pub(crate) fn is_of_api(&self) -> bool {
        self.path.starts_with("/v1/") || self.path.starts_with("/v2/")
    }

    /// The call of an HTTP request.
    #[must_use]
    pub fn from_http(parts: &Parts, body: Vec<u8>) -> Self {
        let header = |name: &str| text(&parts.headers, name);
        Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            authorization: header(AUTHORIZATION.as_str()),
            idempotency_key: header("idempotency-key"),
            stripe_account: header("stripe-account"),
            stripe_version: header("stripe-version"),
            accept: header(ACCEPT.as_str()),
            body,
        }
    }

    /// The same call with a secret key, an optional idempotency key and a form-encoded body, as server-side SDKs send
    /// it.
    #[must_use]
    pub fn signed_in(
        mut self,
        secret_key: &str,
        idempotency_key: Option<&str>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        self.authorization = Some(format!("Bearer {secret_key}"));
        self.idempotency_key = idempotency_key.map(str::to_owned);
        self.body = body.into();
        self
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
