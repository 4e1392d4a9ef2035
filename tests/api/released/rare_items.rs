//! Items, and fields of items, that the golden flows leave out.

use super::rare_states::risky;
use black_box::{App, eventually, text};
use serde_json::{Value, json};

pub(super) async fn rare_items() -> Vec<Value> {
    let app = App::start().await;
    waves(&app).await;
    paid(&app).await;
    risky(&app).await;
    payouts(&app).await;
    senders(&app).await;
    receivers(&app).await;
    counted(&app).await
}

/// The table once the counts have followed.
async fn counted(app: &App) -> Vec<Value> {
    eventually("counts of every kind", async || {
        let items = app.table_with_counts().await;
        let has = |kind: &str| items.iter().any(|item| item["type"]["S"] == kind);
        ["mark", "totals", "wave_count", "first_payment"].into_iter().all(has).then_some(items)
    })
    .await
}

async fn waves(app: &App) {
    let op = app.operator();
    let halt = json!({"dispute_rate_ppm": 10_000, "failure_rate_ppm": 300_000, "min_payments": 50});
    let wave = json!({"add": ["bo"], "deny": ["eve"], "percentage": 10, "halt": halt,
        "starts_at": "2026-01-01T00:00:00Z", "reason": "First test group"});
    assert_eq!(op.put_wave("first-wave", wave).await.status, 200);
    app.halt("first-wave").await;
    assert_eq!(op.resume("first-wave").await.status, 200);
    assert_eq!(op.put_wave("second-wave", json!({"add": ["cy"], "reason": "x"})).await.status, 200);
    assert_eq!(op.roll_back("second-wave").await.status, 200);
    let rollout = json!({"percentage": 10, "reason": "A tenth"});
    assert_eq!(op.put("/v1/admin/rollout", rollout).await.status, 200);
}

/// A payment that a wave allowed, with all that a sender can say.
async fn paid(app: &App) {
    let order = json!({"creator_id": "bo", "amount": 1_000, "currency": "usd", "message": "Thank you",
        "context": "room/7", "saved_cards": "web"});
    let sam = app.user_with_email("sam", "sam@example.com");
    let payment = sam.pay("k", order).await.body;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    app.deliver_events_of(&payment).await;
    let opinion = json!({"rating": 4, "text": "Quick", "payment_id": payment["payment_id"]});
    assert_eq!(sam.post("/v1/feedback", opinion).await.status, 201);
    let refund = sam.refund(&payment, "r", json!({"amount": 100, "reason": "Too much"})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
}

async fn payouts(app: &App) {
    app.pay_out("bo", 400).await;
    let payouts = app.user("bo").get("/v1/creators/bo/payouts").await.body;
    let payout = text(&payouts["items"][0], "stripe_payout_id");
    app.complete_payout(payout).await;
    app.fail_payout(payout, "account_closed").await;
    app.deliver_all().await;
}

async fn senders(app: &App) {
    let held = json!({"hold": true, "reason": "Sends with many cards"});
    assert_eq!(app.operator().put("/v1/admin/senders/kim", held).await.status, 200);
}

/// Creators with terms of their own, who began, who must tell Stripe more, and whose account is gone.
async fn receivers(app: &App) {
    let terms = json!({"currency": "usd", "min_amount": 300, "presets": [300, 500]});
    assert_eq!(app.user("ana").put("/v1/creators/ana/settings", terms).await.status, 200);
    for (creator, actions) in
        [("dee", &["ask_details"][..]), ("eli", &["ask_details", "restrict"]), ("fay", &["deauthorize"])]
    {
        let link = app.user(creator).start_onboarding(creator).await;
        assert_eq!(link.status, 200, "{link:?}");
        app.onboard(&link.body, "finish").await;
        app.deliver_all().await;
        let account = app.accounts_of(creator).await.remove(0);
        for action in actions {
            app.change_account(&account, action).await;
            app.deliver_all().await;
            app.user(creator).get(&format!("/v1/creators/{creator}/settings")).await;
        }
    }
    assert_eq!(app.user("gus").start_onboarding("gus").await.status, 200);
    app.reconciled().await;
}
