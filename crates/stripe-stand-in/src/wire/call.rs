//! A call to Stripe, as far as Stripe looks at it.

use http::header::{ACCEPT, AUTHORIZATION};
use http::request::Parts;
use http::{HeaderMap, Method};

/// One HTTP request. It has no `Debug`: the body may hold a card number.
#[derive(Clone, Default)]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// The path, with its leading slash and without the query.
    pub path: String,
    /// The query without its question mark; empty when there is none.
    pub query: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
    /// The `Stripe-Account` header.
    pub stripe_account: Option<String>,
    /// The `Stripe-Version` header.
    pub stripe_version: Option<String>,
    /// The `Accept` header; only the 3-D Secure page looks at it.
    pub accept: Option<String>,
    /// The form-encoded body.
    pub body: Vec<u8>,
}

impl Call {
    /// A call without headers, query or body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), ..Self::default() }
    }

    /// The call that an HTTP request makes.
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

    /// The same call with a secret key, an optional idempotency key and a form-encoded body: what a
    /// server-side SDK sends.
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
