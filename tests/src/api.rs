//! Calls to the API, as users, operators and strangers.

use crate::eventually;
use local::stack::{Options, Stack};
use local::token::Subject;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A running stack, seeded, on ports of its own.
pub struct App {
    /// The stack.
    pub stack: Stack,
    /// For calls of any kind.
    pub http: Client,
}

/// Somebody with a token.
pub struct Caller<'a> {
    app: &'a App,
    token: String,
}

/// An answer of the API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, such as `GET /v1/creators/ana`.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub media_type: String,
    /// `ETag`, if there is one.
    pub etag: Option<String>,
    /// `Retry-After`, if there is one.
    pub retry_after: Option<String>,
    /// All headers, by their lower-case names.
    pub headers: BTreeMap<String, String>,
    /// The body, if it is JSON.
    pub body: Value,
}

impl App {
    /// Starts a seeded stack that keeps nothing.
    ///
    /// # Panics
    /// When it does not start, as everything here does when something is broken.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts a stack.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(options: Options) -> Self {
        Self::over(Stack::start(options).await.expect("the stack starts"))
    }

    /// Calls to a stack that runs.
    ///
    /// # Panics
    /// When there is no client to be had.
    #[must_use]
    pub fn over(stack: Stack) -> Self {
        Self { stack, http: Client::builder().no_proxy().build().expect("a client") }
    }

    /// A user of the app.
    #[must_use]
    pub fn user(&self, sub: &str) -> Caller<'_> {
        self.caller(sub, None)
    }

    /// An operator.
    #[must_use]
    pub fn operator(&self) -> Caller<'_> {
        self.caller("op", Some("payments:admin"))
    }

    fn caller(&self, sub: &str, scope: Option<&str>) -> Caller<'_> {
        let subject = Subject { sub: sub.to_owned(), scope: scope.map(str::to_owned), email: None };
        Caller { app: self, token: self.stack.token(&subject) }
    }

    /// A request of nobody in particular.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.stack.endpoints().api))
    }
}

impl Caller<'_> {
    /// A request with the caller's token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.request(method, path).bearer_auth(&self.token)
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    /// `PUT` of JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::PUT, path).json(&body)).await
    }

    /// `POST` of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::POST, path).json(&body)).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::DELETE, path)).await
    }

    /// `POST …/onboarding` of the creator, back to a page of the app.
    pub async fn start_onboarding(&self, creator: &str) -> Answer {
        let page = format!("{}/creator.html", self.app.stack.endpoints().api);
        let body = json!({"return_url": page, "refresh_url": format!("{page}?again")});
        self.post(&format!("/v1/creators/{creator}/onboarding"), body).await
    }

    /// `POST /v1/payments` under a key.
    pub async fn pay(&self, key: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, "/v1/payments").header("idempotency-key", key);
        Answer::to(request.json(&body)).await
    }

    /// A payment of 10 dollars to `ana`, created.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn created(&self, key: &str) -> Value {
        let answer = self.pay(key, ten_dollars()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body
    }

    /// Waits until a payment has a status.
    pub async fn until_status(&self, payment: &Value, status: &str) -> Value {
        let path = format!("/v1/payments/{}", text(payment, "payment_id"));
        eventually(&format!("payment {status}"), async || {
            let answer = self.get(&path).await;
            (answer.body["status"] == status).then_some(answer.body)
        })
        .await
    }
}

impl Answer {
    /// Sends a request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn to(request: RequestBuilder) -> Self {
        let (client, request) = request.build_split();
        let request = request.expect("a request");
        let asked = format!("{} {}", request.method(), request.url().path());
        let response = client.execute(request).await.expect("an answer");
        let headers = response.headers().iter();
        let headers: BTreeMap<String, String> = headers
            .map(|(name, value)| (name.to_string(), value.to_str().expect("a text header").to_owned()))
            .collect();
        let header = |name| headers.get(name).cloned();
        let (media_type, etag) = (header("content-type").unwrap_or_default(), header("etag"));
        let retry_after = header("retry-after");
        let status = response.status().as_u16();
        let bytes = response.bytes().await.expect("a body");
        Self {
            request: asked,
            status,
            media_type,
            etag,
            retry_after,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    /// The status and the problem's code.
    #[must_use]
    pub fn problem(&self) -> (u16, &str) {
        assert_eq!(self.media_type, "application/problem+json", "{self:?}");
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }

    /// The codes of the reasons.
    #[must_use]
    pub fn reasons(&self) -> Vec<&str> {
        let reasons = self.body["reasons"].as_array().into_iter().flatten();
        reasons.filter_map(|reason| reason["code"].as_str()).collect()
    }
}

/// The plainest order.
#[must_use]
pub fn ten_dollars() -> Value {
    json!({"creator_id": "ana", "amount": 1_000, "currency": "usd"})
}

/// A text field.
///
/// # Panics
/// When it is no text.
#[must_use]
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is a text in {value}"))
}
