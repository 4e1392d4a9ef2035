//! Whom a console answers: the browser that opened its link, under its own name.

use super::{Browser, client, lonely_console, problem, refused, status};

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
