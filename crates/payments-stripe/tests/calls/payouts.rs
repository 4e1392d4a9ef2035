//! The requests about a connected account's payouts and dashboard.

use crate::scripted_transport::{ScriptedTransport, Step, key, only};
use http::Method;
use payments::{AccountId, AccountsApi, AllowedOrigins, PayoutFailure, PayoutId, PayoutStatus};
use serde_json::{Value, json};

fn id() -> AccountId {
    AccountId::parse("acct_1").expect("id")
}

fn payout(id: &str, status: &str) -> Value {
    json!({"id": id, "amount": 5, "currency": "usd", "created": 7, "arrival_date": 9, "status": status,
        "failure_code": "no_account", "livemode": false})
}

#[tokio::test]
async fn payouts_are_those_of_the_account_in_the_header() {
    let page =
        json!({"data": [payout("po_2", "failed"), payout("po_1", "paid"), {"id": "po_0"}], "has_more": true});
    let transport = ScriptedTransport::new([Step::reply(200, page.to_string())]);
    let after = PayoutId::parse("po_3").expect("id");
    let page = transport.session().list_payouts(&id(), 3, Some(&after)).await.expect("listed");
    assert_eq!((page.next.as_deref(), page.unreadable.len()), (Some("po_0"), 1));
    let [failed, paid] = [page.data[0].payout(), page.data[1].payout()];
    assert_eq!((failed.status, failed.failure), (PayoutStatus::Failed, Some(PayoutFailure::NoAccount)));
    assert_eq!((paid.status, paid.failure), (PayoutStatus::Paid, None));
    assert_eq!((paid.created_at.seconds(), paid.arrives_at.seconds()), (7, 9));
    let sent = only(&transport);
    assert_eq!(sent.uri, "https://api.stripe.com/v1/payouts?limit=3&starting_after=po_3");
    assert_eq!(sent.header("stripe-account"), Some("acct_1"));
}

#[tokio::test]
async fn a_dashboard_link_is_a_login_link_in_v1_and_an_account_link_of_a_later_version_in_v2() {
    let origins = AllowedOrigins::parse("https://app.example").expect("origins");
    let again = origins.admit("https://app.example/again").expect("allowed");
    let reply = r#"{"url": "https://connect.stripe.com/x", "expires_at": "1970-01-01T00:00:09.000Z"}"#;
    let transport = ScriptedTransport::new([Step::reply(200, reply), Step::reply(200, reply)]);
    let session = transport.session();
    let of_v1 = session.create_dashboard_link(AccountsApi::V1, &id(), &again, &key()).await.expect("linked");
    let of_v2 = session.create_dashboard_link(AccountsApi::V2, &id(), &again, &key()).await.expect("linked");
    assert_eq!((of_v1.expires_at, of_v2.expires_at), (None, Some(9)));
    assert!(!format!("{of_v1:?}{of_v2:?}").contains("connect.stripe.com"));
    let sent = transport.sent();
    assert_eq!(sent[0].uri, "https://api.stripe.com/v1/accounts/acct_1/login_links");
    assert_eq!(
        (&sent[0].method, sent[0].header("stripe-version")),
        (&Method::POST, Some("2026-09-30.endive"))
    );
    assert_eq!(sent[1].uri, "https://api.stripe.com/v2/core/account_links");
    assert_eq!(sent[1].header("stripe-version"), Some("2026-11-18.endive"));
    assert_eq!(sent[1].header("stripe-account"), None);
    let body: Value = serde_json::from_slice(&sent[1].body).expect("JSON");
    let pages = json!({"refresh_url": "https://app.example/again"});
    let use_case = json!({"type": "account_dashboard", "account_dashboard": pages});
    assert_eq!(body, json!({"account": "acct_1", "use_case": use_case}));
}
