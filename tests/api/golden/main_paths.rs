//! Payments, refunds, disputes, accounts and reconciliations as they go and as they fail: whatever asks Stripe, and whatever
//! is logged.

use super::items::Shapes;
use super::{logs, stripe_requests, without_what_varies};
use black_box::{
    Answer, App, Breakable, Fault, Hops, Logged, Service, eventually, listen_to_logs, logged, ten_dollars,
    text,
};
use local::stack::Options;
use local::token::Subject;
use payments::STRIPE_V2_KEY_LIFETIME_S;
use reqwest::Method;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;
/// The hop of a creation that asks Stripe: after the read and the row.
const STRIPE: usize = 3;
const ANA: &str = "/v1/admin/creators/ana/eligibility";

#[tokio::test]
async fn stripe_is_asked_and_lines_are_logged_as_before() {
    listen_to_logs();
    let (mut asked, mut items) = (Vec::new(), Shapes::default());
    let stacks = [
        creating().await,
        saving_cards().await,
        closing().await,
        refunding().await,
        disputing().await,
        warning().await,
        onboarding().await,
        delivering().await,
        reconciling().await,
        stopping().await,
        writing_past_the_service().await,
    ];
    for stack in &stacks {
        let requests = stack.all_hops().into_iter().flat_map(Hops::asked_of_stripe);
        asked.extend(
            requests.map(|request| without_what_varies(&stack.app, &stripe_requests::shown(&request))),
        );
        items.add(&stack.app.table().await);
    }
    stripe_requests::hold(&asked);
    logs::hold(&logged());
    let app = App::start().await;
    assert_eq!(app.user("ana").put("/v1/creators/ana/blocks/sam", json!({})).await.status, 204);
    assert_eq!(app.user("sam").post("/v1/feedback", json!({"rating": 5})).await.status, 201);
    items.add(&app.table().await);
    items.hold();
    crate::released::freeze_items(stacks.iter().map(|stack| &stack.app).chain([&app])).await;
}

fn refusal(code: &str) -> Value {
    json!({"error": {"type": "invalid_request_error", "code": code}})
}

async fn paid(app: &App, sender: &str, card: &str) -> Value {
    let payment = app.user(sender).created("paid").await;
    assert_eq!(app.confirm(&payment, card).await.status, 200);
    app.deliver_all().await;
    payment
}

/// Cards are shown on a page and in an app, kept, listed and forgotten; the Customer is deleted, looked up, or cannot be had.
async fn saving_cards() -> Breakable {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let first = sam.pay_with_saved_cards("k1").await.body;
    let card = app.pay_and_save(&first).await;
    let mut mobile = ten_dollars();
    mobile["saved_cards"] = json!("mobile");
    assert_eq!(sam.pay("k2", mobile).await.status, 201);
    assert_eq!(sam.saved_cards().await, std::slice::from_ref(&card));
    assert_eq!(sam.delete(&format!("/v1/payment-methods/{card}")).await.status, 204);
    let customer = format!("/v1/customers/{}", text(&first, "customer_id"));
    assert_eq!(app.stripe(Method::DELETE, &customer, &[]).await.status, 200);
    assert_eq!(sam.pay_with_saved_cards("k3").await.status, 201);
    stack.create.arm(STRIPE, Fault::CrashAfter);
    assert_eq!(app.user("kim").pay_with_saved_cards("k").await.status, 500);
    assert!(stack.create.fired());
    stack.pass_seconds(DAY_S);
    assert_eq!(app.user("kim").pay_with_saved_cards("k").await.status, 201);
    for (sender, path) in [("lea", "/v1/customers"), ("tom", "/v1/customer_sessions")] {
        stack.create.stripe_replies_at(path, 400, &refusal("parameter_unknown"));
        assert_eq!(app.user(sender).pay_with_saved_cards("k").await.status, 201);
        stack.create.stripe_is_back();
    }
    stack
}

/// A payment is created, asked for again, and looked up once its key is forgotten.
async fn creating() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let email = Some("sam@example.com".to_owned());
    let token = app.stack.token(&Subject { sub: "sam".to_owned(), email, ..Subject::default() });
    for _ in 0..2 {
        let request = app.request(Method::POST, "/v1/payments").header("idempotency-key", "k");
        let answer = Answer::to(request.bearer_auth(&token).json(&ten_dollars())).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    assert_eq!(app.user("ana").post("/v1/quotes", ten_dollars()).await.status, 422);
    stack.create.arm(STRIPE, Fault::CrashAfter);
    assert_eq!(app.user("kim").refused("k").await.status, 500);
    assert!(stack.create.fired());
    stack.pass_seconds(DAY_S);
    assert_eq!(app.user("kim").pay("k", ten_dollars()).await.status, 201);
    stack.create.stripe_replies(500, &json!({}));
    assert_eq!(app.user("lea").refused("k").await.status, 503);
    refused(&stack).await;
    stack
}

/// Stripe refuses the receipt's address, the account and the set-up.
async fn refused(stack: &Breakable) {
    let app = &stack.app;
    stack.create.stripe_is_back();
    let without_receipt = app.user_with_email("meg", "meg@example.invalid");
    assert_eq!(without_receipt.pay("k", ten_dollars()).await.status, 201);
    stack.create.stripe_replies(400, &refusal("insufficient_capabilities_for_transfer"));
    assert_eq!(app.user("nia").refused("k").await.status, 403);
    stack.create.stripe_replies(403, &refusal("more_permissions_required"));
    assert_eq!(app.user("ola").refused("k").await.status, 503);
    stack.create.stripe_is_back();
    stack.rotate_stripe_key("sk_live_of_the_other_mode");
    stack.pass_seconds(DAY_S);
    assert_eq!(app.user("pam").refused("k").await.status, 503);
}

/// Intents whose payment is closed are canceled, or left when Stripe fails; so are those that cards are tried on.
async fn closing() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let tried = app.user("tom").created("k").await;
    for _ in 0..5 {
        assert_eq!(app.confirm(&tried, "pm_card_chargeDeclined").await.status, 402);
    }
    app.deliver_all().await;
    app.user("tom").until_status(&tried, "canceled").await;
    for sender in ["sam", "kim"] {
        stack.create.arm(STRIPE, Fault::CrashAfter);
        assert_eq!(app.user(sender).refused("k").await.status, 500);
        assert!(stack.create.fired());
    }
    let disabled = json!({"receiving": "disabled", "reason": "x"});
    assert_eq!(app.operator().put(ANA, disabled).await.status, 200);
    stack.create.made();
    assert_eq!(app.user("sam").refused("k").await.status, 403);
    stack.create.arm(stack.create.made().len(), Fault::Outage);
    assert_eq!(app.user("kim").refused("k").await.status, 403);
    assert!(stack.create.fired());
    stack
}

/// Refunds are made with the share's reversal; refused; and left, to be looked up once their keys are forgotten.
async fn refunding() -> Breakable {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    // Somebody refunds in Stripe's dashboard and lets Stripe reverse the transfer.
    let other = paid(app, "kim", "pm_card_visa").await;
    let refund = [
        ("payment_intent", text(&other, "stripe_payment_intent_id")),
        ("amount", "100"),
        ("reverse_transfer", "true"),
    ];
    assert_eq!(app.stripe(Method::POST, "/v1/refunds", &refund).await.status, 200);
    // The refund is known before its reversal.
    for event in app.events().await.iter().filter(|event| event["data"]["object"]["object"] == "refund") {
        assert_eq!(app.deliver(event.to_string()).await.status, 200, "{event}");
    }
    let payment = paid(app, "sam", "pm_card_visa").await;
    assert_eq!(sam.refund(&payment, "a", json!({"amount": 400})).await.status, 202);
    stack.refund.stripe_replies(400, &refusal("charge_disputed"));
    assert_eq!(sam.refund(&payment, "b", json!({"amount": 100})).await.status, 202);
    stack.refund.stripe_replies(500, &json!({}));
    assert_eq!(sam.refund(&payment, "c", json!({"amount": 100})).await.status, 202);
    stack.pass_seconds(DAY_S);
    app.reconciled().await;
    stack
}

/// Disputes take the share and give it again; both are left, looked up once their keys are forgotten, and refused.
async fn disputing() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    paid(app, "sam", "pm_card_createDispute").await;
    let dispute = eventually("a dispute", async || app.listed("/v1/disputes").await.pop()).await;
    stack.webhook.stripe_replies(400, &refusal("balance_insufficient"));
    app.deliver_all().await;
    stack.webhook.stripe_is_back();
    for _ in 0..3 {
        stack.pass_seconds(DAY_S);
        app.reconciled().await;
    }
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    let evidence = [("evidence[uncategorized_text]", "winning_evidence")];
    assert_eq!(app.stripe(Method::POST, &path, &evidence).await.status, 200);
    let won = async || app.listed("/v1/disputes").await.pop().filter(|dispute| dispute["status"] == "won");
    eventually("the dispute is won", won).await;
    stack.webhook.stripe_replies(500, &json!({}));
    app.deliver_all().await;
    for _ in 0..2 {
        stack.pass_seconds(DAY_S);
        app.reconciled().await;
    }
    stack
}

/// A warned payment is refunded, at first in vain, and a dispute comes near its deadline.
async fn warning() -> Breakable {
    let parameters = vec![("EarlyFraudWarningPolicy".to_owned(), "refund".to_owned())];
    let stack = Breakable::start_as(Options { parameters, ..Options::default() }).await;
    let app = &stack.app;
    let [warned, disputed] = ["sam", "kim"].map(|sender| paid(app, sender, "pm_card_visa"));
    let (warned, disputed) = (warned.await, disputed.await);
    stack.webhook.stripe_replies(500, &json!({}));
    for (what, payment) in [("early_fraud_warnings", &warned), ("disputes", &disputed)] {
        let evidence = format!("/v1/admin/payments/{}/evidence", text(payment, "payment_id"));
        let known = app.operator().get(&evidence).await.body;
        let charge = [("charge", text(&known, "stripe_charge_id"))];
        assert_eq!(app.stripe(Method::POST, &format!("/stand_in/{what}"), &charge).await.status, 200);
        app.deliver_all().await;
    }
    stack.webhook.stripe_is_back();
    stack.pass_seconds(8 * DAY_S);
    app.reconciled().await;
    stack
}

/// Accounts are opened, refused, looked up once their key is forgotten, and looked at.
async fn onboarding() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    assert_eq!(app.user("dee").start_onboarding("dee").await.status, 200);
    stack.onboarding.stripe_replies(400, &refusal("country_unsupported"));
    assert_eq!(app.user("eli").start_onboarding("eli").await.status, 422);
    stack.onboarding.stripe_replies(500, &json!({}));
    assert_eq!(app.user("fay").start_onboarding("fay").await.status, 503);
    assert_eq!(app.user("dee").onboarding_state("dee").await, "unfinished");
    stack.onboarding.stripe_is_back();
    stack.pass_seconds(STRIPE_V2_KEY_LIFETIME_S);
    assert_eq!(app.user("fay").start_onboarding("fay").await.status, 200);
    let anas = app.operator().get(ANA).await.body["stripe_account_id"].clone();
    let enabled = json!({"receiving": "enabled", "reason": "x", "stripe_account_id": anas});
    stack.eligibility.made();
    assert_eq!(app.operator().put(ANA, enabled.clone()).await.status, 200);
    let made = stack.eligibility.made();
    let last = made.iter().rposition(|service| *service == Service::Stripe).expect("it is looked at again");
    stack.eligibility.arm(last + 1, Fault::Outage);
    assert_eq!(app.operator().put(ANA, enabled).await.status, 200);
    assert!(stack.eligibility.fired());
    stack
}

/// Events that cannot be applied, contradict each other, or are of one second; and an intent that names no payment we know.
async fn delivering() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    assert_eq!(app.deliver("not JSON at all").await.status, 200);
    assert_eq!(app.deliver_signed(b"{}".to_vec(), "t=1,v1=00").await.status, 400);
    let payment = app.user("sam").created("k").await;
    let of = async |payment: &Value, id: &str, status: &str| {
        let mut event = app.events_of(payment).await.remove(0);
        event["id"] = json!(id);
        event["type"] = json!(format!("payment_intent.{status}"));
        event["data"]["object"]["status"] = json!(status);
        event["data"]["object"]["amount_received"] = event["data"]["object"]["amount"].clone();
        event.to_string()
    };
    for (id, status) in [("evt_1", "canceled"), ("evt_2", "succeeded")] {
        assert_eq!(app.deliver(of(&payment, id, status).await).await.status, 200);
    }
    let other = app.user("kim").created("k").await;
    stack.webhook.stripe_replies(500, &json!({}));
    for (id, status) in [("evt_3", "requires_action"), ("evt_4", "processing")] {
        assert_eq!(app.deliver(of(&other, id, status).await).await.status, 200);
    }
    stack
}

/// A reconciliation finds what nobody was told, what differs, and what it cannot look at.
async fn reconciling() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    app.reconciled().await;
    stack.pass_seconds(2 * DAY_S);
    app.reconciled().await;
    let payment = app.user("sam").created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    app.deliver_events_of(&payment).await;
    let changed = app.user("kim").created("k").await;
    let intent = format!("/v1/payment_intents/{}", text(&changed, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &intent, &[("transfer_data[amount]", "900")]).await.status, 200);
    app.user("lea").created("k").await;
    stack.pass_seconds(2 * DAY_S);
    app.reconciled().await;
    stack
}

/// Everything is stopped, and what is open is canceled, also when Stripe fails first.
async fn stopping() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    app.user("sam").created("k").await;
    let stopped = json!({"paused": true, "cancel_open": true, "reason": "incident"});
    assert_eq!(app.operator().put("/v1/admin/rollout", stopped).await.status, 200);
    stack.reconcile.stripe_replies(500, &json!({}));
    assert_eq!(app.operator().reconcile().await.status, 503);
    stack.reconcile.stripe_is_back();
    stack.pass_seconds(61);
    app.reconciled().await;
    stack
}

/// Somebody writes past the service: a wave halts, a record is gone, and another cannot be read.
async fn writing_past_the_service() -> Breakable {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let wave = json!({"add": ["bo"], "reason": "First test group"});
    assert_eq!(app.operator().put_wave("test-group", wave).await.status, 200);
    app.halt("test-group").await;
    app.delete(&app.items("AUDIT#wave:test-group").await[0]).await;
    let payment = paid(app, "sam", "pm_card_visa").await;
    let rows = app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await;
    let mut nonsense = rows.into_iter().find(|item| item["SK"]["S"] == "STATE").expect("a row");
    nonsense["PK"]["S"] = "PAYMENT#pay_ffffffffffffffffffffffffffffffff".into();
    nonsense["state"] = json!({"S": "nonsense"});
    app.put(&nonsense).await;
    for message in
        ["halted", "a record that is never to change was changed or removed", "a record is given up"]
    {
        let is_it =
            |logged: &Logged| logged.by == "publish_payment_events" && logged.line["message"] == message;
        eventually(message, async || logged().iter().any(is_it).then_some(())).await;
    }
    eventually("a rebuild that is finished", async || {
        let answer = Answer::to(app.operator().request(Method::POST, "/v1/admin/totals/rebuild")).await;
        (answer.body["finished"] == true).then_some(())
    })
    .await;
    stack
}
