//! Requests of the commands to the API of a stack or a deployment.

use std::time::Duration;

use reqwest::{Client, Method, Url, header};
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
    Unreachable { api: String, source: reqwest::Error },
    #[error("answered with {status}: {body}")]
    Refused { status: u16, body: String },
    #[error("{0} is no URL")]
    NotAUrl(String),
}

/// The API, with the token of one caller.
pub(crate) struct ApiClient {
    http: Client,
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
        let unreachable = |source| ApiError::Unreachable { api: api.to_owned(), source };
        let http = Client::builder().timeout(TIMEOUT).build().map_err(unreachable)?;
        let mut client = Self { http, api: url, token: token.unwrap_or_default() };
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
            let request = self.http.request(method.clone(), url.clone()).bearer_auth(&self.token);
            let sent = request.header(header::ACCEPT, media_type).send().await;
            let answer = sent.map_err(|source| self.unreachable(source))?;
            let status = answer.status().as_u16();
            let number = |name: &str| answer.headers().get(name)?.to_str().ok()?.parse().ok();
            let unreadable = number("x-unreadable-items").unwrap_or(0);
            let next = next_page(url, &answer);
            // As a text, reqwest would drop the byte order mark of CSV.
            let body = answer.bytes().await.map_err(|source| self.unreachable(source))?;
            let body = String::from_utf8_lossy(&body).into_owned();
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
        let sent = self.http.post(self.url("/local/token")?).body(subject.to_string()).send().await;
        let answer = sent.map_err(|source| self.unreachable(source))?;
        let status = answer.status().as_u16();
        let body = answer.text().await.map_err(|source| self.unreachable(source))?;
        let token = serde_json::from_str::<Value>(&body).ok();
        let token = token.as_ref().and_then(|answer| answer["token"].as_str());
        token.map(str::to_owned).ok_or(ApiError::Refused { status, body })
    }

    fn unreachable(&self, source: reqwest::Error) -> ApiError {
        ApiError::Unreachable { api: self.api.to_string(), source }
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
fn next_page(asked: &Url, answer: &reqwest::Response) -> Option<Url> {
    let link = answer.headers().get(header::LINK)?.to_str().ok()?;
    let (target, parameters) = link.strip_prefix('<')?.split_once('>')?;
    if parameters.contains("rel=\"next\"") { asked.join(target).ok() } else { None }
}
