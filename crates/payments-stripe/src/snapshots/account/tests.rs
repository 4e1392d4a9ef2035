use super::*;
use payments::{AccountUnusable, ConnectedAccount};
use serde_json::{Value, json};

fn v1(account: Value) -> AccountSnapshot {
    let object: AccountObject = serde_json::from_value(account).expect("reads");
    object.snapshot()
}

fn v2(account: &Value) -> AccountSnapshot {
    let object: AccountV2Object = serde_json::from_value(account.clone()).expect("reads");
    object.snapshot()
}

fn usable(snapshot: &AccountSnapshot) -> ConnectedAccount {
    snapshot.opened("US", Currency::parse("usd").expect("currency"))
}

fn of_status(status: &str) -> Value {
    json!({"status": status, "status_details": []})
}

fn account_v2() -> Value {
    json!({
        "id": "acct_1", "object": "v2.core.account", "applied_configurations": ["merchant", "recipient"],
        "configuration": {
            "customer": null,
            "merchant": {"capabilities": {"card_payments": of_status("active"),
                "stripe_balance": {"payouts": of_status("active")}}},
            "recipient": {"capabilities": {"stripe_balance": {"payouts": of_status("active"),
                "stripe_transfers": of_status("active")}}},
        },
        "defaults": {"currency": "eur", "responsibilities": {}},
        "identity": {"country": "fr", "individual": {"given_name": "Ana"}},
        "requirements": {"entries": [], "summary": null},
        "metadata": {"creator_id": "ana", "account_request": "1-5000"},
    })
}

#[test]
fn may_be_paid_and_payouts_on_are_two_facts() {
    for (transfers, payouts) in [("active", false), ("active", true), ("pending", true), ("inactive", false)]
    {
        let account = usable(&v1(json!({"id": "acct_1", "capabilities": {"transfers": transfers},
            "payouts_enabled": payouts})));
        assert_eq!(account.transfers_active, transfers == "active");
        assert_eq!(account.payouts_enabled, payouts);
    }
}

#[test]
fn an_account_without_capabilities_receives_nothing() {
    for capabilities in [json!(null), json!({}), json!({"card_payments": "active"})] {
        let account = usable(&v1(json!({"id": "acct_1", "capabilities": capabilities})));
        assert!(!account.transfers_active);
    }
}

#[test]
fn what_is_due_is_kept_apart_from_what_is_looked_at() {
    let account = v1(json!({"id": "acct_1", "country": "US", "default_currency": "usd",
        "details_submitted": true, "requirements": {"currently_due": ["external_account"], "past_due": null,
        "pending_verification": ["individual.id_number"], "current_deadline": 1_795_473_100,
        "disabled_reason": "requirements.past_due"}}));
    let requirements = account.attachable().expect("usable").requirements;
    assert_eq!(requirements.currently_due, ["external_account"]);
    assert_eq!(requirements.pending_verification, ["individual.id_number"]);
    assert_eq!(requirements.disabled_reason.as_deref(), Some("requirements.past_due"));
    assert_eq!(requirements.deadline, Some(Timestamp::from_seconds(1_795_473_100)));
    assert!(requirements.are_due());
}

#[test]
fn an_account_before_its_onboarding_says_what_is_missing() {
    let unsupported = v1(json!({"id": "acct_1", "country": "US", "default_currency": "xxx"}));
    assert_eq!(unsupported.attachable(), Err(AccountUnusable { missing: "default currency" }));
    let no_country = v1(json!({"id": "acct_1", "default_currency": "usd"}));
    assert_eq!(no_country.attachable(), Err(AccountUnusable { missing: "country" }));
}

#[test]
fn an_account_of_v2_that_is_all_active_can_receive_and_is_paid_out() {
    let snapshot = v2(&account_v2());
    let account = snapshot.attachable().expect("usable");
    assert!(account.transfers_active && account.card_payments_active && account.payouts_enabled);
    assert!(account.details_submitted && !account.requirements.are_due());
    assert_eq!((account.country.as_str(), account.default_currency.code()), ("FR", "eur"));
    assert_eq!(account.api, AccountsApi::V2);
    assert_eq!(snapshot.creator.as_ref().map(payments::CreatorId::as_str), Some("ana"));
    assert_eq!(snapshot.request_tag.as_deref(), Some("1-5000"));
}

#[test]
fn only_an_active_capability_of_v2_counts() {
    for status in ["pending", "rejected", "restricted", "unsupported", "something_new"] {
        let mut account = account_v2();
        account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"] =
            of_status(status);
        account["configuration"]["merchant"]["capabilities"]["card_payments"] = of_status(status);
        let seen = usable(&v2(&account));
        assert!(!seen.transfers_active && !seen.card_payments_active, "{status}");
    }
}

#[test]
fn a_configuration_that_is_null_never_downgrades_an_account() {
    let known = usable(&v2(&account_v2()));
    for part in ["recipient", "merchant"] {
        let mut partial = account_v2();
        partial["configuration"][part] = Value::Null;
        assert_eq!(known.updated(&v2(&partial)), known, "{part}");
    }
    for part in ["configuration", "requirements", "identity", "defaults"] {
        let mut partial = account_v2();
        partial[part] = Value::Null;
        assert_eq!(known.updated(&v2(&partial)), known, "{part}");
    }
    // Payouts of a configuration that is not included may be on, whatever the other one says.
    let mut partial = account_v2();
    partial["configuration"]["merchant"] = Value::Null;
    partial["configuration"]["recipient"]["capabilities"]["stripe_balance"]["payouts"] = Value::Null;
    assert!(known.updated(&v2(&partial)).payouts_enabled);
    let nothing = v2(&json!({"id": "acct_1"}));
    assert_eq!(known.updated(&nothing), known);
}

#[test]
fn an_included_configuration_without_a_capability_downgrades_the_account() {
    let known = usable(&v2(&account_v2()));
    for empty in [json!({}), json!({"capabilities": null}), json!({"capabilities": {}})] {
        let mut included = account_v2();
        included["configuration"] = json!({"recipient": empty, "merchant": empty});
        let seen = known.updated(&v2(&included));
        assert!(!seen.transfers_active && !seen.card_payments_active && !seen.payouts_enabled, "{empty}");
    }
    let mut recipient_alone = account_v2();
    recipient_alone["applied_configurations"] = json!(["recipient"]);
    recipient_alone["configuration"] = json!({"recipient": {}});
    assert!(!known.updated(&v2(&recipient_alone)).payouts_enabled, "it has no other configuration");
}

fn entry(description: &str, awaiting: &str, status: &str, reason: &str) -> Value {
    json!({"description": description, "awaiting_action_from": awaiting, "errors": [],
        "minimum_deadline": {"status": status}, "requested_reasons": [{"code": reason}]})
}

#[test]
fn requirements_of_v2_are_sorted_by_who_must_act_and_when() {
    let mut account = account_v2();
    account["requirements"] = json!({
        "entries": [
            entry("identity.individual.given_name", "user", "currently_due", "routine_verification"),
            entry("identity.individual.documents", "user", "past_due", "routine_verification"),
            entry("identity.individual.id_numbers", "stripe", "currently_due", "routine_verification"),
            entry("defaults.profile.business_url", "user", "eventually_due", "routine_onboarding"),
        ],
        "summary": {"minimum_deadline": {"status": "past_due", "time": "2026-11-23T22:31:40Z"}},
    });
    let seen = usable(&v2(&account));
    assert_eq!(seen.requirements.currently_due, ["identity.individual.given_name"]);
    assert_eq!(seen.requirements.past_due, ["identity.individual.documents"]);
    assert_eq!(seen.requirements.pending_verification, ["identity.individual.id_numbers"]);
    assert_eq!(seen.requirements.deadline, Some(Timestamp::from_seconds(1_795_473_100)));
    assert!(seen.details_submitted, "what is asked for later is no part of the form");
}

#[test]
fn a_form_that_waits_for_the_creator_is_not_submitted() {
    let mut account = account_v2();
    let unfinished = entry("identity.individual.given_name", "user", "past_due", "routine_onboarding");
    account["requirements"] = json!({"entries": [unfinished]});
    assert!(!usable(&v2(&account)).details_submitted);
    let in_review = entry("identity.individual.given_name", "stripe", "past_due", "routine_onboarding");
    account["requirements"] = json!({"entries": [in_review], "summary": {"minimum_deadline": null}});
    let seen = usable(&v2(&account));
    assert!(seen.details_submitted && seen.requirements.deadline.is_none());
}

#[test]
fn why_transfers_are_off_is_kept_and_a_rejection_comes_first() {
    let reason = |codes: &[&str]| {
        let details: Vec<_> = codes.iter().map(|code| json!({"code": code, "resolution": "x"})).collect();
        let mut account = account_v2();
        account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"] =
            json!({"status": "restricted", "status_details": details});
        usable(&v2(&account)).requirements.disabled_reason
    };
    assert_eq!(reason(&[]), None);
    assert_eq!(reason(&["requirements_past_due"]).as_deref(), Some("requirements_past_due"));
    assert_eq!(reason(&["requirements_past_due", "rejected_fraud"]).as_deref(), Some("rejected_fraud"));
    assert_eq!(reason(&["unsupported_country"]).as_deref(), Some("unsupported_country"));
}

#[test]
fn a_closed_account_is_not_connected_any_more() {
    let mut account = account_v2();
    account["closed"] = json!(true);
    assert!(usable(&v2(&account)).disconnected);
}

#[test]
fn the_dashboard_is_the_accounts_own_or_that_of_its_type() {
    let own = |name: &str| json!({"stripe_dashboard": {"type": name}});
    for (kind, controller, dashboard) in [
        ("none", own("express"), Some(Dashboard::Express)),
        ("none", own("none"), Some(Dashboard::None)),
        ("none", own("full"), Some(Dashboard::Full)),
        ("express", json!(null), Some(Dashboard::Express)),
        ("standard", json!({}), Some(Dashboard::Full)),
        ("custom", json!(null), Some(Dashboard::None)),
        ("none", json!(null), None),
    ] {
        let account = json!({"id": "acct_1", "type": kind, "controller": controller});
        assert_eq!(v1(account).dashboard, dashboard, "{kind}");
    }
    for (name, dashboard) in
        [("express", Some(Dashboard::Express)), ("none", Some(Dashboard::None)), ("new", None)]
    {
        assert_eq!(v2(&json!({"id": "acct_1", "dashboard": name})).dashboard, dashboard);
    }
}
