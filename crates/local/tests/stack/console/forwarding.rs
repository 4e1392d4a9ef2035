//! What a console sends to a deployment, and what it answers.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use local::console::TokenRefusal;
use local::stack::{Options, Stack};
use local::token::Subject;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::{Browser, console_for, operator, problem, refused, status};

#[tokio::test]
async fn an_operator_changes_the_rollout_of_a_deployment_and_no_answer_holds_the_token() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let token = stack.token(&operator());
    let console = console_for(&stack.endpoints().api, &token).await;
    let browser = Browser::open(&console).await;

    let read = browser.get("/v1/admin/rollout").send().await.unwrap();
    assert_eq!(read.status(), 200);
    let etag = read.headers()["etag"].clone();
    let change = json!({"percentage": 25, "reason": "It goes well"});
    let written = browser.put("/v1/admin/rollout", &change).header("if-match", &etag).send().await.unwrap();
    assert_eq!(written.status(), 200);
    assert_eq!(written.json::<Value>().await.unwrap()["percentage"], 25);
    let outdated = browser.put("/v1/admin/rollout", &change).header("if-match", etag);
    assert_eq!(status(outdated).await, 412);
    assert_eq!(status(browser.get("/v1/admin/creators/a%252Fb/eligibility")).await, 200);

    let config: Value = browser.get("/local/config.json").send().await.unwrap().json().await.unwrap();
    assert_eq!(config, json!({"deployment": stack.endpoints().api}));
    for path in [
        "/operator",
        "/operator/app.js",
        "/operator/console.js",
        "/api.js",
        "/style.css",
        "/local/config.json",
        "/v1/admin/rollout",
        "/v1/admin/rollout/audit",
        "/v1/admin/drift",
        "/v1/admin/creators/ana/eligibility",
        "/v1/nothing",
        "/nothing",
    ] {
        let answer = browser.get(path).send().await.unwrap();
        let headers = format!("{:?}", answer.headers());
        let told = headers + &answer.text().await.unwrap();
        assert!(!told.contains(&token), "{path}");
    }
}

#[tokio::test]
async fn pages_of_users_and_what_only_the_local_stack_has_are_not_there() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let console = console_for(&stack.endpoints().api, &stack.token(&operator())).await;
    let browser = Browser::open(&console).await;
    for path in
        ["/", "/creator", "/creator/app.js", "/local/token", "/local/events", "/local/chaos", "/local/health"]
    {
        assert_eq!(problem(browser.get(path)).await, (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn an_expired_token_is_replaced_where_the_console_runs() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let ended = OffsetDateTime::now_utc().unix_timestamp() - 1;
    let expired = Subject { claims: json!({"exp": ended}).as_object().unwrap().clone(), ..operator() };
    let console = console_for(&stack.endpoints().api, &stack.token(&expired)).await;
    let browser = Browser::open(&console).await;
    let mut refusals = console.refusals();
    let answer = problem(browser.get("/v1/admin/rollout")).await;
    assert_eq!(answer, (401, "operator_token_refused".to_owned()));
    assert_eq!(*refusals.borrow_and_update(), Some(TokenRefusal::Invalid));
    console.set_token(stack.token(&operator()).parse().unwrap());
    assert_eq!(*refusals.borrow_and_update(), None);
    assert_eq!(status(browser.get("/v1/admin/rollout")).await, 200);
    assert!(!refusals.has_changed().unwrap());
}

/// By the gateway's scope, and by the function's group.
#[tokio::test]
async fn a_token_of_no_operator_is_named_once_and_replaced_where_the_console_runs() {
    let group = vec![("OperatorGroup".to_owned(), "staff".to_owned())];
    for parameters in [Vec::new(), group] {
        let stack = Stack::start(Options { parameters, ..Options::without_seed() }).await.unwrap();
        let sender = Subject { sub: "sam".to_owned(), ..Subject::default() };
        let console = console_for(&stack.endpoints().api, &stack.token(&sender)).await;
        let browser = Browser::open(&console).await;
        let mut refusals = console.refusals();
        for is_first in [true, false] {
            let answer = problem(browser.get("/v1/admin/rollout")).await;
            assert_eq!(answer, refused("not_an_operators_token"));
            assert_eq!(refusals.has_changed().unwrap(), is_first, "the terminal says it once");
            assert_eq!(*refusals.borrow_and_update(), Some(TokenRefusal::NotAnOperators));
        }
        console.set_token(stack.token(&operator()).parse().unwrap());
        assert_eq!(status(browser.get("/v1/admin/rollout")).await, 200);
    }
}

/// A deployment that answers with what it was sent, in its headers and its body.
async fn echo() -> String {
    let echo = async |request: Request| {
        let (mut response, mut lines) = (Response::new(Body::empty()), Vec::new());
        for (name, value) in request.headers() {
            response.headers_mut().insert(name, value.clone());
            lines.push(name.as_str().to_owned());
        }
        response.headers_mut().insert("set-cookie", "evil=1".parse().unwrap());
        response.headers_mut().insert("access-control-allow-origin", "*".parse().unwrap());
        response.headers_mut().remove("content-length");
        *response.body_mut() = lines.join(",").into();
        response
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(echo)).await.unwrap() });
    url
}

#[tokio::test]
async fn only_listed_headers_pass_in_either_direction() {
    let console = console_for(&echo().await, "secret.token").await;
    let browser = Browser::open(&console).await;
    let request =
        browser.get("/v1/admin/rollout").header("accept", "text/csv").header("x-forwarded-for", "1.2.3.4");
    let answer = request.header("if-match", "\"1\"").send().await.unwrap();
    let returned = format!("{:?}", answer.headers());
    for kept_here in ["secret.token", "evil", "access-control"] {
        assert!(!returned.contains(kept_here), "{returned}");
    }
    let body = answer.text().await.unwrap();
    let mut sent: Vec<&str> = body.split(',').collect();
    sent.sort_unstable();
    assert_eq!(sent, ["accept", "authorization", "host", "if-match"]);
}

/// What a server without a certificate receives first: a handshake record of TLS begins with 22 (RFC 8446, 5.1).
async fn first_byte_for(request: impl Future<Output = ()>, listener: TcpListener) -> u8 {
    let accept = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap()
    };
    tokio::join!(accept, request).0
}

#[tokio::test]
async fn a_deployment_is_reached_through_tls_by_the_console_and_by_the_commands() {
    let listen = async || {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        (listener, url)
    };
    let (listener, url) = listen().await;
    let console = console_for(&url, "a.b.c").await;
    let browser = Browser::open(&console).await;
    let ask = async {
        assert_eq!(
            problem(browser.get("/v1/admin/rollout")).await,
            (502, "deployment_unreachable".to_owned())
        );
    };
    assert_eq!(first_byte_for(ask, listener).await, 22);
    let (listener, url) = listen().await;
    let ask = async {
        let failed = local::reconcile::reconcile(&url, Some("a.b.c".to_owned()), |_| ()).await;
        assert!(failed.unwrap_err().to_string().ends_with("cannot be reached"));
    };
    assert_eq!(first_byte_for(ask, listener).await, 22);
}
