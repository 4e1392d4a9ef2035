//! How many requests to DynamoDB and Stripe each path makes: each is latency and money.

use black_box::Service::{DynamoDb, Stripe};
use black_box::{Breakable, Hops, Service, order, ten_dollars, text};
use serde_json::{Value, json};

/// Requests to DynamoDB and to Stripe since the last call.
fn requests(hops: &Hops) -> (usize, usize) {
    let made = hops.made();
    let to = |service: Service| made.iter().filter(|hop| **hop == service).count();
    (to(DynamoDb), to(Stripe))
}

#[tokio::test]
async fn a_payment_costs_three_requests_of_dynamodb_and_one_of_stripe_and_a_replay_one_of_each() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    sam.created("k").await;
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, Stripe, DynamoDb]);
    sam.created("k").await;
    assert_eq!(requests(&stack.create), (1, 1));
}

#[tokio::test]
async fn a_refusal_and_a_quote_cost_one_request_of_dynamodb() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    assert_eq!(sam.post("/v1/quotes", ten_dollars()).await.status, 200);
    assert_eq!(requests(&stack.create), (1, 0));
    assert_eq!(sam.pay("k", order("bo", 1_000)).await.problem(), (403, "creator_not_receiving"));
    assert_eq!(requests(&stack.create), (1, 0));
}

#[tokio::test]
async fn the_replay_of_a_paid_payment_asks_stripe_nothing() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    let payment = sam.created("k").await;
    assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
    stack.app.deliver_events_of(&payment).await;
    stack.create.made();
    assert_eq!(sam.created("k").await["status"], "succeeded");
    assert_eq!(requests(&stack.create), (1, 0));
}

#[tokio::test]
async fn an_event_of_an_intent_costs_two_requests_of_dynamodb_and_its_duplicate_one() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
    let events = stack.app.events_of(&payment).await;
    let paid = events.iter().find(|event| event["type"] == "payment_intent.succeeded").expect("paid");
    assert_eq!(stack.app.deliver(paid.to_string()).await.status, 200);
    assert_eq!(stack.webhook.made(), [DynamoDb, DynamoDb]);
    assert_eq!(stack.app.deliver(paid.to_string()).await.status, 200);
    assert_eq!(stack.webhook.made(), [DynamoDb]);
}

#[tokio::test]
async fn a_forged_event_costs_nothing_and_a_foreign_one_a_look_at_its_intent() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    let mut event = stack.app.events_of(&payment).await.remove(0);
    let forged = stack.app.deliver_signed(event.to_string().into_bytes(), "t=1,v1=00").await;
    assert_eq!(forged.problem(), (400, "invalid_signature"));
    assert_eq!(stack.webhook.made(), []);
    event["data"]["object"]["metadata"] = json!({});
    event["data"]["object"]["id"] = json!("pi_foreign");
    assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
    assert_eq!(stack.webhook.made(), [DynamoDb]);
}

#[tokio::test]
async fn the_terms_of_a_profile_cost_one_request_of_dynamodb() {
    let stack = Breakable::start().await;
    assert_eq!(stack.app.user("sam").get("/v1/creators/ana").await.status, 200);
    assert_eq!(stack.history.made(), [DynamoDb]);
}

#[tokio::test]
async fn with_10_000_creators_in_20_waves_a_profile_costs_one_request_and_a_payment_what_it_did() {
    let stack = Breakable::start_without_stream().await;
    let op = stack.app.operator();
    let waves: Vec<String> = (0..20).map(|n| format!("wave-{n:02}-{}", "x".repeat(24))).collect();
    let halt = json!({"dispute_rate_ppm": 10_000, "failure_rate_ppm": 300_000, "min_payments": 1_000_000});
    for wave in &waves {
        let edit = json!({
            "add": ["bo"], "percentage": 1, "starts_at": "2999-01-01T00:00:00Z", "halt": halt, "reason": "x",
        });
        assert_eq!(op.put_wave(wave, edit).await.status, 200);
    }
    // The last wave has started; each lists five hundred more creators.
    stack.app.ready_creator("dee").await;
    let open = json!({"add": ["dee"], "starts_at": "2020-01-01T00:00:00Z", "reason": "x"});
    assert_eq!(op.put_wave(&waves[19], open).await.status, 200);
    let bo = stack.app.items("CREATOR#bo").await.remove(0).to_string();
    assert!(waves.iter().all(|wave| bo.contains(wave)), "bo is on every list: {bo}");
    let dee = stack.app.items("CREATOR#dee").await.remove(0).to_string();
    let alike = |n: usize| {
        let id = format!("creator-{n}");
        let alike = dee.replace("\"dee\"", &format!("\"{id}\"")).replace("#dee\"", &format!("#{id}\""));
        serde_json::from_str::<Value>(&alike.replace(&waves[19], &waves[n % 20])).expect("an item")
    };
    stack.app.put_all(&(0..10_000).map(alike).collect::<Vec<_>>()).await;

    let sam = stack.app.user("sam");
    stack.history.made();
    for creator in ["bo", "creator-19", "creator-9999"] {
        let profile = sam.get(&format!("/v1/creators/{creator}")).await;
        assert_eq!((profile.status, &profile.body["can_receive"]), (200, &json!(true)), "{profile:?}");
        assert_eq!(stack.history.made(), [DynamoDb]);
        let explained = op.explained(creator).await;
        assert_eq!(explained["admitted_by"], json!({"by": "wave", "wave": waves[19]}));
    }
    stack.create.made();
    assert_eq!(sam.pay("k", order("creator-9999", 1_000)).await.status, 201);
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, Stripe, DynamoDb]);
}

/// Delivers each new event twice. The most requests of one delivery: to DynamoDB for the first and for its duplicate,
/// and to Stripe.
async fn costs(stack: &Breakable, earlier: &[Value], until: &str) -> (usize, usize, usize) {
    let events = black_box::eventually(until, async || {
        let events: Vec<_> =
            stack.app.events().await.into_iter().filter(|event| !earlier.contains(event)).collect();
        has(&events, until).then_some(events)
    })
    .await;
    let mut most = (0, 0, 0);
    for event in events {
        assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
        let (first, asked) = requests(&stack.webhook);
        assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
        let (duplicate, asked_again) = requests(&stack.webhook);
        most = (most.0.max(first), most.1.max(duplicate), most.2.max(asked.max(asked_again)));
    }
    most
}

fn has(events: &[Value], kind: &str) -> bool {
    events.iter().any(|event| event["type"] == kind)
}

#[tokio::test]
async fn a_refund_costs_five_requests_of_dynamodb_and_two_of_stripe_and_its_events_three_of_dynamodb_at_most()
{
    let stack = Breakable::start().await;
    let payment = stack.paid("sam").await;
    stack.webhook.made();
    let earlier = stack.app.events().await;
    let refund = stack.app.user("sam").refund(&payment, "r", json!({"amount": 400})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    let (table, stripe) = requests(&stack.refund);
    assert!(table <= 5 && stripe == 2, "{table} and {stripe}");
    assert_eq!(stack.app.user("sam").refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    assert_eq!(requests(&stack.refund), (1, 0));
    let most = costs(&stack, &earlier, "transfer.reversed").await;
    assert!(most.0 <= 3 && most.1 <= 2 && most.2 == 0, "{most:?}");
}

#[tokio::test]
async fn a_refund_from_the_dashboard_costs_three_requests_before_its_share_is_reversed() {
    let stack = Breakable::start().await;
    let payment = stack.paid("sam").await;
    stack.webhook.made();
    let earlier = stack.app.events().await;
    let intent = text(&payment, "stripe_payment_intent_id");
    let form = [("payment_intent", intent), ("amount", "500")];
    assert_eq!(stack.app.stripe(reqwest::Method::POST, "/v1/refunds", &form).await.status, 200);
    let events: Vec<_> =
        stack.app.events().await.into_iter().filter(|event| !earlier.contains(event)).collect();
    one_event_reverses_the_share(&stack, events).await;
}

/// Delivers events, of which one reverses the creator's share, after at most three requests to DynamoDB.
async fn one_event_reverses_the_share(stack: &Breakable, events: Vec<Value>) {
    let mut reversing = Vec::new();
    for event in events {
        stack.webhook.made();
        assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
        let made = stack.webhook.made();
        let before_stripe = made.iter().take_while(|hop| **hop == DynamoDb).count();
        assert!(before_stripe <= 3, "{}: {made:?}", event["type"]);
        reversing.extend(made.contains(&Stripe).then_some(made));
    }
    assert_eq!(reversing, [[DynamoDb, DynamoDb, DynamoDb, Stripe, DynamoDb]]);
}

#[tokio::test]
async fn a_dispute_costs_three_requests_before_its_share_is_reversed() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    assert_eq!(stack.app.confirm(&payment, "pm_card_createDispute").await.status, 200);
    let withdrawn = async || {
        let events = stack.app.events().await;
        has(&events, "charge.dispute.funds_withdrawn").then_some(events)
    };
    let events = black_box::eventually("disputed", withdrawn).await;
    one_event_reverses_the_share(&stack, events).await;
}

#[tokio::test]
async fn a_creators_settings_cost_one_request_of_dynamodb_and_each_change_two() {
    let stack = Breakable::start().await;
    let ana = stack.app.user("ana");
    let (settings, block) = ("/v1/creators/ana/settings", "/v1/creators/ana/blocks/sam");
    assert_eq!(ana.get(settings).await.status, 200);
    assert_eq!(requests(&stack.onboarding), (1, 0));
    assert_eq!(ana.put(settings, json!({"min_amount": 300})).await.status, 200);
    assert_eq!(requests(&stack.onboarding), (2, 0));
    for expected in [2, 1] {
        assert_eq!(ana.put(block, json!({})).await.status, 204);
        assert_eq!(requests(&stack.onboarding), (expected, 0));
    }
}
