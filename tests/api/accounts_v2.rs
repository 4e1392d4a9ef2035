//! Accounts v2: thin events are looked at and not believed, a creator who comes back is looked at again, and accounts of
//! both APIs live side by side.

use black_box::{App, Breakable, Fault, Service, order, text};
use futures_util::future::join_all;
use local::stack::{Options, Platform};
use payments::ACCOUNT_ATTEMPTS_END_S;
use serde_json::{Value, json};

const SETTINGS: &str = "/v1/creators/dee/settings";

async fn start(app: &App, creator: &str) -> Value {
    let answer = app.user(creator).start_onboarding(creator).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

fn thin(id: &str, event_type: &str, related: Value) -> Value {
    json!({"id": id, "object": "v2.core.event", "type": event_type, "livemode": false,
        "created": "2026-11-23T22:31:40.000Z", "context": null, "reason": null, "related_object": related})
}

fn of_account(account: &str) -> Value {
    json!({"id": account, "type": "v2.core.account", "url": format!("/v2/core/accounts/{account}")})
}

/// What Stripe is asked for and what is written by a delivery.
async fn delivered(stack: &Breakable, event: &Value) -> Vec<Service> {
    stack.webhook.made();
    assert_eq!(stack.app.deliver(event.to_string()).await.status, 200, "{event}");
    stack.webhook.made()
}

#[tokio::test]
async fn what_a_thin_event_says_is_looked_up_and_not_believed() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    app.onboard(&start(app, "dee").await, "finish").await;
    let account = app.accounts_of("dee").await.remove(0);
    assert_eq!(app.stored_state("dee").await, "unfinished");
    let closed = thin("evt_1x", "v2.core.account.closed", of_account(&account));
    delivered(&stack, &closed).await;
    assert_eq!(app.stored_state("dee").await, "ready", "as Stripe shows it");
    let (db, stripe) = (Service::DynamoDb, Service::Stripe);
    assert_eq!(delivered(&stack, &closed).await, [db, db, stripe]);
}

#[tokio::test]
async fn a_thin_event_that_concerns_no_account_of_ours_is_accepted_and_changes_nothing() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let foreign = app.new_account_v2().await;
    let before = app.table().await;
    let destination = json!({"id": "ed_1", "type": "v2.core.event_destination"});
    for (event, asks_stripe) in [
        (thin("evt_1x", "v2.core.event_destination.ping", destination), false),
        (thin("evt_2x", "v2.core.account.updated", of_account(&foreign)), true),
        (thin("evt_3x", "v2.core.account.updated", of_account("acct_unknown")), true),
        (thin("evt_4x", "v2.core.account_person.updated", json!({"id": "person_1"})), false),
        (thin("evt_5x", "v1.billing.meter.no_meter_found", Value::Null), false),
        (thin("not an id", "v9.something.new", json!("text")), false),
        (json!({"object": "v2.core.event"}), false),
    ] {
        let asked = delivered(&stack, &event).await.contains(&Service::Stripe);
        assert_eq!(asked, asks_stripe, "{event}");
    }
    let mut live = thin("evt_6x", "v2.core.account.updated", of_account("acct_1Demoana"));
    live["livemode"] = true.into();
    assert_eq!(delivered(&stack, &live).await, [], "it is of the other mode");
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn a_foreign_account_that_v2_does_not_show_is_not_ours_and_stops_no_sweep() {
    let stack = Breakable::start_as(Options { platform: Platform::AccountsV1, ..Options::default() }).await;
    let app = &stack.app;
    let foreign = app.ready_account("US").await;
    let refused = app.stripe_v2(&format!("/v2/core/accounts/{foreign}")).await;
    assert_eq!(refused.body["error"]["code"], "v1_account_instead_of_v2_account", "{refused:?}");
    let before = app.table().await;
    assert!(
        delivered(&stack, &thin("evt_1x", "v2.core.account.updated", of_account(&foreign)))
            .await
            .contains(&Service::Stripe)
    );
    assert_eq!(app.table().await, before);
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn a_thin_event_without_its_signature_is_refused() {
    let app = App::start().await;
    let body = thin("evt_1x", "v2.core.event_destination.ping", Value::Null).to_string();
    let refused = app.deliver_signed(body.into_bytes(), "t=1,v1=00").await;
    assert_eq!(refused.problem(), (400, "invalid_signature"));
}

#[tokio::test]
async fn a_ping_of_the_event_destination_arrives() {
    let app = App::start().await;
    let ping = app.stripe(reqwest::Method::POST, "/stand_in/event_destinations/ping", &[]).await;
    assert_eq!(ping.status, 200);
    let parked = app.operator().get("/v1/admin/quarantine").await.body;
    assert_eq!(parked["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_ask_stripe_about_an_account_that_is_not_ready_once_a_minute() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let dee = app.user("dee");
    let link = start(app, "dee").await;
    assert_eq!(dee.onboarding_state("dee").await, "unfinished");
    // The creator comes back from Stripe's pages before any event is delivered.
    app.onboard(&link, "finish").await;
    stack.onboarding.made();
    assert_eq!(dee.onboarding_state("dee").await, "unfinished", "Stripe was asked less than a minute ago");
    assert!(!stack.onboarding.made().contains(&Service::Stripe));
    stack.pass_seconds(60);
    join_all((0..6).map(|_| dee.get(SETTINGS))).await;
    let asked = stack.onboarding.made().into_iter().filter(|service| *service == Service::Stripe).count();
    assert_eq!(asked, 2, "once, and once more after the write");
    assert_eq!(dee.onboarding_state("dee").await, "ready");
    stack.pass_seconds(3_600);
    stack.onboarding.made();
    assert_eq!(dee.onboarding_state("dee").await, "ready");
    assert!(!stack.onboarding.made().contains(&Service::Stripe), "a ready account is left to its events");
}

#[tokio::test]
async fn the_settings_show_what_is_stored_when_stripe_does_not_answer() {
    let stack = Breakable::start().await;
    start(&stack.app, "dee").await;
    stack.app.chaos(json!({"respond_500": 1_000_000})).await;
    let settings = stack.app.user("dee").get(SETTINGS).await;
    assert_eq!((settings.status, &settings.body["onboarding"]["state"]), (200, &json!("unfinished")));
}

#[tokio::test]
async fn an_account_is_read_by_the_api_that_made_it() {
    let stack = Breakable::start_between_apis().await;
    let app = &stack.app;
    app.onboard(&start(app, "dee").await, "finish").await;
    app.reconciled().await;
    for (creator, api) in [("ana", "v1"), ("dee", "v2")] {
        let row = app.items(&format!("CREATOR#{creator}")).await.remove(0);
        assert_eq!(row["receiver"]["M"]["account"]["M"]["api"]["S"], api, "{creator}");
        assert_eq!(app.stored_state(creator).await, "ready");
        let account = text(&row["stripe_account_id"], "S").to_owned();
        app.chaos(json!({"drift": 1_000_000})).await;
        app.change_account(&account, "hold_payouts").await;
        app.reconciled().await;
        assert_eq!(app.stored_state(creator).await, "ready_payouts_off", "{creator}, by the sweep");
        app.chaos(json!({})).await;
        app.change_account(&account, "restrict").await;
        let event = app.events_of_account(&account).await.remove(0);
        delivered(&stack, &event).await;
        assert_eq!(app.stored_state(creator).await, "restricted", "{creator}, by {}", event["type"]);
    }
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 200);
    assert_eq!(app.user("ana").start_onboarding("ana").await.status, 200);
}

#[tokio::test]
async fn a_platform_of_v1_goes_from_nothing_to_a_settled_payment() {
    let app = App::start_with(Options { platform: Platform::AccountsV1, ..Options::default() }).await;
    app.operator().set_receiving("dee", "enabled").await;
    app.onboard(&start(&app, "dee").await, "finish").await;
    black_box::eventually("the account's event", async || {
        (app.stored_state("dee").await == "ready").then_some(())
    })
    .await;
    let payment = app.user("sam").pay("k1", order("dee", 1_000)).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    assert_eq!(app.confirm(&payment.body, "pm_card_visa").await.status, 200);
    let path = format!("/v1/payments/{}", text(&payment.body, "payment_id"));
    black_box::eventually("the payment", async || {
        (app.user("sam").get(&path).await.body["status"] == "succeeded").then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_account_gets_the_creators_address_which_is_not_kept() {
    let app = App::start().await;
    for (creator, of_body, sent) in [
        ("dee", json!(null), "dee@token.example.com"),
        ("eli", json!("eli@body.example.com"), "eli@body.example.com"),
    ] {
        let user = app.user_with_email(creator, &format!("{creator}@token.example.com"));
        assert_eq!(user.start_onboarding_with(creator, json!({"email": of_body})).await.status, 200);
        let account = app.accounts_of(creator).await.remove(0);
        let at_stripe = app.stripe_v2(&format!("/v2/core/accounts/{account}")).await;
        assert_eq!(at_stripe.body["contact_email"], sent);
        assert_eq!(at_stripe.body["applied_configurations"], json!(["merchant", "recipient"]));
        let rows = app.items(&format!("CREATOR#{creator}")).await;
        assert!(!json!(rows).to_string().contains("example.com"), "{rows:?}");
    }
}

#[tokio::test]
async fn an_account_is_not_asked_for_without_an_address_and_an_opened_one_needs_none() {
    let stack = Breakable::start().await;
    let (app, dee) = (&stack.app, stack.app.user("dee"));
    let no_address = json!({"email": null});
    stack.onboarding.made();
    let refused = dee.start_onboarding_with("dee", no_address.clone()).await;
    assert_eq!((refused.problem(), &refused.body["field"]), ((422, "email_required"), &json!("email")));
    assert!(!stack.onboarding.made().contains(&Service::Stripe));
    assert_eq!(app.items("CREATOR#dee").await, Vec::<Value>::new(), "no request is stored");
    assert_eq!(dee.start_onboarding("dee").await.status, 200);
    assert_eq!(dee.start_onboarding_with("dee", no_address.clone()).await.status, 200);
    let v1 = App::start_with(Options { platform: Platform::AccountsV1, ..Options::default() }).await;
    assert_eq!(v1.user("dee").start_onboarding_with("dee", no_address).await.status, 200);
}

#[tokio::test]
async fn after_an_address_that_stripe_refuses_another_one_opens_the_account() {
    let app = App::start().await;
    let dee = app.user_with_email("dee", "dee@example.invalid");
    for email in [json!(null), json!("dee@example.localhost")] {
        let refused = dee.start_onboarding_with("dee", json!({"email": email})).await;
        assert_eq!((refused.problem(), &refused.body["field"]), ((422, "email_refused"), &json!("email")));
        let rows = app.items("CREATOR#dee").await;
        assert!(!json!(rows).to_string().contains("dee@example"), "{rows:?}");
    }
    assert_eq!(dee.start_onboarding("dee").await.status, 200);
    let account = app.accounts_of("dee").await.remove(0);
    let at_stripe = app.stripe_v2(&format!("/v2/core/accounts/{account}")).await;
    assert_eq!(at_stripe.body["contact_email"], "dee@example.com");
    let row = app.items("CREATOR#dee").await.remove(0);
    let number = &row["receiver"]["M"]["account_request"]["M"]["number"]["N"];
    assert_eq!(number, "3", "each address is a request of its own");
}

#[tokio::test]
async fn a_request_that_broke_off_keeps_its_address_and_one_that_stripe_refuses_holds_up_no_other() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    // Stripe is never asked: the request is stored with the address.
    for (creator, first, second, status) in [
        ("dee", "dee@one.example.com", json!("dee@two.example.com"), 200),
        ("eli", "eli@example.invalid", json!("eli@two.example.com"), 200),
        ("fay", "fay@one.example.com", json!(null), 200),
        ("gus", "gus@example.invalid", json!(null), 422),
    ] {
        let user = app.user(creator);
        stack.onboarding.arm(3, Fault::CrashBefore);
        assert_eq!(user.start_onboarding_with(creator, json!({"email": first})).await.status, 500);
        let answer = user.start_onboarding_with(creator, json!({"email": second})).await;
        assert_eq!(answer.status, status, "{creator}: {answer:?}");
        if status == 422 {
            assert_eq!(answer.problem(), (422, "email_required"));
            continue;
        }
        let account = app.accounts_of(creator).await.remove(0);
        let at_stripe = app.stripe_v2(&format!("/v2/core/accounts/{account}")).await;
        let sent = if creator == "eli" { second } else { json!(first) };
        assert_eq!(at_stripe.body["contact_email"], sent);
    }
}

#[tokio::test]
async fn a_platform_that_may_not_open_accounts_alerts_its_operator_and_not_the_creator() {
    // v1 replays the refusal under its key, so another one follows; v2 executes the call again.
    for (platform, account_kind, expected) in
        [(Platform::AccountsV2, Some("controller_express"), "2"), (Platform::Inactive, None, "1")]
    {
        let stack = Breakable::start_as(Options { platform, account_kind, ..Options::default() }).await;
        for _ in 0..2 {
            let refused = stack.app.user("dee").start_onboarding("dee").await;
            assert_eq!(refused.problem(), (503, "unavailable"), "{platform}");
            stack.pass_seconds(ACCOUNT_ATTEMPTS_END_S);
        }
        let row = stack.app.items("CREATOR#dee").await.remove(0);
        let number = &row["receiver"]["M"]["account_request"]["M"]["number"]["N"];
        assert_eq!(number, expected, "{platform}");
    }
}

#[tokio::test]
async fn a_key_that_is_refused_keeps_the_request_whose_outcome_is_unknown() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    // Stripe opened the account, the answer is lost, and the secret key is revoked.
    stack.onboarding.arm(3, Fault::CrashAfter);
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 500);
    let opened = app.accounts_of("dee").await;
    let revoked = json!({"error": {"type": "invalid_request_error", "code": "api_key_expired"}});
    stack.onboarding.stripe_replies(401, &revoked);
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 503);
    stack.onboarding.stripe_is_back();
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 200);
    assert_eq!(app.accounts_of("dee").await, opened, "there is no second account");
}

#[tokio::test]
async fn an_account_that_is_gone_before_its_link_is_followed_by_a_new_one() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    // Stripe opened the account, the answer is lost, and the account is disconnected.
    stack.onboarding.arm(3, Fault::CrashAfter);
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 500);
    let gone = app.accounts_of("dee").await.remove(0);
    app.change_account(&gone, "deauthorize").await;
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 200);
    let accounts = app.accounts_of("dee").await;
    assert!(accounts.len() == 1 && accounts[0] != gone, "{accounts:?}");
}
