//! Links to the stand-in's pages, such as 3-D Secure and onboarding, by the alias under which a client calls: an emulator's
//! own 127.0.0.1 is another machine.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;

use crate::host::HostNames;

/// The names of the stack, and the URL of its stand-in.
#[derive(Clone)]
pub(crate) struct AliasUrls {
    names: Arc<HostNames>,
    /// `None` when the stack uses Stripe itself.
    stand_in: Option<String>,
}

impl AliasUrls {
    pub(crate) fn new(names: &Arc<HostNames>, stripe: &str) -> Self {
        let stand_in = stripe.starts_with("http://").then(|| stripe.to_owned());
        Self { names: Arc::clone(names), stand_in }
    }

    /// A text for a client with these headers.
    pub(crate) fn by_alias(&self, text: String, headers: &HeaderMap) -> String {
        match self.replacement(headers) {
            Some((stand_in, by_alias)) => text.replace(&stand_in, &by_alias),
            None => text,
        }
    }

    /// What replaces the stand-in's URL in the answer. A function in a container calls with a secret key, for a user who is
    /// elsewhere.
    fn replacement(&self, headers: &HeaderMap) -> Option<(String, String)> {
        let stand_in = self.stand_in.clone()?;
        let is_server =
            headers.get(AUTHORIZATION).is_some_and(|key| key.as_bytes().starts_with(b"Bearer sk_"));
        let alias = self.names.alias_of(headers).filter(|_| !is_server)?;
        let port = stand_in.rsplit(':').next()?;
        let by_alias = format!("http://{alias}:{port}");
        Some((stand_in, by_alias))
    }
}

/// Answers JSON with the stand-in's URL by the caller's alias.
pub(crate) async fn name_by_alias(State(urls): State<AliasUrls>, request: Request, next: Next) -> Response {
    let replacement = urls.replacement(request.headers());
    let response = next.run(request).await;
    match replacement {
        Some((stand_in, by_alias)) if is_json(&response) => replace(response, &stand_in, &by_alias).await,
        _ => response,
    }
}

fn is_json(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

async fn replace(response: Response, stand_in: &str, by_alias: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else {
        let mut failed = Response::new(Body::empty());
        *failed.status_mut() = StatusCode::BAD_GATEWAY;
        return failed;
    };
    parts.headers.remove(CONTENT_LENGTH);
    let text = String::from_utf8_lossy(&body.to_bytes()).replace(stand_in, by_alias);
    Response::from_parts(parts, Body::from(text))
}
