//! Requests of the commands to the API of a stack or a deployment.

use std::time::Duration;

use bytes::Bytes;
use http::request::Builder;
use http::{Request, Response};
use payments_stripe::{HyperTransport, Transport as _, TransportError};
use reqwest::{Method, Url, header};
use serde_json::Value;

/// How long the API may take to answer: the gateway's 30 s.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The pause while the API is busy or unavailable.
const PAUSE: Duration = Duration::from_secs(2);
/// The number of consecutive pauses before giving up.
const MAX_PAUSES: u32 = 30;

/// Why a command did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("{api} cannot be reached")]
    Unreachable { api: String, source: TransportError },
    #[error("{api} did not answer in time")]
    TimedOut { api: String },
    #[error("answered with {status}: {body}")]
    Refused { status: u16, body: String },
    #[error("{0} is no URL")]
    NotAUrl(String),
}

/// The API, with the token of one caller. The transport is the functions' own, because it speaks TLS.
pub(crate) struct ApiClient {
    transport: HyperTransport,
    api: Url,
    token: String,
}

/// An answer of the API with the status 200.
pub(crate) struct ApiAnswer {
    /// What the answer links to as the next page.
    pub(crate) next: Option<Url>,
    /// How many items the answer leaves out because they cannot be read.
    pub(crate) unreadable: u64,
    pub(crate) body: String,
}

impl ApiClient {
    /// With the given token, or one that the local stack issues to `subject`.
    pub(crate) async fn connect(api: &str, token: Option<String>, subject: &Value) -> Result<Self, ApiError> {
        let url = Url::parse(api).map_err(|_| ApiError::NotAUrl(api.to_owned()))?;
        let transport = HyperTransport::new();
        let mut client = Self { transport, api: url, token: token.unwrap_or_default() };
        if client.token.is_empty() {
            client.token = client.issued_token(subject).await?;
        }
        Ok(client)
    }

    /// The URL of a path of the API, with its query.
    pub(crate) fn url(&self, path: &str) -> Result<Url, ApiError> {
        let url = format!("{}{path}", self.api.as_str().trim_end_matches('/'));
        Url::parse(&url).map_err(|_| ApiError::NotAUrl(url))
    }

    /// Sends a request, again while the API is busy or unavailable.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &Url,
        media_type: &str,
    ) -> Result<ApiAnswer, ApiError> {
        let mut pauses = 0;
        loop {
            let request = Request::builder()
                .method(method.clone())
                .header(header::ACCEPT, media_type)
                .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
            let answer = self.answer(request, url, Bytes::new()).await?;
            let status = answer.status().as_u16();
            let number = |name: &str| answer.headers().get(name)?.to_str().ok()?.parse().ok();
            let unreadable = number("x-unreadable-items").unwrap_or(0);
            let next = next_page(url, &answer);
            let body = String::from_utf8_lossy(answer.body()).into_owned();
            match status {
                200 => return Ok(ApiAnswer { next, unreadable, body }),
                409 | 429 | 500..=599 if pauses < MAX_PAUSES => {
                    pauses += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                _ => return Err(ApiError::Refused { status, body }),
            }
        }
    }

    async fn issued_token(&self, subject: &Value) -> Result<String, ApiError> {
        let request = Request::builder().method(Method::POST);
        let url = self.url("/local/token")?;
        let answer = self.answer(request, &url, subject.to_string().into()).await?;
        let status = answer.status().as_u16();
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        let token = serde_json::from_str::<Value>(&body).ok();
        let token = token.as_ref().and_then(|answer| answer["token"].as_str());
        token.map(str::to_owned).ok_or(ApiError::Refused { status, body })
    }

    async fn answer(&self, request: Builder, url: &Url, body: Bytes) -> Result<Response<Bytes>, ApiError> {
        let api = || self.api.to_string();
        let request = request.uri(url.as_str()).body(body).map_err(|_| ApiError::NotAUrl(url.to_string()))?;
        match tokio::time::timeout(TIMEOUT, self.transport.send(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(source)) => Err(ApiError::Unreachable { api: api(), source }),
            Err(_) => Err(ApiError::TimedOut { api: api() }),
        }
    }
}

/// A token that the local stack at `api` issues to `subject`, the body of `POST /local/token`.
///
/// # Errors
/// [`ApiError`]: the stack does not run, or refuses the subject.
pub async fn issued_token(api: &str, subject: &Value) -> Result<String, ApiError> {
    Ok(ApiClient::connect(api, None, subject).await?.token)
}

/// The target of the link with `rel="next"` (RFC 8288), relative to what was asked.
fn next_page(asked: &Url, answer: &Response<Bytes>) -> Option<Url> {
    let link = answer.headers().get(header::LINK)?.to_str().ok()?;
    let (target, parameters) = link.strip_prefix('<')?.split_once('>')?;
    if parameters.contains("rel=\"next\"") { asked.join(target).ok() } else { None }
}
