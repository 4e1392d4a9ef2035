//! The console: whom it answers, and what it sends to a deployment, for which a stack stands.

mod access;
mod command;
mod forwarding;

use local::console::Console;
use local::token::Subject;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

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
