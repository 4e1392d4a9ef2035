//! Calls to the API, as users, operators and strangers.

use crate::{eventually, functions};
use local::stack::{Options, Stack};
use local::token::Subject;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A running stack, seeded, on ports of its own.
pub struct App {
    pub stack: Stack,
    pub http: Client,
}

/// A user or operator, who has a token.
pub struct Caller<'a> {
    app: &'a App,
    token: String,
}

/// An answer of the API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Method and path, such as `GET /v1/creators/ana`.
    pub request: String,
    pub status: u16,
    pub media_type: String,
    pub etag: Option<String>,
    pub retry_after: Option<String>,
    /// By their lower-case names.
    pub headers: BTreeMap<String, String>,
    /// The body, if it is JSON.
    pub body: Value,
}

impl App {
    /// Starts a seeded stack that keeps nothing.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts a stack.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(options: Options) -> Self {
        Self::over(Stack::start_with(options, functions).await.expect("the stack starts"))
    }

    /// An app over a running stack.
    ///
    /// # Panics
    /// When there is no HTTP client.
    #[must_use]
    pub fn over(stack: Stack) -> Self {
        Self { stack, http: Client::builder().no_proxy().build().expect("a client") }
    }

    /// A user of the app.
    #[must_use]
    pub fn user(&self, sub: &str) -> Caller<'_> {
        self.caller(&Subject { sub: sub.to_owned(), ..Subject::default() })
    }

    /// A user of the app whose token has an address.
    #[must_use]
    pub fn user_with_email(&self, sub: &str, email: &str) -> Caller<'_> {
        let email = Some(email.to_owned());
        self.caller(&Subject { sub: sub.to_owned(), email, ..Subject::default() })
    }

    /// An operator.
    #[must_use]
    pub fn operator(&self) -> Caller<'_> {
        self.caller(&Subject { sub: "op".to_owned(), operator: true, ..Subject::default() })
    }

    /// Whoever has a token of these claims.
    #[must_use]
    pub fn caller(&self, subject: &Subject) -> Caller<'_> {
        Caller { app: self, token: self.stack.token(subject) }
    }

    /// A request without a token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.stack.endpoints().api))
    }
}

impl Caller<'_> {
    /// The origin of the app's own pages.
    pub(crate) fn home(&self) -> &str {
        &self.app.stack.endpoints().api
    }

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

    /// `POST /v1/payments` under a key.
    pub async fn pay(&self, key: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, "/v1/payments").header("idempotency-key", key);
        Answer::to(request.json(&body)).await
    }

    /// Creates a payment of 10 dollars to `ana`.
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

/// The body that creates a payment in US dollars.
#[must_use]
pub fn order(creator: &str, amount: i64) -> Value {
    json!({"creator_id": creator, "amount": amount, "currency": "usd"})
}

/// A payment of 10 dollars to `ana`.
#[must_use]
pub fn ten_dollars() -> Value {
    order("ana", 1_000)
}

/// An id in a path: encoded twice, because an HTTP API decodes a path before it chooses the route.
#[must_use]
pub fn in_path(id: &str) -> String {
    let encoded = |text: &str| -> String {
        let one =
            |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(one).collect()
    };
    encoded(&encoded(id))
}

/// A text field.
///
/// # Panics
/// When it is no text.
#[must_use]
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is a text in {value}"))
}
