mod event_shape;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use lambda_http::{Error, IntoResponse, RequestExt, Response, service_fn};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Gateway;
use crate::function::Function;
use crate::template::{Authorization, Cors, FunctionDefinition, Route, TableDefinition, Template};
use crate::token::{AUDIENCE, ISSUER, Subject, TokenIssuer, TokenKey};

const PEER: ([u8; 4], u16) = ([127, 0, 0, 1], 50_000);

/// Answers with the request as the handler receives it.
async fn echo(request: lambda_http::Request) -> Result<Response<lambda_http::Body>, Error> {
    let body = json!({
        "path": request.raw_http_path(),
        "parameters": request.path_parameters().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(),
        "query": request.query_string_parameters().all("tag").unwrap_or_default(),
        "note": request.headers().get("x-note").map(|value| String::from_utf8_lossy(value.as_bytes())),
        "host": request.headers().get("host").and_then(|host| host.to_str().ok()),
        "body": hex::encode(request.body().as_ref()),
        "remaining_ms": i64::try_from(request.lambda_context().deadline).unwrap() - crate::clock::epoch_ms(OffsetDateTime::now_utc()),
    });
    let response = Response::builder().status(201).header("etag", "\"1\"").header("set-cookie", "a=1");
    let response = response.header("access-control-allow-origin", "http://evil.example");
    Ok(response.header("content-type", "application/json").body(body.to_string().into())?)
}

async fn fail(request: lambda_http::Request) -> Result<impl IntoResponse, Error> {
    match request.uri().path() {
        "/fail/panic" => panic!("the function's own fault"),
        "/fail/hang" => std::future::pending().await,
        "/fail/large" => Ok("x".repeat(7 * 1024 * 1024)),
        _ => Err("no".into()),
    }
}

fn gateway() -> Gateway {
    let token = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Some(Authorization { issuer: ISSUER.to_owned(), audience: vec![AUDIENCE.to_owned()], scopes })
    };
    let route = |method: &str, path: &str, function: &str, authorization| Route {
        method: method.to_owned(),
        path: path.to_owned(),
        function: function.to_owned(),
        authorization,
    };
    let definition = |timeout| FunctionDefinition { timeout, environment: BTreeMap::new() };
    let template = Template {
        routes: vec![
            route("GET", "/things/{id}", "echo", token(&[])),
            route("PUT", "/admin/{id}", "echo", token(&["payments:admin"])),
            route("POST", "/hook", "echo", None),
            route("GET", "/fail/{how}", "fail", None),
            route("GET", "/nobody", "unwired", None),
        ],
        functions: BTreeMap::from([
            ("echo".to_owned(), definition(Duration::from_secs(10))),
            ("fail".to_owned(), definition(Duration::from_millis(20))),
        ]),
        cors: Some(Cors {
            allow_origins: vec!["http://app.example".to_owned()],
            allow_methods: vec!["GET".to_owned(), "PUT".to_owned()],
            allow_headers: vec!["authorization".to_owned()],
            expose_headers: vec!["etag".to_owned()],
            max_age: Some(600),
            allow_credentials: false,
        }),
        streams: Vec::new(),
        table: TableDefinition { name: String::new(), create_table: Value::Null, ttl_attribute: None },
    };
    let functions = BTreeMap::from([
        ("echo", Function::new(service_fn(echo))),
        ("fail", Function::new(service_fn(fail))),
    ]);
    Gateway::new(template, functions, key(), ([127, 0, 0, 1], 3000).into())
}

fn key() -> TokenKey {
    TokenKey::new(b"key of these tests")
}

fn bearer(scope: Option<&str>) -> String {
    let subject = Subject { sub: "sam".to_owned(), scope: scope.map(str::to_owned), ..Subject::default() };
    format!("Bearer {}", TokenIssuer::new(key()).sign(&subject, OffsetDateTime::now_utc()))
}

async fn send(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    send_to(&gateway(), method, path, headers, body).await
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn refused_as(&self, status: u16, message: &str) {
        assert_eq!((self.status.as_u16(), &self.body), (status, &json!({"message": message})));
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.header("apigw-requestid").len(), 16);
    }
}

async fn send_to(
    gateway: &Gateway,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, value.as_bytes());
    }
    let response = gateway.handle(request.body(body.into()).unwrap(), SocketAddr::from(PEER)).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Answer { status: parts.status, headers: parts.headers, body }
}

#[tokio::test]
async fn a_handler_gets_the_request_as_api_gateway_would_give_it() {
    let token = bearer(None);
    let headers = [("authorization", token.as_str()), ("x-note", "café"), ("host", "else where")];
    let answer = send("GET", "/things/a%7Cb?tag=1&tag=2", &headers, Body::empty()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body["path"], "/things/a|b");
    assert_eq!(answer.body["parameters"], json!(["id=a|b"]));
    assert_eq!(answer.body["query"], json!(["1", "2"]));
    assert_eq!(answer.body["note"], "café");
    assert_eq!(answer.body["host"], "127.0.0.1:3000");
    let remaining_ms = answer.body["remaining_ms"].as_i64().unwrap();
    assert!((1..=10_000).contains(&remaining_ms), "{remaining_ms}");
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(answer.header("set-cookie"), "a=1");
    assert_eq!(answer.header("apigw-requestid").len(), 16);
}

#[tokio::test]
async fn a_handler_gets_the_bytes_that_were_sent_for_every_content_type() {
    for content_type in ["application/json", "application/octet-stream", "application/x-www-form-urlencoded"]
    {
        for bytes in [&b"{\"a\":1}"[..], b"\xff\x00{", b"\xef\xbb\xbf{}"] {
            let answer = send("POST", "/hook", &[("content-type", content_type)], bytes.to_vec()).await;
            assert_eq!(answer.body["body"], hex::encode(bytes), "{content_type}");
        }
    }
}

#[tokio::test]
async fn a_missing_or_invalid_token_is_401() {
    let sam = Subject { sub: "sam".to_owned(), ..Subject::default() };
    let now = OffsetDateTime::now_utc();
    let sign = |key: &[u8], now| TokenIssuer::new(TokenKey::new(key)).sign(&sam, now);
    let expired = sign(b"key of these tests", now - time::Duration::seconds(3601));
    let forged = sign(b"another key", now);
    let good = sign(b"key of these tests", now);
    let (head, signature) = good.rsplit_once('.').unwrap();
    // {"alg":"none","typ":"JWT"}
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", head.split_once('.').unwrap().1);
    let tampered = format!("{head}x.{signature}");
    for (token, reason) in [
        (expired, "the token has expired"),
        (forged, "the token has an invalid signature"),
        (tampered, "the token has an invalid signature"),
        (unsigned, "the token is malformed"),
        ("nonsense".to_owned(), "the token is malformed"),
    ] {
        let answer =
            send("GET", "/things/1", &[("authorization", &format!("Bearer {token}"))], Body::empty()).await;
        answer.refused_as(401, "Unauthorized");
        let challenge = format!("Bearer scope=\"\" error=\"invalid_token\" error_description=\"{reason}\"");
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    for headers in [&[][..], &[("authorization", "")]] {
        let answer = send("GET", "/things/1", headers, Body::empty()).await;
        answer.refused_as(401, "Unauthorized");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    assert_eq!(send("GET", "/things/1", &[("authorization", &good)], Body::empty()).await.status, 201);
}

#[tokio::test]
async fn a_token_without_the_scope_is_403_and_with_it_among_others_passes() {
    for scope in [None, Some("payments"), Some("payments:administrator other")] {
        let answer = send("PUT", "/admin/1", &[("authorization", &bearer(scope))], Body::empty()).await;
        answer.refused_as(403, "Forbidden");
        assert!(answer.header("www-authenticate").contains("error=\"insufficient_scope\""));
    }
    let token = bearer(Some("openid payments:admin"));
    assert_eq!(send("PUT", "/admin/1", &[("authorization", &token)], Body::empty()).await.status, 201);
}

#[tokio::test]
async fn a_request_without_a_route_is_404_even_without_a_token() {
    send("GET", "/v2", &[], Body::empty()).await.refused_as(404, "Not Found");
    send("DELETE", "/hook", &[], Body::empty()).await.refused_as(404, "Not Found");
}

#[tokio::test]
async fn a_body_over_10_mb_and_an_event_over_6_mb_are_413() {
    let text = [("content-type", "text/plain")];
    send("POST", "/hook", &text, vec![b'x'; 10 * 1024 * 1024 + 1])
        .await
        .refused_as(413, "Request Entity Too Large");
    send("POST", "/hook", &text, vec![b'x'; 6 * 1024 * 1024])
        .await
        .refused_as(413, "Request Entity Too Large");
    // Base64 makes a third more of it.
    send("POST", "/hook", &[], vec![b'x'; 5 * 1024 * 1024]).await.refused_as(413, "Request Entity Too Large");
    assert_eq!(send("POST", "/hook", &text, vec![b'x'; 1024 * 1024]).await.status, 201);
}

#[tokio::test]
async fn a_function_that_fails_panics_hangs_exceeds_the_payload_or_is_missing_is_500() {
    for path in ["/fail/error", "/fail/panic", "/fail/hang", "/fail/large", "/nobody"] {
        send("GET", path, &[], Body::empty()).await.refused_as(500, "Internal Server Error");
    }
}

#[tokio::test]
async fn a_function_that_exceeds_the_gateways_time_limit_is_503() {
    let mut gateway = gateway();
    gateway.integration_timeout = Duration::from_millis(1);
    gateway.definitions.insert(
        "fail".to_owned(),
        FunctionDefinition { timeout: Duration::from_secs(60), environment: BTreeMap::new() },
    );
    send_to(&gateway, "GET", "/fail/hang", &[], Body::empty()).await.refused_as(503, "Service Unavailable");
}

#[tokio::test]
async fn a_preflight_is_answered_by_the_gateway_and_only_known_origins_are_allowed() {
    let ask = |origin| [("origin", origin), ("access-control-request-method", "PUT")];
    let answer = send("OPTIONS", "/admin/1", &ask("http://app.example"), Body::empty()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), "http://app.example");
    assert_eq!(answer.header("access-control-allow-methods"), "GET,PUT");
    assert_eq!(answer.header("access-control-allow-headers"), "authorization");
    assert_eq!(answer.header("access-control-max-age"), "600");
    let answer = send("OPTIONS", "/admin/1", &ask("http://evil.example"), Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, ""));
}

#[tokio::test]
async fn the_gateways_cors_headers_replace_the_functions_own() {
    let answer = send("POST", "/hook", &[("origin", "http://app.example")], Body::empty()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "http://app.example");
    assert_eq!(answer.header("access-control-expose-headers"), "etag");
    let answer = send("POST", "/hook", &[("origin", "http://evil.example")], Body::empty()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let refused = send("GET", "/things/1", &[("origin", "http://app.example")], Body::empty()).await;
    assert_eq!(refused.header("access-control-allow-origin"), "http://app.example");
}

#[tokio::test]
async fn no_byte_in_a_path_breaks_a_function() {
    let token = bearer(None);
    for byte in 0..=u8::MAX {
        let path = format!("/things/x%{byte:02X}y%{byte:02X}");
        let answer = send("GET", &path, &[("authorization", &token)], Body::empty()).await;
        let expected = if byte == b'/' { 404 } else { 201 };
        assert_eq!(answer.status, expected, "{path}");
    }
}
