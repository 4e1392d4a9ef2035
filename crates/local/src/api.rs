//! The API's port: the web pages, the local endpoints under `/local`, and the gateway for everything else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use payments::UserId;
use payments_http::{Problem, ProblemCode, json_body};
use payments_store::Store;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_stand_in::StandIn;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::events::{EventFilter, Feed, put_events, server_sent};
use crate::gateway::Gateway;
use crate::host::require_local_host;
use crate::ledger::ledger;
use crate::pages::PAGES;
use crate::stream::DeadLetters;
use crate::token::{Subject, TokenIssuer};

/// The path of the stand-in for SQS.
pub(crate) const FAILURE_QUEUE_PATH: &str = "/local/failure-queue";
/// The path of the stand-in for EventBridge.
pub(crate) const EVENT_BUS_PATH: &str = "/local/eventbridge";

/// The state of the handlers on the API's port.
pub(crate) struct Api {
    pub(crate) gateway: Gateway,
    pub(crate) token_issuer: TokenIssuer,
    pub(crate) store: Store,
    pub(crate) dead_letters: Arc<DeadLetters>,
    /// `None` when the stack uses Stripe itself.
    pub(crate) stand_in: Option<StandIn>,
    pub(crate) feed: Arc<Feed>,
    /// What the pages need to call Stripe: `{stripe_base, publishable_key}`.
    pub(crate) page_config: Value,
    /// Whether the stack, including the seed, is complete.
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
        .route("/local/ledger/{payment_id}", get(ledger_of_payment))
        // The SDK appends a slash to its endpoint's path.
        .route(EVENT_BUS_PATH, post(event_bus))
        .route(&format!("{EVENT_BUS_PATH}/"), post(event_bus))
        .route(FAILURE_QUEUE_PATH, post(failure_queue))
        .route(&format!("{FAILURE_QUEUE_PATH}/"), post(failure_queue));
    for &(path, content_type, text) in PAGES {
        router = router.route(path, get(move || async move { typed(content_type, Body::from(text)) }));
    }
    router.fallback(gateway).layer(middleware::from_fn(require_local_host)).with_state(api)
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
    let token = api.token_issuer.sign(&subject, OffsetDateTime::now_utc());
    json_answer(StatusCode::OK, &json!({"token": token}))
}

/// The subject of a token: a user id must have the form that the functions accept.
fn subject(body: Bytes) -> Result<Subject, Problem> {
    let subject: Subject = read(body)?;
    UserId::parse(&subject.sub)
        .map_err(|invalid| Problem::invalid_request(invalid.to_string()).field("sub"))?;
    Ok(subject)
}

async fn ledger_of_payment(State(api): State<Arc<Api>>, Path(payment_id): Path<String>) -> Response {
    match ledger(&api.store, &payment_id).await {
        Ok(ledger) => json_answer(StatusCode::OK, &ledger),
        Err(problem) => problem_answer(problem),
    }
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

/// Streams events: of one creator (`creator_id`), of some types (`detail_type`), or all.
async fn events(State(api): State<Arc<Api>>, request: Request) -> Response {
    match parse_filter(request.uri().query().unwrap_or_default()) {
        Ok((filter, last_event_id)) => {
            let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
            server_sent(Arc::clone(&api.feed), filter, last.or(last_event_id.as_deref()))
        }
        Err(problem) => problem_answer(problem),
    }
}

/// The filter, and the event after which to start (`last_event_id`), which a page that opens a stream cannot send in a
/// header.
fn parse_filter(query: &str) -> Result<(EventFilter, Option<String>), Problem> {
    let (mut filter, mut last_event_id) = (EventFilter::default(), None);
    for (name, value) in serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap_or_default() {
        match name.as_str() {
            "creator_id" => filter.creator_id = Some(value),
            "detail_type" => filter.detail_types.extend(value.split(',').map(str::to_owned)),
            "last_event_id" => last_event_id = Some(value),
            _ => return Err(Problem::invalid_field(&name, "is unknown")),
        }
    }
    Ok((filter, last_event_id))
}

async fn event_bus(State(api): State<Arc<Api>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let (status, answer) = put_events(&api.feed, target, &body, OffsetDateTime::now_utc());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = typed("application/x-amz-json-1.1", Body::from(answer.to_string()));
    *response.status_mut() = status;
    response
}

/// `AmazonSQS.SendMessage`, in SQS's own JSON: the message becomes a dead letter
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>).
async fn failure_queue(State(api): State<Arc<Api>>, headers: HeaderMap, body: Bytes) -> Response {
    let is_send = headers.get("x-amz-target").is_some_and(|target| target == "AmazonSQS.SendMessage");
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let letter = request["MessageBody"].as_str().and_then(|letter| serde_json::from_str(letter).ok());
    let (status, answer) = match letter.filter(|_| is_send) {
        Some(letter) => {
            api.dead_letters.add(letter);
            (StatusCode::OK, json!({"MessageId": "local"}))
        }
        None => (StatusCode::BAD_REQUEST, json!({"__type": "com.amazonaws.sqs#UnsupportedOperation"})),
    };
    let mut response = typed("application/x-amz-json-1.0", Body::from(answer.to_string()));
    *response.status_mut() = status;
    response
}

fn stand_in(api: &Api) -> Result<&StandIn, Problem> {
    let detail = "The stack uses Stripe itself, whose faults cannot be set.";
    let absent = || Problem::new(ProblemCode::NotFound, detail);
    api.stand_in.as_ref().ok_or_else(absent)
}

/// Parses a body as strictly as the functions do.
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

/// An answer that no browser caches, since the next build, or the next stack on this port, answers differently.
fn typed(content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
