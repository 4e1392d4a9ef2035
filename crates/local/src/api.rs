//! The API's port: the web pages, the local endpoints under `/local`, and the gateway for everything else.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use payments::UserId;
use payments_http::{Problem, json_body};
use payments_store::Store;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_stand_in::StandIn;
use time::OffsetDateTime;
use tokio::task::JoinSet;

use crate::alias_urls::{AliasUrls, name_by_alias};
use crate::events::{EventFilter, Feed, put_events, server_sent};
use crate::gateway::Gateway;
use crate::health::Health;
use crate::host::{HostNames, require_known_host};
use crate::ledger::ledger;
use crate::listeners::Listeners;
use crate::origins::{LocalOrigins, allow_origins};
use crate::page_policy::page_policy;
use crate::pages::{PAGES, SENDERS_PAGE};
use crate::secrets_manager::LocalSecrets;
use crate::stream::DeadLetters;
use crate::token::{Subject, TokenIssuer};

/// The path of the stand-in for SQS.
pub(crate) const FAILURE_QUEUE_PATH: &str = "/local/failure-queue";
/// The path of the stand-in for EventBridge.
pub(crate) const EVENT_BUS_PATH: &str = "/local/eventbridge";
/// The path of the stand-in for Secrets Manager.
const SECRETS_MANAGER_PATH: &str = "/local/secrets-manager";

/// The state of the handlers on the API's port.
pub(crate) struct Api {
    pub(crate) gateway: Gateway,
    pub(crate) token_issuer: TokenIssuer,
    pub(crate) store: Store,
    pub(crate) dead_letters: Arc<DeadLetters>,
    /// `None` when the stack uses Stripe itself.
    pub(crate) stand_in: Option<StandIn>,
    pub(crate) feed: Arc<Feed>,
    /// What the pages need to call Stripe: `{publishable_key}` with `stripe_base`, the stand-in's address, or `stripe_js`.
    pub(crate) page_config: Value,
    pub(crate) health: Health,
    pub(crate) names: Arc<HostNames>,
    pub(crate) urls: AliasUrls,
    pub(crate) origins: Arc<LocalOrigins>,
    pub(crate) secrets: LocalSecrets,
}

/// Serves `api` on its port.
pub(crate) fn serve(tasks: &mut JoinSet<()>, port: Listeners, api: Arc<Api>) {
    port.serve(tasks, router(api));
}

fn router(api: Arc<Api>) -> Router {
    let origins = middleware::from_fn_with_state(Arc::clone(&api.origins), allow_origins);
    let hosts = middleware::from_fn_with_state(Arc::clone(&api.names), require_known_host);
    let local = Router::new()
        .route("/local/health", get(health))
        .route("/local/config.json", get(config))
        .route("/local/token", post(token))
        .route("/local/dead-letters", get(dead_letters))
        .route("/local/chaos", get(faults).put(set_faults))
        .route("/local/events", get(events))
        .route("/local/ledger/{payment_id}", get(ledger_of_payment));
    let mut router = with_aws(local).layer(origins).route(SENDERS_PAGE, get(senders_page));
    for &(path, content_type, text) in PAGES.iter().filter(|(path, ..)| *path != SENDERS_PAGE) {
        router = router.route(path, get(move || async move { typed(content_type, Body::from(text)) }));
    }
    let urls = middleware::from_fn_with_state(api.urls.clone(), name_by_alias);
    router.fallback(gateway).layer(urls).layer(hosts).with_state(api)
}

/// The stand-ins for services of AWS. An SDK appends a slash to its endpoint's path.
fn with_aws(mut router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    for slash in ["", "/"] {
        router = router
            .route(&format!("{EVENT_BUS_PATH}{slash}"), post(event_bus))
            .route(&format!("{FAILURE_QUEUE_PATH}{slash}"), post(failure_queue))
            .route(&format!("{SECRETS_MANAGER_PATH}{slash}"), post(secret));
    }
    router
}

async fn gateway(
    State(api): State<Arc<Api>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    api.gateway.handle(request, peer).await
}

async fn health(State(api): State<Arc<Api>>) -> Response {
    let has_failed = api.stand_in.as_ref().is_some_and(StandIn::has_failed);
    match api.health.check(has_failed) {
        Ok(true) => json_answer(StatusCode::OK, &json!({"status": "ready"})),
        Ok(false) => json_answer(StatusCode::SERVICE_UNAVAILABLE, &json!({"status": "starting"})),
        Err(cause) => {
            let title = "The stack cannot keep data";
            problem_answer(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "data_not_writable", title, cause))
        }
    }
}

async fn dead_letters(State(api): State<Arc<Api>>) -> Response {
    json_answer(StatusCode::OK, &json!({"items": api.dead_letters.all()}))
}

async fn config(State(api): State<Arc<Api>>) -> Response {
    json_answer(StatusCode::OK, &api.page_config)
}

/// The sender's page, whose policy depends on the Stripe that the stack uses.
async fn senders_page(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    let text = PAGES.iter().find(|(path, ..)| *path == SENDERS_PAGE).map_or("", |(.., text)| text);
    let mut response = typed("text/html; charset=utf-8", Body::from(text));
    let policy = api.urls.by_alias(page_policy(&api.page_config), &headers);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn secret(
    State(api): State<Arc<Api>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (status, answer) = api.secrets.get(target(&headers), &body, peer.ip().to_canonical().is_loopback());
    aws_answer(status, "application/x-amz-json-1.1", &answer)
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
    let (status, answer) = put_events(&api.feed, target(&headers), &body, OffsetDateTime::now_utc());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    aws_answer(status, "application/x-amz-json-1.1", &answer)
}

/// `AmazonSQS.SendMessage`, in SQS's own JSON: the message becomes a dead letter
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>).
async fn failure_queue(State(api): State<Arc<Api>>, headers: HeaderMap, body: Bytes) -> Response {
    let is_send = target(&headers) == "AmazonSQS.SendMessage";
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let letter = request["MessageBody"].as_str().and_then(|letter| serde_json::from_str(letter).ok());
    let (status, answer) = match letter.filter(|_| is_send) {
        Some(letter) => {
            api.dead_letters.add(letter);
            (StatusCode::OK, json!({"MessageId": "local"}))
        }
        None => (StatusCode::BAD_REQUEST, json!({"__type": "com.amazonaws.sqs#UnsupportedOperation"})),
    };
    aws_answer(status, "application/x-amz-json-1.0", &answer)
}

/// The operation that an AWS SDK calls.
fn target(headers: &HeaderMap) -> &str {
    headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default()
}

fn aws_answer(status: StatusCode, content_type: &'static str, answer: &Value) -> Response {
    let mut response = typed(content_type, Body::from(answer.to_string()));
    *response.status_mut() = status;
    response
}

fn stand_in(api: &Api) -> Result<&StandIn, Problem> {
    let detail = "The stack uses Stripe itself, whose faults cannot be set.";
    let absent = || Problem::new(StatusCode::NOT_FOUND, "no_stand_in", "There is no stand-in", detail);
    api.stand_in.as_ref().ok_or_else(absent)
}

/// Parses a body as strictly as the functions do.
fn read<T: DeserializeOwned>(body: Bytes) -> Result<T, Problem> {
    json_body(&payments_http::Request::new(body.to_vec().into()))
}

pub(crate) fn problem_answer(problem: Problem) -> Response {
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
