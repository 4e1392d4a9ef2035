//! The creator's money goes to their bank: what Stripe pays out, why a payout failed, and the way into the dashboard.

use black_box::{Answer, App, Breakable, listen_to_logs, logged, ten_dollars, text};
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
    app.ready_creator("bo").await;
    let own = text(&first, "next_cursor");
    let changed = own.replace(&own[4..8], "AAAA");
    let bare = text(&next["items"][0], "stripe_payout_id");
    for creator in ["ana", "bo"] {
        let list =
            format!("/v1/creators/{creator}/payouts?cursor={}", if creator == "bo" { own } else { &changed });
        assert_eq!(app.user(creator).get(&list).await.problem(), (400, "invalid_request"), "{creator}");
    }
    for other in [bare, "po_unknown", "pi_1", "x"] {
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
async fn a_refusal_that_the_creator_can_do_nothing_about_is_for_the_operators() {
    listen_to_logs();
    let refusal =
        json!({"error": {"type": "invalid_request_error", "code": "account_is_odd", "message": "No."}});
    for (platform, path) in [(Platform::AccountsV1, "/login_links"), (Platform::AccountsV2, "/account_links")]
    {
        let stack = Breakable::start_as(Options { platform, ..Options::default() }).await;
        let dee = stack.app.user("dee");
        let onboarding = dee.start_onboarding("dee").await.body;
        stack.onboarding.stripe_replies_at(path, 400, &refusal);
        let unfinished = dee.open_dashboard("dee").await;
        assert_eq!(unfinished.problem(), (409, "no_dashboard"));
        assert!(text(&unfinished.body, "detail").ends_with("Finish the onboarding first."), "{unfinished:?}");
        let counted = || logged().iter().filter(|it| it.line["metric"] == "OnboardingRefused").count();
        let before = counted();
        stack.app.onboard(&onboarding, "finish").await;
        let refused = dee.open_dashboard("dee").await;
        assert_eq!(refused.problem(), (503, "unavailable"), "{path}");
        assert_eq!(refused.body["retry_after_s"], 60);
        assert_eq!(counted(), before + 1);
        stack.onboarding.stripe_is_back();
        assert_eq!(dee.open_dashboard("dee").await.status, 200);
    }
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

/// The events of payouts that the app was told, in their order, up to the first that fits.
async fn published_until(app: &App, fits: impl Fn(&Value) -> bool) -> Vec<(String, String)> {
    let told = app.published_until("creator_id=ana", fits).await.into_iter();
    let told = told.map(|event| {
        let payout = event["detail"]["stripe_payout_id"].as_str().unwrap_or_default().to_owned();
        (text(&event, "detail-type").to_owned(), payout)
    });
    told.filter(|(kind, _)| kind.starts_with("CreatorPayout")).collect()
}

async fn recorded(app: &App) -> Vec<(String, String)> {
    let items = app.items("CREATOR#ana").await.into_iter();
    let payouts = items.filter(|item| text(&item["SK"], "S").starts_with("PAYOUT#"));
    let shown = |item: Value| (text(&item["SK"], "S").to_owned(), text(&item["status"], "S").to_owned());
    payouts.map(shown).collect()
}

#[tokio::test]
async fn a_payout_that_arrives_and_then_fails_is_told_once_for_each_in_this_order() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    stack.paid("sam").await;
    let payout = app.pay_out("ana", 300).await;
    app.complete_payout(&payout).await;
    app.fail_payout(&payout, "declined").await;
    for _ in 0..2 {
        app.deliver_all().await;
    }
    let told = published_until(app, |event| event["detail-type"] == "CreatorPayoutFailed").await;
    let kinds = ["CreatorPayoutPaid", "CreatorPayoutFailed"];
    assert_eq!(told, kinds.map(|kind| (kind.to_owned(), payout.clone())));
    assert_eq!(recorded(app).await, [(format!("PAYOUT#{payout}"), "failed".to_owned())]);
}

#[tokio::test]
async fn what_a_later_release_added_to_a_payout_is_kept_when_it_fails() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    stack.paid("sam").await;
    let payout = app.pay_out("ana", 300).await;
    app.complete_payout(&payout).await;
    app.deliver_all().await;
    let stored = async || {
        let mut items = app.items("CREATOR#ana").await.into_iter();
        items.rfind(|item| item["type"]["S"] == "payout").expect("a payout")
    };
    let mut later = stored().await;
    later["later"] = json!({"S": "x"});
    app.put(&later).await;
    app.fail_payout(&payout, "declined").await;
    app.deliver_all().await;
    let failed = stored().await;
    assert_eq!((&failed["status"]["S"], &failed["later"]["S"]), (&json!("failed"), &json!("x")));
}

#[tokio::test]
async fn that_a_payout_arrived_is_not_told_once_it_is_known_to_have_failed() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    stack.paid("sam").await;
    let first = app.pay_out("ana", 300).await;
    app.complete_payout(&first).await;
    app.fail_payout(&first, "declined").await;
    let restored = text(&app.operator().explained("ana").await, "stripe_account_id").to_owned();
    app.change_account(&restored, "restore").await;
    let next = app.pay_out("ana", 200).await;
    app.complete_payout(&next).await;
    let of_payouts =
        app.events().await.into_iter().filter(|event| text(event, "type").starts_with("payout."));
    let is = |event: &Value, kind: &str, payout: &str| {
        event["type"] == kind && event["data"]["object"]["id"] == payout
    };
    let events: Vec<Value> = of_payouts.collect();
    // Stripe retries what it could not deliver, and keeps no order.
    for (kind, payout) in [("payout.failed", &first), ("payout.paid", &first), ("payout.paid", &next)] {
        let event = events.iter().find(|event| is(event, kind, payout)).expect("an event");
        assert_eq!(app.deliver(event.to_string()).await.status, 200);
    }
    let told = published_until(app, |event| event["detail"]["stripe_payout_id"] == next.as_str()).await;
    assert_eq!(told, [("CreatorPayoutFailed".to_owned(), first), ("CreatorPayoutPaid".to_owned(), next)]);
}

#[tokio::test]
async fn a_debit_of_the_creators_bank_is_listed_in_words_of_its_own_and_announced_as_no_payout() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    stack.paid("sam").await;
    let payout = app.pay_out("ana", 300).await;
    app.complete_payout(&payout).await;
    let debit = app.reverse_payout("ana", &payout).await;
    app.complete_payout(&debit).await;
    app.fail_payout(&debit, "insufficient_funds").await;
    let account = text(&app.operator().explained("ana").await, "stripe_account_id").to_owned();
    app.change_account(&account, "restore").await;
    let next = app.pay_out("ana", 100).await;
    app.complete_payout(&next).await;
    app.deliver_all().await;

    let listed = app.user("ana").get(PAYOUTS).await.body;
    let shown =
        listed["items"].as_array().expect("items").iter().find(|it| it["stripe_payout_id"] == debit.as_str());
    let shown = shown.expect("the debit");
    assert_eq!((&shown["amount"], &shown["status"]), (&json!(-300), &json!("failed")));
    assert_eq!(shown["failure"]["message"], "The bank account had too little money for the debit.");

    let told = published_until(app, |event| event["detail"]["stripe_payout_id"] == next.as_str()).await;
    assert_eq!(told, [payout, next].map(|payout| ("CreatorPayoutPaid".to_owned(), payout)));
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
