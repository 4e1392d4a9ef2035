//! The creator's money goes to their bank: what Stripe pays out, why a payout failed, and the way into the dashboard.

use black_box::{Answer, App, ten_dollars, text};
use local::stack::{Options, Platform};
use reqwest::Method;
use serde_json::{Value, json};

const PAYOUTS: &str = "/v1/creators/ana/payouts";
const LINK: &str = "/v1/creators/ana/dashboard-link";

/// An app in which Ana has received $10.00.
async fn with_money(platform: Platform) -> App {
    let app = App::start_with(Options { platform, ..Options::default() }).await;
    let sam = app.user("sam");
    let payment = sam.pay("k", ten_dollars()).await.body;
    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    app
}

#[tokio::test]
async fn a_creator_sees_their_payouts_newest_first_and_why_one_failed() {
    let app = with_money(Platform::AccountsV2).await;
    let ana = app.user("ana");
    assert_eq!(ana.get(PAYOUTS).await.body, json!({"items": [], "next_cursor": null}));
    app.pay_out("ana", 300).await;
    app.pay_out("ana", 200).await;
    let payouts = ana.get(PAYOUTS).await.body;
    let amounts: Vec<_> =
        payouts["items"].as_array().expect("items").iter().map(|it| &it["amount"]).collect();
    assert_eq!(amounts, [200, 300]);
    assert_eq!(
        (&payouts["items"][0]["status"], &payouts["items"][0]["failure"]),
        (&json!("pending"), &json!(null))
    );

    app.fail_payout(text(&payouts["items"][0], "stripe_payout_id"), "no_account").await;
    let failed = ana.get(PAYOUTS).await.body["items"][0].clone();
    assert_eq!((&failed["status"], &failed["failure"]["code"]), (&json!("failed"), &json!("no_account")));
    assert!(text(&failed["failure"], "message").contains("no account with these details"), "{failed}");
    assert_eq!(ana.get(&format!("{PAYOUTS}?limit=1")).await.body["items"][0], failed);
}

#[tokio::test]
async fn payouts_come_in_pages_and_a_cursor_of_another_list_is_refused() {
    let app = with_money(Platform::AccountsV2).await;
    let ana = app.user("ana");
    for amount in [300, 200, 100] {
        app.pay_out("ana", amount).await;
    }
    let first = ana.get(&format!("{PAYOUTS}?limit=2")).await.body;
    let next = ana.get(&format!("{PAYOUTS}?limit=2&cursor={}", text(&first, "next_cursor"))).await.body;
    assert_eq!((&next["items"][0]["amount"], &next["next_cursor"]), (&json!(300), &json!(null)));
    for other in ["po_unknown", "pi_1", "x"] {
        let refused = ana.get(&format!("{PAYOUTS}?cursor={other}")).await;
        assert_eq!((refused.problem(), &refused.body["field"]), ((400, "invalid_request"), &json!("cursor")));
    }
    assert_eq!(ana.get(&format!("{PAYOUTS}?limit=0")).await.problem(), (400, "invalid_request"));
}

#[tokio::test]
async fn only_the_creator_sees_their_payouts_and_opens_their_dashboard() {
    let app = with_money(Platform::AccountsV2).await;
    for other in [app.user("bo"), app.operator()] {
        assert_eq!(other.get(PAYOUTS).await.problem(), (404, "not_found"));
        assert_eq!(other.open_dashboard("ana").await.problem(), (404, "not_found"));
    }
    for (method, path) in [(Method::GET, PAYOUTS), (Method::POST, LINK)] {
        assert_eq!(Answer::to(app.request(method, path)).await.status, 401);
    }
}

async fn opened(link: &Answer) -> String {
    assert_eq!(link.status, 200, "{link:?}");
    let page = reqwest::get(text(&link.body, "url")).await.expect("an answer");
    assert_eq!(page.status(), 200);
    page.text().await.expect("a page")
}

#[tokio::test]
async fn an_account_of_v1_has_a_login_link_to_its_dashboard() {
    let app = with_money(Platform::AccountsV1).await;
    let ana = app.user("ana");
    let link = ana.open_dashboard("ana").await;
    assert_eq!(link.body["expires_at"], Value::Null);
    assert!(opened(&link).await.contains("1000 usd"));
    assert_ne!(ana.open_dashboard("ana").await.body["url"], link.body["url"], "each works once");
}

#[tokio::test]
async fn an_account_of_v2_has_a_link_once_the_onboarding_is_finished() {
    let app = App::start().await;
    let dee = app.user("dee");
    assert_eq!(dee.open_dashboard("dee").await.problem(), (409, "no_dashboard"), "no account yet");
    let onboarding = dee.start_onboarding("dee").await.body;
    assert_eq!(dee.open_dashboard("dee").await.problem(), (409, "no_dashboard"), "not onboarded yet");
    app.onboard(&onboarding, "finish").await;
    let link = dee.open_dashboard("dee").await;
    assert!(link.body["expires_at"].is_string(), "{link:?}");
    assert!(opened(&link).await.contains("Dashboard"));
}

#[tokio::test]
async fn an_account_without_a_dashboard_of_stripes_has_no_link() {
    for kind in ["controller_none", "type_custom"] {
        let options =
            Options { platform: Platform::AccountsV1, account_kind: Some(kind), ..Options::default() };
        let app = App::start_with(options).await;
        let dee = app.user("dee");
        let onboarding = dee.start_onboarding("dee").await.body;
        app.onboard(&onboarding, "finish").await;
        let refused = dee.open_dashboard("dee").await;
        assert_eq!(refused.problem(), (409, "no_dashboard"), "{kind}");
    }
}

#[tokio::test]
async fn a_disconnected_account_shows_no_payouts_and_no_dashboard() {
    let app = with_money(Platform::AccountsV2).await;
    let ana = app.user("ana");
    let account = text(&app.operator().explained("ana").await, "stripe_account_id").to_owned();
    app.change_account(&account, "deauthorize").await;
    assert_eq!(ana.get(PAYOUTS).await.problem(), (409, "account_disconnected"));
    assert_eq!(ana.open_dashboard("ana").await.problem(), (409, "account_disconnected"));
}

#[tokio::test]
async fn a_dashboard_link_leads_back_to_pages_of_the_app_alone() {
    let app = App::start().await;
    let foreign = json!({"refresh_url": "https://elsewhere.example/"});
    let refused = app.user("ana").post(LINK, foreign).await;
    assert_eq!(
        (refused.problem(), &refused.body["field"]),
        ((422, "url_not_allowed"), &json!("refresh_url"))
    );
}

#[tokio::test]
async fn a_payout_that_arrives_and_then_fails_is_recorded_once_for_each() {
    let app = with_money(Platform::AccountsV2).await;
    app.pay_out("ana", 300).await;
    let payouts = app.user("ana").get(PAYOUTS).await.body;
    let payout = text(&payouts["items"][0], "stripe_payout_id").to_owned();
    app.complete_payout(&payout).await;
    app.fail_payout(&payout, "declined").await;
    for _ in 0..2 {
        app.deliver_all().await;
    }
    let items = app.items("CREATOR#ana").await;
    let recorded: Vec<&str> =
        items.iter().map(|item| text(&item["SK"], "S")).filter(|key| key.starts_with("PAYOUT#")).collect();
    assert_eq!(recorded, [format!("PAYOUT#{payout}#failed"), format!("PAYOUT#{payout}#paid")]);
}

#[tokio::test]
async fn a_payout_of_an_account_that_is_no_creators_is_not_ours() {
    let app = App::start().await;
    let object = json!({"id": "po_1", "object": "payout", "amount": 5, "currency": "usd", "created": 1,
        "arrival_date": 2, "status": "paid", "livemode": false});
    let event = json!({"id": "evt_1", "object": "event", "type": "payout.paid", "created": 3, "livemode": false,
        "account": "acct_nobodys", "data": {"object": object}});
    assert_eq!(app.deliver(event.to_string()).await.status, 200);
    assert_eq!(app.operator().get("/v1/admin/quarantine").await.body["items"], json!([]));
}
