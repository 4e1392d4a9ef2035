//! The API's port: the web pages, what exists only locally under `/local`, and the gateway for everything
//! else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use payments::UserId;
use payments_http::{Problem, json_body};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_stand_in::StandIn;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::events::{Feed, Wanted, put_events, server_sent};
use crate::gateway::Gateway;
use crate::host::known_host;
use crate::pages::PAGES;
use crate::stream::DeadLetters;
use crate::token::{Subject, TokenKey};

/// Where the stand-in for EventBridge is.
pub(crate) const EVENT_BUS_PATH: &str = "/local/eventbridge";

/// What the API's port serves.
pub(crate) struct Api {
    pub(crate) gateway: Gateway,
    pub(crate) token_key: TokenKey,
    /// Records of the table's stream that were given up.
    pub(crate) dead_letters: Arc<DeadLetters>,
    /// `None` where Stripe itself is used.
    pub(crate) stand_in: Option<StandIn>,
    /// What the app is told.
    pub(crate) feed: Arc<Feed>,
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
        .route("/local/token", post(token))
        .route("/local/dead-letters", get(dead_letters))
        .route("/local/chaos", get(faults).put(set_faults))
        .route("/local/events", get(events))
        // The SDK ends its endpoint's path with a slash.
        .route(EVENT_BUS_PATH, post(event_bus))
        .route(&format!("{EVENT_BUS_PATH}/"), post(event_bus));
    for &(path, content_type, text) in PAGES {
        router = router.route(path, get(move || async move { typed(content_type, Body::from(text)) }));
    }
    router.fallback(gateway).layer(middleware::from_fn(known_host)).with_state(api)
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

async fn dead_letters(State(api): State<Arc<Api>>) -> Response {
    json_answer(StatusCode::OK, &json!({"items": api.dead_letters.all()}))
}

async fn config(State(api): State<Arc<Api>>) -> Response {
    json_answer(StatusCode::OK, &api.page_config)
}

async fn token(State(api): State<Arc<Api>>, body: Bytes) -> Response {
    let subject = match subject(body) {
        Ok(subject) => subject,
        Err(problem) => return problem_answer(problem),
    };
    let token = api.token_key.sign(&subject, OffsetDateTime::now_utc());
    json_answer(StatusCode::OK, &json!({"token": token}))
}

/// A user's id of the form that the functions accept: the app's identity provider gives no other.
fn subject(body: Bytes) -> Result<Subject, Problem> {
    let subject: Subject = read(body)?;
    UserId::parse(&subject.sub)
        .map_err(|invalid| Problem::invalid_request(invalid.to_string()).field("sub"))?;
    Ok(subject)
}

async fn faults(State(api): State<Arc<Api>>) -> Response {
    match stand_in(&api) {
        Ok(stand_in) => json_answer(StatusCode::OK, &json!(stand_in.faults())),
        Err(problem) => problem_answer(problem),
    }
}

async fn set_faults(State(api): State<Arc<Api>>, body: Bytes) -> Response {
    let set = || {
        let stand_in = stand_in(&api)?;
        stand_in.set_faults(read(body)?);
        Ok(stand_in.faults())
    };
    match set() {
        Ok(faults) => json_answer(StatusCode::OK, &json!(faults)),
        Err(problem) => problem_answer(problem),
    }
}

/// What the app is told, as it happens: of one creator (`creator_id`), of some types (`detail_type`), or all of it.
async fn events(State(api): State<Arc<Api>>, request: Request) -> Response {
    match wanted(request.uri().query().unwrap_or_default()) {
        Ok((wanted, behind)) => {
            let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
            server_sent(Arc::clone(&api.feed), wanted, last.or(behind.as_deref()))
        }
        Err(problem) => problem_answer(problem),
    }
}

/// What is wanted, and behind which event (`last_event_id`): a page that is opened cannot say so in a header.
fn wanted(query: &str) -> Result<(Wanted, Option<String>), Problem> {
    let (mut wanted, mut behind) = (Wanted::default(), None);
    for (name, value) in serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap_or_default() {
        match name.as_str() {
            "creator_id" => wanted.creator_id = Some(value),
            "detail_type" => wanted.detail_types.extend(value.split(',').map(str::to_owned)),
            "last_event_id" => behind = Some(value),
            _ => return Err(Problem::invalid_request(format!("{name}: is not known.")).field(name)),
        }
    }
    Ok((wanted, behind))
}

async fn event_bus(State(api): State<Arc<Api>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let (status, answer) = put_events(&api.feed, target, &body, OffsetDateTime::now_utc());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = typed("application/x-amz-json-1.1", Body::from(answer.to_string()));
    *response.status_mut() = status;
    response
}

fn stand_in(api: &Api) -> Result<&StandIn, Problem> {
    let detail = "Stripe itself is used, and takes no orders about its faults.";
    let absent = || Problem::new(StatusCode::NOT_FOUND, "no_stand_in", "There is no stand-in", detail);
    api.stand_in.as_ref().ok_or_else(absent)
}

/// Bodies are read as strictly here as by the functions.
fn read<T: DeserializeOwned>(body: Bytes) -> Result<T, Problem> {
    json_body(&payments_http::Request::new(body.to_vec().into()))
}

fn problem_answer(problem: Problem) -> Response {
    let (parts, body) = problem.into_response().into_parts();
    Response::from_parts(parts, Body::from(body.to_vec()))
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
