//! Callers that are not the stack's own pages: a page on another port, an emulator, a container.

use std::net::Ipv4Addr;

use local::stack::{Options, Stack};
use local::token::Subject;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

const APP: &str = "http://localhost:5173";
const EMULATOR: &str = "10.0.2.2";

async fn start() -> Stack {
    let options = Options {
        allowed_origins: vec![APP.to_owned()],
        host_aliases: vec![EMULATOR.to_owned()],
        ..Options::default()
    };
    Stack::start(options).await.unwrap()
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// A request as a browser sends it for a page of `origin`.
fn from_page(stack: &Stack, method: Method, path: &str, origin: &str) -> RequestBuilder {
    Client::new().request(method, format!("{}{path}", stack.endpoints().api)).header("origin", origin)
}

#[tokio::test]
async fn a_page_on_another_port_gets_a_token_pays_and_follows_the_events() {
    let stack = start().await;
    for path in ["/local/token", "/local/events", "/v1/quotes"] {
        let asked = from_page(&stack, Method::OPTIONS, path, APP)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .send();
        let answer = asked.await.unwrap();
        assert_eq!(answer.status(), 204, "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), APP, "{path}");
        assert!(header(&answer, "access-control-allow-methods").contains("POST"), "{path}");
        assert!(header(&answer, "access-control-allow-headers").contains("content-type"), "{path}");
    }
    let answer = from_page(&stack, Method::POST, "/local/token", APP).json(&json!({"sub": "sam"})).send();
    let answer = answer.await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "access-control-allow-origin").as_str()),
        (200, APP)
    );
    assert_eq!(header(&answer, "vary"), "origin");
    let token = answer.json::<Value>().await.unwrap()["token"].as_str().unwrap().to_owned();
    let quote = json!({"creator_id": "ana", "amount": 1000, "currency": "usd"});
    let quoted = from_page(&stack, Method::POST, "/v1/quotes", APP).bearer_auth(token).json(&quote).send();
    let quoted = quoted.await.unwrap();
    assert_eq!(
        (quoted.status().as_u16(), header(&quoted, "access-control-allow-origin").as_str()),
        (200, APP)
    );
    let stream = from_page(&stack, Method::GET, "/local/events", APP).send().await.unwrap();
    assert_eq!(header(&stream, "access-control-allow-origin"), APP);
    assert_eq!(header(&stream, "content-type"), "text/event-stream");
}

#[tokio::test]
async fn an_allowed_origin_takes_creators_back_from_onboarding() {
    let stack = start().await;
    let token =
        stack.token(&serde_json::from_value(json!({"sub": "cy", "email": "cy@example.com"})).unwrap());
    let onboard = |page: &str| {
        let body = json!({"country": "US", "return_url": format!("{page}/done"), "refresh_url": format!("{page}/again")});
        let url = format!("{}/v1/creators/cy/onboarding", stack.endpoints().api);
        Client::new().post(url).bearer_auth(token.clone()).json(&body).send()
    };
    assert_eq!(onboard(APP).await.unwrap().status(), 200);
    let by_alias = stack.endpoints().api.replace("127.0.0.1", EMULATOR);
    assert_eq!(onboard(&by_alias).await.unwrap().status(), 200);
    assert_eq!(onboard("http://localhost:5174").await.unwrap().status(), 422);
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_token_and_changes_nothing() {
    let stack = start().await;
    for origin in ["https://evil.example", "http://localhost:5174", "http://localhost", "null", ""] {
        // A browser sends these without a preflight.
        for path in ["/local/token", "/local/eventbridge", "/local/secrets-manager"] {
            let sent =
                from_page(&stack, Method::POST, path, origin).body(r#"{"sub":"olga","operator":true}"#);
            let answer = sent.send().await.unwrap();
            assert_eq!(answer.headers().get("access-control-allow-origin"), None, "{origin}");
            assert_eq!(answer.status(), 403, "{path} {origin}");
            let problem: Value = answer.json().await.unwrap();
            assert_eq!(problem["code"], "origin_not_allowed");
            assert!(problem["detail"].as_str().unwrap().contains(&format!("--allow-origin {origin}")));
        }
        let asked = from_page(&stack, Method::OPTIONS, "/local/chaos", origin).send().await.unwrap();
        assert_eq!(asked.headers().get("access-control-allow-origin"), None, "{origin}");
        let listed = from_page(&stack, Method::GET, "/v1/payments", origin).send().await.unwrap();
        assert_eq!(listed.headers().get("access-control-allow-origin"), None, "{origin}");
    }
    let own =
        from_page(&stack, Method::POST, "/local/token", &stack.endpoints().api).json(&json!({"sub": "sam"}));
    assert_eq!(own.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_emulator_reaches_the_api_tokens_stripe_and_dynamodb_by_its_alias() {
    let stack = start().await;
    let endpoints = stack.endpoints();
    let port = |url: &str| url.rsplit(':').next().unwrap().to_owned();
    let by = |name: &str, url: &str, path: &str| {
        Client::new().get(format!("{url}{path}")).header("host", format!("{name}:{}", port(url))).send()
    };
    let config: Value =
        by(EMULATOR, &endpoints.api, "/local/config.json").await.unwrap().json().await.unwrap();
    assert_eq!(config["stripe_base"], format!("http://{EMULATOR}:{}", port(&endpoints.stripe)));
    assert_eq!(
        by("127.0.0.1", &endpoints.api, "/local/config.json").await.unwrap().json::<Value>().await.unwrap()["stripe_base"],
        endpoints.stripe
    );
    assert_eq!(by(EMULATOR, &endpoints.stripe, "/v1/balance").await.unwrap().status(), 401);
    assert_ne!(by(EMULATOR, &endpoints.dynamodb, "/").await.unwrap().status(), 403);
    let token = |name: &str| {
        let request = Client::new().post(format!("{}/local/token", endpoints.api));
        request.header("host", name.to_owned()).json(&json!({"sub": "sam"})).send()
    };
    assert_eq!(token(EMULATOR).await.unwrap().status(), 200);
    for other in ["10.0.2.3", "rebound.example", "10.0.2.2.rebound.example"] {
        assert_eq!(by(other, &endpoints.api, "/").await.unwrap().status(), 403, "{other}");
        assert_eq!(by(other, &endpoints.stripe, "/v1/balance").await.unwrap().status(), 403, "{other}");
        assert_eq!(token(other).await.unwrap().status(), 403, "{other}");
    }
}

#[tokio::test]
async fn links_to_stripes_pages_name_the_alias_by_which_a_client_calls() {
    let stack = start().await;
    let endpoints = stack.endpoints();
    let stripe = |name: &str| endpoints.stripe.replace("127.0.0.1", name);
    let onboarding = async |host: &str| {
        let cy =
            Subject { sub: "cy".to_owned(), email: Some("cy@example.com".to_owned()), ..Subject::default() };
        let body = json!({"country": "US", "return_url": APP, "refresh_url": APP});
        let url = format!("{}/v1/creators/cy/onboarding", endpoints.api);
        let request = Client::new().post(url).header("host", host).bearer_auth(stack.token(&cy)).json(&body);
        request.send().await.unwrap().json::<Value>().await.unwrap()["url"].as_str().unwrap().to_owned()
    };
    assert!(onboarding(EMULATOR).await.starts_with(&stripe(EMULATOR)));
    assert!(onboarding("127.0.0.1").await.starts_with(&endpoints.stripe));

    let call = async |host: &str, key: &str, path: &str, body: &str| {
        let request = Client::new().post(stripe("127.0.0.1") + path).header("host", host).bearer_auth(key);
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let redirect =
        |intent: &Value| intent["next_action"]["redirect_to_url"]["url"].as_str().unwrap().to_owned();
    let intent = call(EMULATOR, "sk_test_local", "/v1/payment_intents", "amount=500&currency=usd").await;
    let (id, secret) = (intent["id"].as_str().unwrap(), intent["client_secret"].as_str().unwrap());
    let body =
        format!("client_secret={secret}&payment_method=pm_card_authenticationRequired&return_url={APP}");
    let confirmed =
        call(EMULATOR, "pk_test_local", &format!("/v1/payment_intents/{id}/confirm"), &body).await;
    assert!(redirect(&confirmed).starts_with(&stripe(EMULATOR)), "{confirmed}");
    // A function in a container has its own name for this machine, which its user has not.
    let seen = call(EMULATOR, "sk_test_local", &format!("/v1/payment_intents/{id}"), "metadata[a]=b").await;
    assert!(redirect(&seen).starts_with(&endpoints.stripe), "{seen}");
}

#[tokio::test]
async fn every_address_is_open_with_a_host_and_only_to_callers_by_an_alias() {
    let options = Options {
        host: Ipv4Addr::UNSPECIFIED.into(),
        host_aliases: vec!["host.docker.internal".to_owned()],
        ..Options::without_seed()
    };
    let stack = Stack::start(options).await.unwrap();
    let api = &stack.endpoints().api;
    // To the stack, this machine's second loopback address is as near as the first; what it is called by is not.
    let elsewhere = api.replace("127.0.0.1", "127.0.0.2");
    let token = |name: Option<&str>| {
        let request = Client::new().post(format!("{elsewhere}/local/token")).json(&json!({"sub": "olga"}));
        match name {
            Some(name) => request.header("host", name.to_owned()),
            None => request,
        }
        .send()
    };
    assert_eq!(token(Some("host.docker.internal:3000")).await.unwrap().status(), 200);
    assert_eq!(token(None).await.unwrap().status(), 403);
    assert_eq!(token(Some("rebound.example")).await.unwrap().status(), 403);
    let stripe = stack.endpoints().stripe.replace("127.0.0.1", "127.0.0.2");
    assert_eq!(Client::new().get(format!("{stripe}/v1/balance")).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn wrong_options_are_named_with_what_is_allowed() {
    let refused = |options: Options| async { Stack::start(options).await.err().unwrap().to_string() };
    let alias = Options { host_aliases: vec!["http://10.0.2.2".to_owned()], ..Options::without_seed() };
    assert_eq!(
        refused(alias).await,
        "--host-alias \"http://10.0.2.2\" is no host's name: give a name or an address without scheme and port, such as \
         10.0.2.2"
    );
    let origin = Options { allowed_origins: vec!["localhost:5173".to_owned()], ..Options::without_seed() };
    assert!(
        refused(origin)
            .await
            .starts_with("--allow-origin \"localhost:5173\" is no origin: give scheme, host")
    );
    let endpoint =
        Options { dynamodb_endpoint: Some("127.0.0.1:8000".to_owned()), ..Options::without_seed() };
    assert_eq!(
        refused(endpoint).await,
        "DYNAMODB_ENDPOINT is \"127.0.0.1:8000\"; it has to be a URL such as http://127.0.0.1:8000"
    );
    let limits = Options { sender_limits: "many".to_owned(), ..Options::without_seed() };
    assert!(refused(limits).await.starts_with("parameter SenderLimits is \"many\"; it has to be hour=count"));
    let parameter = |name: &str, value: &str| {
        refused(Options { parameters: vec![(name.to_owned(), value.to_owned())], ..Options::without_seed() })
    };
    assert!(parameter("Livemode", "true").await.contains("the local stack moves no real money"));
    assert!(parameter("SettlementCurrencies", "eur").await.contains("SettlementCurrencies (\"eur\")"));
}
