use super::*;
use serde_json::json;

#[test]
fn a_payout_is_limited_to_the_balance_and_arrives_a_day_later() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let refused = pay_out(&mut sandbox, 1001, NOW);
    assert_eq!(error_code(&refused), "balance_insufficient");
    let payout = parsed(&pay_out(&mut sandbox, 1000, NOW));
    assert_eq!((text(&payout, "/status"), creators_balance(&mut sandbox)), ("pending", 0));
    sandbox.seed_account("acct_other", "US", Readiness::Ready, NOW);
    for (account, count) in [(CREATOR, 1), ("acct_other", 0)] {
        let mut call = get_call("/v1/payouts");
        call.stripe_account = Some(account.to_owned());
        assert_eq!(parsed(&sandbox.handle(&call, NOW))["data"].as_array().unwrap().len(), count, "{account}");
        call.path = format!("/v1/payouts/{}", text(&payout, "/id"));
        assert_eq!(sandbox.handle(&call, NOW).status, if count == 1 { 200 } else { 404 }, "{account}");
    }
    sandbox.advance(NOW + 24 * 60 * 60 * 1000);
    let events = parsed(&get(&mut sandbox, "/stand_in/events?type=payout.*"));
    assert_eq!((text(&events, "/data/0/type"), text(&events, "/data/0/account")), ("payout.paid", CREATOR));
    assert_eq!(text(&events, "/data/0/data/object/status"), "paid");
}

#[test]
fn a_payout_that_the_bank_sends_back_is_in_the_balance_again_and_holds_further_ones() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let payout = parsed(&pay_out(&mut sandbox, 1000, NOW));
    let path = format!("/stand_in/payouts/{}/fail", text(&payout, "/id"));
    assert_eq!(post(&mut sandbox, &path, "failure_code=bad_mood").status, 400);
    let failed = parsed(&post(&mut sandbox, &path, "failure_code=no_account"));
    assert_eq!((text(&failed, "/status"), text(&failed, "/failure_code")), ("failed", "no_account"));
    assert!(!text(&failed, "/failure_message").is_empty());
    assert_eq!(creators_balance(&mut sandbox), 1000);
    assert_eq!(sandbox.money().balances[&(CREATOR, "usd")], 1000);
    assert_eq!(post(&mut sandbox, &path, "").status, 404, "once");
    sandbox.advance(NOW + 24 * 60 * 60 * 1000);
    let kinds = ["payout.created", "payout.failed", "account.updated"];
    assert!(event_types(&mut sandbox).ends_with(&kinds.map(str::to_owned)), "never paid after that");
    let account = parsed(&get(&mut sandbox, &format!("/v1/accounts/{CREATOR}")));
    assert_eq!(account["payouts_enabled"], false);
    assert_eq!(account["requirements"]["currently_due"], json!(["external_account"]));
}

#[test]
fn a_payout_shown_as_paid_can_still_fail() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let payout = parsed(&pay_out(&mut sandbox, 1000, NOW));
    sandbox.advance(NOW + 24 * 60 * 60 * 1000);
    let path = format!("/stand_in/payouts/{}/fail", text(&payout, "/id"));
    assert_eq!(text(&parsed(&post(&mut sandbox, &path, "")), "/failure_code"), "account_closed");
    let event = parsed(&get(&mut sandbox, "/stand_in/events?type=payout.failed"))["data"][0].clone();
    assert_eq!(text(&event, "/account"), CREATOR);
    assert_eq!(event["data"]["previous_attributes"]["status"], "paid");
}

/// Reverses a payout on behalf of its account.
fn reverse(sandbox: &mut Sandbox, payout: &serde_json::Value) -> Reply {
    let mut call = post_call(&format!("/v1/payouts/{}/reverse", text(payout, "/id")), None, "");
    call.stripe_account = Some(CREATOR.to_owned());
    sandbox.handle(&call, NOW)
}

#[test]
fn a_payout_is_reversed_by_a_debit_with_the_events_of_payouts_and_the_debit_can_fail() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let payout = parsed(&pay_out(&mut sandbox, 600, NOW));
    assert_eq!(reverse(&mut sandbox, &payout).status, 400, "not paid yet");
    post(&mut sandbox, &format!("/stand_in/payouts/{}/pay", text(&payout, "/id")), "");
    let debit = parsed(&reverse(&mut sandbox, &payout));
    assert_eq!((&debit["amount"], &debit["original_payout"]), (&json!(-600), &payout["id"]));
    assert_eq!(creators_balance(&mut sandbox), 400, "the bank has not sent it yet");
    for payout in [&payout, &debit] {
        assert_eq!(reverse(&mut sandbox, payout).status, 400, "once, and no debit");
    }
    let control = |what: &str| format!("/stand_in/payouts/{}/{what}", text(&debit, "/id"));
    assert_eq!(text(&parsed(&post(&mut sandbox, &control("pay"), "")), "/status"), "paid");
    assert_eq!(creators_balance(&mut sandbox), 1000);
    let failed = parsed(&post(&mut sandbox, &control("fail"), "failure_code=insufficient_funds"));
    assert_eq!(text(&failed, "/status"), "failed");
    assert_eq!(creators_balance(&mut sandbox), 400);
    let told = ["created", "paid", "created", "paid", "failed"].map(|kind| format!("payout.{kind}"));
    let events = event_types(&mut sandbox).into_iter().filter(|kind| kind.starts_with("payout."));
    assert!(events.eq(told));
}

#[test]
fn a_reversal_is_canceled_when_its_payout_fails() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let payout = parsed(&pay_out(&mut sandbox, 600, NOW));
    let control = |what: &str| format!("/stand_in/payouts/{}/{what}", text(&payout, "/id"));
    post(&mut sandbox, &control("pay"), "");
    let debit = parsed(&reverse(&mut sandbox, &payout));
    post(&mut sandbox, &control("fail"), "");
    sandbox.advance(NOW + 24 * 60 * 60 * 1000);
    let mut call = get_call(&format!("/v1/payouts/{}", text(&debit, "/id")));
    call.stripe_account = Some(CREATOR.to_owned());
    assert_eq!(text(&parsed(&sandbox.handle(&call, NOW)), "/status"), "canceled");
    assert_eq!(creators_balance(&mut sandbox), 1000);
}

#[test]
fn a_login_link_opens_the_dashboard_of_an_express_account_once() {
    let (mut sandbox, _) = paid("pm_card_visa");
    pay_out(&mut sandbox, 600, NOW);
    let link = parsed(&post(&mut sandbox, &format!("/v1/accounts/{CREATOR}/login_links"), ""));
    assert_eq!(text(&link, "/object"), "login_link");
    let page = text(&link, "/url").strip_prefix("http://127.0.0.1:12111").unwrap().to_owned();
    let opened = sandbox.handle(&Call::new(Method::GET, page.clone()), NOW);
    assert!(opened.body.contains("400 usd") && opened.body.contains("600 usd: pending"), "{}", opened.body);
    assert_eq!(sandbox.handle(&Call::new(Method::GET, page), NOW).status, 404);
}

#[test]
fn a_login_link_is_refused_for_accounts_without_the_express_dashboard_and_before_onboarding() {
    let mut sandbox = sandbox();
    let new = |sandbox: &mut Sandbox, body: &str| {
        let account = parsed(&post(sandbox, "/v1/accounts", body));
        text(&account, "/id").to_owned()
    };
    let v2 = parsed(&v2_post(&mut sandbox, "/v2/core/accounts", &v2_account()));
    let refused = [
        (new(&mut sandbox, "type=custom"), "not an Express account"),
        (new(&mut sandbox, "type=standard"), "not an Express account"),
        (text(&v2, "/id").to_owned(), "not an Express account"),
        (new(&mut sandbox, "type=express"), "has not completed onboarding"),
    ];
    for (account, message) in refused {
        let reply = post(&mut sandbox, &format!("/v1/accounts/{account}/login_links"), "");
        assert_eq!(reply.status, 400);
        assert!(text(&parsed(&reply), "/error/message").contains(message), "{}", reply.body);
    }
    assert_eq!(post(&mut sandbox, "/v1/accounts/acct_none/login_links", "").status, 403);
}

fn dashboard_link(sandbox: &mut Sandbox, account: &str, version: &str) -> Reply {
    let pages = json!({"refresh_url": "https://app.test/again"});
    let body =
        json!({"account": account, "use_case": {"type": "account_dashboard", "account_dashboard": pages}});
    let mut call = v2_call(Method::POST, "/v2/core/account_links", None, &body);
    call.stripe_version = Some(version.to_owned());
    sandbox.handle(&call, NOW)
}

#[test]
fn a_link_of_v2_opens_the_dashboard_since_its_version_and_then_leads_back_to_the_app() {
    const SINCE: &str = "2026-11-18.endive";
    let mut sandbox = sandbox();
    let created = parsed(&v2_post(&mut sandbox, "/v2/core/accounts", &v2_account()));
    let id = text(&created, "/id");
    assert_eq!(dashboard_link(&mut sandbox, id, SINCE).status, 400, "before its onboarding");
    post(&mut sandbox, &format!("/stand_in/accounts/{id}/restore"), "");
    let before = dashboard_link(&mut sandbox, id, "2026-09-30.endive");
    assert_eq!((before.status, error_code(&before).as_str()), (400, "invalid_fields"));
    let of_v1 = dashboard_link(&mut sandbox, CREATOR, SINCE);
    assert_eq!(error_code(&of_v1), "v1_account_instead_of_v2_account");
    let link = parsed(&dashboard_link(&mut sandbox, id, SINCE));
    assert_eq!(text(&link, "/expires_at"), "2026-10-01T00:05:00.000Z");
    let page = text(&link, "/url").strip_prefix("http://127.0.0.1:12111").unwrap().to_owned();
    assert_eq!(sandbox.handle(&Call::new(Method::GET, page.clone()), NOW).status, 200);
    let again = sandbox.handle(&Call::new(Method::GET, page), NOW);
    assert_eq!((again.status, again.header("location")), (303, Some("https://app.test/again")));
}

#[test]
fn an_account_of_v2_without_a_dashboard_has_no_link_to_one() {
    let mut sandbox = sandbox();
    let mut account = v2_account();
    account["dashboard"] = "none".into();
    let reply = v2_post(&mut sandbox, "/v2/core/accounts", &account);
    let created = parsed(&reply);
    let id = created["id"].as_str().unwrap_or_else(|| panic!("{}", reply.body));
    post(&mut sandbox, &format!("/stand_in/accounts/{id}/restore"), "");
    let refused = dashboard_link(&mut sandbox, id, "2026-11-18.endive");
    assert_eq!((refused.status, error_code(&refused).as_str()), (400, "invalid_fields"));
}
