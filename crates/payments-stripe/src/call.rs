//! One call of Stripe's API: form-encoded in v1, JSON in v2.

use bytes::Bytes;
use http::{HeaderValue, Method};
use payments::AccountId;
use stripe_client_core::{RequestBuilder, StripeMethod};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request without the headers that all requests share.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// With its version, such as `/v1/refunds`.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    /// The body with its type.
    pub(crate) body: Option<(HeaderValue, Bytes)>,
    /// The connected account whose objects are asked for; none for the platform's.
    pub(crate) account: Option<AccountId>,
    /// The API version; none for that of all other requests.
    pub(crate) version: Option<&'static str>,
}

impl Call {
    pub(crate) fn get_v2(path: String, query: Option<String>) -> Self {
        Self { method: Method::GET, path, query, body: None, account: None, version: None }
    }

    pub(crate) fn post_v2(path: &str, json: Vec<u8>) -> Self {
        let (path, body) = (path.to_owned(), Some((JSON, json.into())));
        Self { method: Method::POST, path, query: None, body, account: None, version: None }
    }

    /// A call of v1 without a type of async-stripe's.
    pub(crate) fn form(method: Method, path: String, form: &'static str) -> Self {
        let body = Some((FORM, Bytes::from_static(form.as_bytes())));
        Self { method, path, query: None, body, account: None, version: None }
    }

    pub(crate) fn of_account(self, account: &AccountId) -> Self {
        Self { account: Some(account.clone()), ..self }
    }

    pub(crate) fn in_version(self, version: &'static str) -> Self {
        Self { version: Some(version), ..self }
    }
}

impl From<RequestBuilder> for Call {
    fn from(request: RequestBuilder) -> Self {
        let method = match request.method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let body = request.body.map(|form| (FORM, in_order(&form).into()));
        let path = format!("/v1{}", request.path);
        Self { method, path, query: request.query, body, account: None, version: None }
    }
}

/// Metadata comes from a hash map; sorting the form makes every attempt under one key the same.
fn in_order(form: &str) -> String {
    let mut fields: Vec<&str> = form.split('&').collect();
    fields.sort_unstable();
    fields.join("&")
}
