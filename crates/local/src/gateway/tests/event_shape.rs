use std::net::SocketAddr;

use http::{HeaderMap, Request};
use serde_json::json;
use time::OffsetDateTime;

use super::super::authorizer::authorize;
use super::super::event::{Accepted, event};
use super::super::routes::Routes;
use super::{PEER, key};
use crate::template::{Authorization, Route};
use crate::token::{AUDIENCE, ISSUER, Subject, TokenIssuer};

/// The members and forms of AWS's own example of the format
/// (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
#[test]
fn an_event_has_the_shape_of_awss_example() {
    let (mut parts, ()) = Request::builder()
        .method("POST")
        .uri("/path/hello?parameter1=value1&parameter1=value2&parameter2=a%20value")
        .header("Header1", "value1")
        .header("Header2", "value1")
        .header("Header2", "value2")
        .header("Cookie", "cookie1=1; cookie2=2")
        .header("User-Agent", "agent")
        .header("Content-Type", "text/plain")
        .body(())
        .unwrap()
        .into_parts();
    parts.version = http::Version::HTTP_11;
    let authorization = Authorization {
        issuer: ISSUER.into(),
        audience: vec![AUDIENCE.into()],
        scopes: vec!["scope1".into()],
    };
    let route = Route {
        method: "POST".into(),
        path: "/path/{name}".into(),
        function: "f".into(),
        authorization: Some(authorization.clone()),
    };
    let now = time::macros::datetime!(2020-03-12 19:03:58.39 UTC);
    let token_now = OffsetDateTime::now_utc();
    let subject = Subject { sub: "sam".into(), scope: Some("scope1 scope2".into()), ..Subject::default() };
    let token = TokenIssuer::new(key()).sign(&subject, token_now);
    let headers = HeaderMap::from_iter([(http::header::AUTHORIZATION, token.parse().unwrap())]);
    let caller = authorize(&key(), &authorization, &headers).unwrap();
    let routes = Routes::new(vec![route]);
    let event = event(&Accepted {
        parts: &parts,
        body: b"Hello from Lambda",
        path: "/path/hello",
        matched: &routes.find("POST", "/path/hello").unwrap(),
        caller: Some(&caller),
        request_id: "JKJaXmPLvHcESHA=",
        peer: SocketAddr::from(PEER),
        gateway: ([127, 0, 0, 1], 3000).into(),
        now,
    });
    let issued_at = token_now.unix_timestamp();
    let expected = json!({
        "version": "2.0",
        "routeKey": "POST /path/{name}",
        "rawPath": "/path/hello",
        "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=a%20value",
        "cookies": ["cookie1=1", "cookie2=2"],
        "headers": {
            "header1": "value1", "header2": "value1,value2", "user-agent": "agent", "content-type": "text/plain",
            "content-length": "17", "host": "127.0.0.1:3000", "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": "3000", "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "a value"},
        "pathParameters": {"name": "hello"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "authorizer": {"jwt": {
                "claims": {
                    "sub": "sam", "scope": "scope1 scope2", "iss": ISSUER, "aud": AUDIENCE,
                    "iat": issued_at.to_string(), "exp": (issued_at + 3600).to_string(),
                },
                "scopes": ["scope1", "scope2"],
            }},
            "domainName": "127.0.0.1:3000",
            "domainPrefix": "local",
            "http": {
                "method": "POST", "path": "/path/hello", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                "userAgent": "agent",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /path/{name}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1_584_039_838_390_i64,
        },
        "body": "Hello from Lambda",
        "isBase64Encoded": false,
    });
    assert_eq!(event, expected);
}
