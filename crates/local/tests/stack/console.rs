//! The console: whom it answers, and what it sends to a deployment, for which a stack stands.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use local::console::Console;
use local::stack::{Options, Stack};
use local::token::Subject;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

/// A browser that has opened the console's link.
struct Browser {
    http: Client,
    origin: String,
    cookie: String,
}

impl Browser {
    async fn open(console: &Console) -> Self {
        let http = client();
        let answer = http.get(console.new_link().unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { http, origin: format!("http://{}", console.address()), cookie }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.origin)).header("cookie", &self.cookie)
    }

    fn put(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.http.put(format!("{}{path}", self.origin)).header("cookie", &self.cookie);
        request.header("origin", &self.origin).header("sec-fetch-site", "same-origin").json(body)
    }
}

fn client() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

/// The status, and the code of the problem.
async fn problem(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

fn operator() -> Subject {
    Subject { sub: "olga".to_owned(), operator: true, ..Subject::default() }
}

async fn console_for(api: &str, token: &str) -> Console {
    Console::start(api.parse().unwrap(), 0, token.parse().unwrap()).await.unwrap()
}

/// A console for an address at which nothing answers.
async fn lonely_console() -> Console {
    console_for("http://127.0.0.1:9", "a.b.c").await
}

#[tokio::test]
async fn a_host_name_that_points_here_is_refused_even_with_the_secret() {
    let console = lonely_console().await;
    let browser = Browser::open(&console).await;
    for host in ["rebound.example", "rebound.example:80", "127.0.0.1", "127.0.0.1:1", "localhost.example"] {
        for path in ["/operator", "/v1/admin/rollout", "/local/config.json"] {
            assert_eq!(
                problem(browser.get(path).header("host", host)).await,
                refused("host_refused"),
                "{host}{path}"
            );
        }
    }
    let port = console.address().port();
    assert_eq!(status(browser.get("/operator").header("host", format!("localhost:{port}"))).await, 200);
    let link = client().get(console.new_link().unwrap()).header("host", "rebound.example");
    assert_eq!(problem(link).await, refused("host_refused"));
}

#[tokio::test]
async fn nothing_is_served_without_the_secret_of_the_run() {
    let console = lonely_console().await;
    let other = Browser::open(&lonely_console().await).await;
    let browser = Browser::open(&console).await;
    let (name, secret) = browser.cookie.split_once('=').unwrap();
    let cookies =
        ["", "console=1", &other.cookie, &format!("{name}={}", &secret[1..]), &format!("x={secret}")];
    for path in ["/", "/operator", "/operator/app.js", "/local/config.json", "/v1/admin/rollout", "/nothing"]
    {
        for cookie in cookies {
            let request = client().get(format!("{}{path}", browser.origin)).header("cookie", cookie);
            assert_eq!(problem(request).await, refused("link_needed"), "{path} {cookie}");
        }
    }
    assert_eq!(status(browser.get("/operator")).await, 200);
    assert_eq!(status(browser.get("/operator").header("cookie", "theme=dark")).await, 200);
}

#[tokio::test]
async fn a_link_opens_once_and_a_new_one_ends_it() {
    let console = lonely_console().await;
    let first = console.new_link().unwrap();
    let second = console.new_link().unwrap();
    assert_eq!(problem(client().get(&first)).await, refused("link_used"));
    assert_eq!(problem(client().post(&second)).await, refused("link_used"));
    assert_eq!(status(client().get(&second)).await, 200);
    assert_eq!(problem(client().get(&second)).await, refused("link_used"));
    let empty = format!("http://{}/open?key=", console.address());
    assert_eq!(problem(client().get(empty)).await, refused("link_used"));
}

#[tokio::test]
async fn a_page_of_another_port_cannot_use_the_cookie() {
    let console = lonely_console().await;
    let browser = Browser::open(&console).await;
    let change =
        || browser.http.put(format!("{}/v1/admin/rollout", browser.origin)).header("cookie", &browser.cookie);
    let elsewhere = change().header("origin", "http://127.0.0.1:3000");
    assert_eq!(problem(elsewhere).await, refused("origin_refused"));
    for site in ["same-site", "cross-site"] {
        assert_eq!(
            problem(change().header("sec-fetch-site", site)).await,
            refused("origin_refused"),
            "{site}"
        );
    }
    let answer = browser.get("/operator").send().await.unwrap();
    assert_eq!(answer.headers()["content-security-policy"], "frame-ancestors 'none'");
    assert_eq!(answer.headers().get("access-control-allow-origin"), None);
}

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
    let (told, answer) = tokio::join!(console.token_refused(), problem(browser.get("/v1/admin/rollout")));
    assert_eq!((told, answer), ((), (401, "operator_token_refused".to_owned())));
    console.set_token(stack.token(&operator()).parse().unwrap());
    assert_eq!(status(browser.get("/v1/admin/rollout")).await, 200);
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

/// The binary, killed when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local"));
    command.arg("console").args(arguments).env_remove("OPERATOR_TOKEN");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn the_command_takes_the_token_from_standard_input_and_prints_links_but_no_token() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let token = stack.token(&operator());
    let mut running = Running(command(&["--api", &stack.endpoints().api]).spawn().unwrap());
    let mut input = running.0.stdin.take().unwrap();
    let mut output = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut link = || loop {
        let line = output.next().unwrap().unwrap();
        assert!(!line.contains(&token));
        if let Some(link) = line.trim().strip_prefix("open ") {
            return link.to_owned();
        }
    };
    writeln!(input, "{token}").unwrap();
    let first = link();
    writeln!(input).unwrap();
    let second = link();
    assert_ne!(first, second);
    let opened = client().get(&second).send().await.unwrap();
    let cookie = opened.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let origin = second.split("/open").next().unwrap();
    let rollout = client().get(format!("{origin}/v1/admin/rollout")).header("cookie", cookie);
    assert_eq!(status(rollout).await, 200);
    running.0.kill().unwrap();
    let mut told = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("Paste an operator's access token") && !told.contains(&token), "{told}");
}

#[test]
fn the_command_says_what_is_wrong_with_its_address_or_token() {
    for (arguments, token, expected) in [
        (["--api", "http://api.example.com"], "a.b.c", "without encryption"),
        (["--api", "api.example.com"], "a.b.c", "is not the address of a deployment"),
        (["--api", "https://api.example.com"], "two words", "this is no access token"),
        (
            ["--api", "https://api.example.com"],
            "",
            "no token: give an operator's access token in OPERATOR_TOKEN",
        ),
    ] {
        let child = command(&arguments).env("OPERATOR_TOKEN", token).stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8(child.stderr).unwrap();
        assert!(!child.status.success() && told.contains(expected), "{arguments:?}: {told}");
    }
}
