//! Limits on how often and how much a sender may send.

use black_box::{Answer, App, Breakable, order, ten_dollars};
use futures_util::future::join_all;
use local::stack::Options;
use payments::{ScopeLimits, SenderLimits};
use reqwest::Method;
use serde_json::{Value, json};

fn limits(sender: &str, sender_and_creator: &str, address: &str) -> SenderLimits {
    let scope = |text| ScopeLimits::parse(text).expect("limits");
    SenderLimits {
        sender: scope(sender),
        sender_and_creator: scope(sender_and_creator),
        address: scope(address),
    }
}

/// A stack at the beginning of an hour, so that no limit resets during a test.
async fn limited(limits: SenderLimits) -> Breakable {
    let stack = Breakable::start_with_limits(limits).await;
    let now = stack.now();
    stack.pass_seconds(now.next_hour().seconds() - now.seconds());
    stack
}

/// How long a refusal holds, in seconds: the header and the body agree.
fn retry_after_s(refused: &Answer) -> i64 {
    assert_eq!((refused.problem(), refused.reasons()), ((429, "sender_limit"), vec!["sender_limit"]));
    let seconds = refused.body["retry_after_s"].as_i64().expect("seconds");
    assert_eq!(refused.retry_after, Some(seconds.to_string()));
    seconds
}

#[tokio::test]
async fn a_sender_who_reached_the_hours_limit_is_told_when_to_come_again_and_may_then() {
    let stack = limited(limits("hour=2", "", "")).await;
    let sam = stack.app.user("sam");
    sam.created("a").await;
    sam.created("b").await;
    let refused = sam.pay("c", ten_dollars()).await;
    let seconds = retry_after_s(&refused);
    assert!((3_000..=3_600).contains(&seconds), "{seconds}");

    // The quote and the profile are limited, too; an earlier payment can still be repeated.
    assert_eq!(sam.post("/v1/quotes", ten_dollars()).await.problem(), (429, "sender_limit"));
    let profile = sam.get("/v1/creators/ana").await;
    assert_eq!((&profile.body["can_receive"], profile.reasons()), (&json!(false), vec!["sender_limit"]));
    assert_eq!(stack.app.user("sue").get("/v1/creators/ana").await.body["can_receive"], true);
    sam.created("b").await;

    stack.pass_seconds(seconds);
    sam.created("c").await;
}

#[tokio::test]
async fn a_refusal_for_a_limit_asks_stripe_nothing_and_costs_one_request_of_dynamodb() {
    let stack = limited(limits("day=1", "", "")).await;
    let sam = stack.app.user("sam");
    sam.created("a").await;
    stack.create.made();
    assert_eq!(sam.pay("b", ten_dollars()).await.problem(), (429, "sender_limit"));
    assert_eq!(stack.create.made(), [black_box::Service::DynamoDb]);
    assert_eq!(stack.app.intents().await.len(), 1);
}

#[tokio::test]
async fn simultaneous_payments_never_pass_a_limit_and_repeats_are_counted_once() {
    let stack = limited(limits("hour=3", "", "")).await;
    let sam = stack.app.user("sam");
    // Ten payments at once, each asked for twice.
    let keys: Vec<String> = (0..20).map(|n| format!("key-{}", n / 2)).collect();
    let answers = join_all(keys.iter().map(|key| sam.pay(key, ten_dollars()))).await;
    let mut created: Vec<&Value> = Vec::new();
    for answer in &answers {
        match answer.status {
            201 => created.push(&answer.body["payment_id"]),
            409 => assert_eq!(answer.problem().1, "request_in_progress"),
            _ => assert!(retry_after_s(answer) <= 3_600),
        }
    }
    created.sort_by_key(ToString::to_string);
    created.dedup();
    assert_eq!((created.len(), stack.app.intents().await.len()), (3, 3));
}

#[tokio::test]
async fn a_day_s_amount_and_a_creator_s_share_of_it_are_limited_to_the_cent() {
    let stack = limited(limits("usd=3000", "usd=2000", "")).await;
    stack.app.operator().set_receiving("bo", "enabled").await;
    let sam = stack.app.user("sam");
    assert_eq!(sam.pay("a", order("ana", 1_500)).await.status, 201);
    assert_eq!(sam.pay("b", order("ana", 501)).await.problem(), (429, "sender_limit"));
    assert_eq!(sam.pay("b", order("ana", 500)).await.status, 201);
    assert_eq!(sam.pay("c", order("bo", 1_001)).await.problem(), (429, "sender_limit"));
    assert_eq!(sam.pay("c", order("bo", 1_000)).await.status, 201);
    assert_eq!(sam.pay("d", order("bo", 50)).await.problem(), (429, "sender_limit"));
}

#[tokio::test]
async fn senders_of_one_address_share_its_limit_and_no_address_is_stored() {
    let stack = limited(limits("", "", "day=2")).await;
    stack.app.user("sam").created("a").await;
    stack.app.user("sue").created("a").await;
    let tom = stack.app.user("tom");
    assert_eq!(tom.pay("a", ten_dollars()).await.problem(), (429, "sender_limit"));
    assert_eq!(tom.post("/v1/quotes", ten_dollars()).await.problem(), (429, "sender_limit"));
    let stored = serde_json::to_string(&stack.app.table().await).expect("JSON");
    assert!(stored.contains("ADDRESS#adr_") && !stored.contains("127.0.0.1"));
}

#[tokio::test]
async fn a_limit_yields_to_what_keeps_the_creator_from_receiving_and_comes_after_other_faults() {
    let stack = limited(limits("day=1", "", "")).await;
    let sam = stack.app.user("sam");
    sam.created("a").await;
    let not_receiving = sam.pay("b", order("cy", 1_000)).await;
    assert_eq!(not_receiving.problem(), (403, "creator_not_receiving"));
    assert_eq!(not_receiving.reasons(), ["no_account", "sender_limit"]);
    let too_little = sam.pay("c", order("ana", 1)).await;
    assert_eq!(too_little.problem(), (422, "amount_below_minimum"));
    assert_eq!(too_little.reasons(), ["amount_below_minimum", "sender_limit"]);
}

#[tokio::test]
async fn the_local_stack_takes_limits_and_sets_none_by_address() {
    let options = Options { sender_limits: "day=1".into(), ..Options::default() };
    assert_eq!(options.address_limits, "");
    let app = App::start_with(options).await;
    app.user("sam").created("a").await;
    assert_eq!(app.user("sam").pay("b", ten_dollars()).await.problem(), (429, "sender_limit"));
    app.user("sue").created("a").await;
}

#[tokio::test]
async fn behind_a_cdn_the_senders_own_address_counts_and_nobody_else_can_name_one() {
    let secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:cdn";
    let parameters = [("ClientAddressHeader", "CloudFront-Viewer-Address"), ("CdnSecretArn", secret)];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let app =
        App::start_with(Options { address_limits: "day=1".into(), parameters, ..Options::default() }).await;
    let pay = async |sender: &str, address: Option<&str>, secret: Option<&str>| {
        let headers = [("cloudfront-viewer-address", address), ("x-cdn-secret", secret)];
        let mut request =
            app.user(sender).request(Method::POST, "/v1/payments").header("idempotency-key", "k");
        for (name, value) in headers.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            request = request.header(name, value);
        }
        Answer::to(request.json(&ten_dollars())).await.status
    };
    let by_cdn = Some("cdn_local");
    assert_eq!(pay("sam", Some("198.51.100.1:1000"), by_cdn).await, 201);
    assert_eq!(pay("sue", Some("198.51.100.2:1000"), by_cdn).await, 201);
    assert_eq!(pay("tom", Some("198.51.100.1:2000"), by_cdn).await, 429);
    // Whoever does not know the secret has the address that the gateway sees, whatever they write.
    assert_eq!(pay("una", Some("198.51.100.3:1"), Some("cdn")).await, 201);
    assert_eq!(pay("vic", Some("198.51.100.4:1"), None).await, 429);
    assert_eq!(pay("wim", None, by_cdn).await, 429);
}
