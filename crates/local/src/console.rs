//! The operator's page against a deployment: a proxy on this machine that adds the operator's token to requests.
//!
//! The token is in this process's memory alone: the page never has it, so a browser can neither store nor leak it, and the
//! deployment needs no CORS for the page.

mod access;
mod deployment;
mod error;
mod forwarding;
mod operator_token;
mod terminal;
mod token_refusal;

pub use deployment::Deployment;
pub use error::ConsoleError;
pub use operator_token::OperatorToken;
pub use terminal::run;
pub use token_refusal::TokenRefusal;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use access::{Access, Denial};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use payments_stripe::HyperTransport;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::pages::{PAGES, Page};

/// A running console, which stops when dropped.
pub struct Console {
    state: Arc<ConsoleState>,
    tasks: JoinSet<()>,
}

struct ConsoleState {
    deployment: Deployment,
    access: Access,
    token: Mutex<OperatorToken>,
    /// Why the deployment refuses the token, once it has.
    refusal: watch::Sender<Option<TokenRefusal>>,
    transport: HyperTransport,
}

impl ConsoleState {
    fn token(&self) -> OperatorToken {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that the deployment refused `token`, unless it is replaced meanwhile.
    fn refuse(&self, token: &OperatorToken, refusal: TokenRefusal) {
        let present = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if *present == *token {
            self.refusal.send_if_modified(|known| known.replace(refusal) != Some(refusal));
        }
    }
}

impl Console {
    /// Listens on a port of this machine; 0 is any free one.
    ///
    /// # Errors
    /// [`ConsoleError`] when the port is in use, or the system has no random bytes.
    pub async fn start(
        deployment: Deployment,
        port: u16,
        token: OperatorToken,
    ) -> Result<Self, ConsoleError> {
        let bound = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = bound.await.map_err(|source| ConsoleError::Bind { port, source })?;
        let state = Arc::new(ConsoleState {
            deployment,
            access: Access::new(address.port()).map_err(ConsoleError::Random)?,
            token: Mutex::new(token),
            refusal: watch::Sender::new(None),
            transport: HyperTransport::new(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Arc::clone(&state)));
        Ok(Self { state, tasks })
    }

    /// The address of the console, without the secret that opens it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.state.access.port()).into()
    }

    /// A link that opens the operator's page once, in place of the last one.
    ///
    /// # Errors
    /// [`ConsoleError::Random`] when the system has no random bytes.
    pub fn new_link(&self) -> Result<String, ConsoleError> {
        self.state.access.new_link().map_err(ConsoleError::Random)
    }

    /// Sends later requests with another token.
    pub fn set_token(&self, token: OperatorToken) {
        let mut present = self.state.token.lock().unwrap_or_else(PoisonError::into_inner);
        *present = token;
        self.state.refusal.send_replace(None);
    }

    /// Why the deployment refuses the present token: `None` until it does.
    #[must_use]
    pub fn refusals(&self) -> watch::Receiver<Option<TokenRefusal>> {
        self.state.refusal.subscribe()
    }
}

async fn serve(listener: TcpListener, state: Arc<ConsoleState>) {
    let router = Router::new().fallback(answer).with_state(state);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the console stopped");
    }
}

async fn answer(State(console): State<Arc<ConsoleState>>, request: Request) -> Response {
    let mut response = match console.access.check_origin(request.headers()) {
        Ok(()) => route(&console, request).await,
        Err(denial) => denied(denial),
    };
    let headers = response.headers_mut();
    // The page's own policy is in the page; a meta element cannot forbid frames.
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn route(console: &ConsoleState, request: Request) -> Response {
    let path = request.uri().path();
    if path == access::OPEN_PATH {
        return open(console, &request);
    }
    if let Err(denial) = console.access.check_session(request.headers()) {
        return denied(denial);
    }
    if path.starts_with("/v1/") {
        return forwarding::forward(console, request).await;
    }
    if *request.method() != Method::GET {
        return problem(StatusCode::NOT_FOUND, "not_found", "The console has no such page.");
    }
    match path {
        "/local/config.json" => {
            let config = json!({"deployment": console.deployment.to_string()});
            typed("application/json", config.to_string())
        }
        _ => page(path),
    }
}

/// Exchanges the link's key for a cookie. The page that answers leads to the operator's page by itself: the browser sends a
/// strict cookie only where the navigation starts on this site, and the link may have been clicked on another.
fn open(console: &ConsoleState, request: &Request) -> Response {
    match console.access.open(request.method(), request.uri().query().unwrap_or_default()) {
        Ok(cookie) => {
            let text = "<!doctype html><html lang=\"en\"><title>Operator</title><meta http-equiv=\"refresh\" content=\"0; url=/operator\">";
            let mut response = typed("text/html; charset=utf-8", text);
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        Err(denial) => denied(denial),
    }
}

/// The operator's page and what it loads; the sender's and the creator's pages act for users, whom no operator's token is for.
fn page(path: &str) -> Response {
    let is_of_operators = |path: &str| path != "/" && !path.starts_with("/creator");
    let found: Option<&Page> = PAGES.iter().find(|(of, ..)| *of == path && is_of_operators(of));
    match found {
        Some(&(_, content_type, text)) => typed(content_type, text),
        None => problem(StatusCode::NOT_FOUND, "not_found", "The console has no such page."),
    }
}

fn denied(denial: Denial) -> Response {
    problem(StatusCode::FORBIDDEN, denial.code(), denial.detail())
}

/// RFC 9457, as the API's own refusals, which the page shows.
fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = json!({"type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "code": code, "detail": detail});
    let mut response = typed("application/problem+json", body.to_string());
    *response.status_mut() = status;
    response
}

fn typed(content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
