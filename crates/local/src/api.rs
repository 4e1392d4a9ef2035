//! The API's port: the web pages, what exists only locally under `/local`, and the gateway for everything
//! else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::gateway::{Gateway, Refusal};
use crate::pages::PAGES;
use crate::token::{Subject, TokenKey};

/// What the API's port serves.
pub(crate) struct Api {
    pub(crate) gateway: Gateway,
    pub(crate) token_key: TokenKey,
    /// Where the page finds Stripe: `{stripe_base, publishable_key}`.
    pub(crate) page_config: Value,
    /// Whether everything has started, the seed included.
    pub(crate) is_ready: AtomicBool,
}

/// Serves `api` on its port.
pub(crate) fn serve(tasks: &mut JoinSet<()>, listener: TcpListener, api: Arc<Api>) {
    let service = router(api).into_make_service_with_connect_info::<SocketAddr>();
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, service).await {
            tracing::error!(%error, "the API stopped");
        }
    });
}

fn router(api: Arc<Api>) -> Router {
    let mut router = Router::new()
        .route("/local/health", get(health))
        .route("/local/config.json", get(config))
        .route("/local/token", post(token));
    for &(path, content_type, text) in PAGES {
        router = router.route(path, get(move || async move { typed(content_type, Body::from(text)) }));
    }
    router.fallback(gateway).layer(middleware::from_fn(known_host)).with_state(api)
}

/// Refuses names that are not this machine's: a page elsewhere could else point its own name here (DNS
/// rebinding) and ask for tokens. AWS, too, answers 403 to a host that no API has.
async fn known_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    if matches!(name, "127.0.0.1" | "localhost") {
        next.run(request).await
    } else {
        Refusal::UnknownHost.into_response()
    }
}

async fn gateway(
    State(api): State<Arc<Api>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    api.gateway.handle(request, peer).await
}

async fn health(State(api): State<Arc<Api>>) -> Response {
    if api.is_ready.load(Ordering::Acquire) {
        json_answer(StatusCode::OK, &json!({"status": "ready"}))
    } else {
        json_answer(StatusCode::SERVICE_UNAVAILABLE, &json!({"status": "starting"}))
    }
}

async fn config(State(api): State<Arc<Api>>) -> Response {
    json_answer(StatusCode::OK, &api.page_config)
}

async fn token(State(api): State<Arc<Api>>, body: Bytes) -> Response {
    let subject = match serde_json::from_slice::<Subject>(&body) {
        Ok(subject) if !subject.sub.is_empty() => subject,
        Ok(_) => return json_answer(StatusCode::BAD_REQUEST, &json!({"message": "sub is empty"})),
        Err(error) => return json_answer(StatusCode::BAD_REQUEST, &json!({"message": error.to_string()})),
    };
    match api.token_key.sign(&subject, OffsetDateTime::now_utc()) {
        Ok(token) => json_answer(StatusCode::OK, &json!({"token": token})),
        Err(_) => Refusal::FunctionFailed.into_response(),
    }
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    let mut response = typed("application/json", Body::from(body.to_string()));
    *response.status_mut() = status;
    response
}

/// Nothing here may be kept: the next build, or the next stack on this port, says something else.
fn typed(content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
