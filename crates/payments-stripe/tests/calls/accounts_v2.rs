//! The requests to Accounts v2, field by field, and what their replies mean.

use crate::scripted_transport::{ScriptedTransport, Step, key, only};
use http::Method;
use payments::{
    AccountId, AccountKind, AccountParameters, AccountRequest, AccountsApi, AllowedOrigins, ConnectedAccount,
    ContactEmail, CreatorId, Currency, Timestamp,
};
use payments_stripe::{StripeError, Window};
use serde_json::{Value, json};

const INCLUDED: &str = "include[0]=configuration.merchant&include[1]=configuration.recipient\
    &include[2]=defaults&include[3]=identity&include[4]=requirements";

fn id() -> AccountId {
    AccountId::parse("acct_1").expect("id")
}

fn asked(card_payments: bool, email: Option<&str>) -> AccountRequest {
    let parameters = AccountParameters {
        kind: AccountKind::AccountsV2,
        country: "DE".to_owned(),
        card_payments,
        contact_email: email.map(ContactEmail::new),
    };
    AccountRequest {
        number: 2,
        parameters,
        requested_at: Timestamp::from_millis(5),
        refused_at: None,
        finished: false,
    }
}

async fn created(request: &AccountRequest) -> Value {
    let transport = ScriptedTransport::new([Step::reply(200, r#"{"id": "acct_1"}"#)]);
    let ana = CreatorId::parse("ana").expect("id");
    let opened = transport.session().create_account(&ana, request).await.expect("opened");
    assert_eq!((opened.id, opened.api), (id(), AccountsApi::V2));
    let sent = only(&transport);
    let address = "https://api.stripe.com/v2/core/accounts";
    assert_eq!((&sent.method, sent.uri.as_str()), (&Method::POST, address));
    assert_eq!(sent.header("idempotency-key"), Some("ana/account/2-5"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("stripe-version"), Some("2026-09-30.endive"));
    serde_json::from_slice(&sent.body).expect("JSON")
}

#[tokio::test]
async fn an_account_asks_for_transfers_and_card_payments_and_the_platform_bears_fees_and_losses() {
    let requested = json!({"requested": true});
    let expected = json!({
        "configuration": {
            "merchant": {"capabilities": {"card_payments": requested}},
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": requested}}},
        },
        "contact_email": "ana@example.com",
        "dashboard": "express",
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "identity": {"country": "de"},
        "include": ["configuration.merchant", "configuration.recipient", "defaults", "identity", "requirements"],
        "metadata": {"account_request": "2-5", "creator_id": "ana", "deployment": "test-stack"},
    });
    assert_eq!(created(&asked(true, Some("ana@example.com"))).await, expected);
}

#[tokio::test]
async fn an_account_for_transfers_alone_is_no_merchant_and_an_unknown_address_is_not_sent() {
    let body = created(&asked(false, None)).await;
    assert_eq!(body["configuration"].as_object().expect("object").keys().collect::<Vec<_>>(), ["recipient"]);
    assert!(body.get("contact_email").is_none());
}

#[tokio::test]
async fn the_same_request_is_the_same_bytes() {
    let transport = ScriptedTransport::new([
        Step::reply(200, r#"{"id": "acct_1"}"#),
        Step::reply(200, r#"{"id": "acct_1"}"#),
    ]);
    let ana = CreatorId::parse("ana").expect("id");
    for _ in 0..2 {
        transport.session().create_account(&ana, &asked(true, None)).await.expect("opened");
    }
    let sent = transport.sent();
    assert_eq!(sent[0].body, sent[1].body);
}

#[tokio::test]
async fn an_account_is_retrieved_with_all_that_is_stored_of_it() {
    let transport = ScriptedTransport::new([Step::reply(200, r#"{"id": "acct_1", "configuration": null}"#)]);
    let seen = transport.session().retrieve_account(AccountsApi::V2, &id()).await.expect("retrieved");
    assert_eq!((seen.api, seen.transfers), (AccountsApi::V2, None));
    let sent = only(&transport);
    assert_eq!(sent.method, Method::GET);
    assert_eq!(sent.uri, format!("https://api.stripe.com/v2/core/accounts/acct_1?{INCLUDED}"));
    assert_eq!(sent.header("content-type"), None);
}

#[tokio::test]
async fn an_account_that_v2_refuses_is_read_by_v1() {
    for (status, code) in [(400, "v1_account_instead_of_v2_account"), (404, "not_found"), (403, "forbidden")]
    {
        let refusal = json!({"error": {"code": code, "message": "x"}}).to_string();
        let transport =
            ScriptedTransport::new([Step::reply(status, refusal), Step::reply(200, r#"{"id": "acct_1"}"#)]);
        let seen = transport.session().find_account(&id()).await.expect("found");
        assert_eq!(seen.api, AccountsApi::V1);
        assert_eq!(transport.sent()[1].uri, "https://api.stripe.com/v1/accounts/acct_1");
    }
    let transport = ScriptedTransport::new([Step::reply(200, r#"{"id": "acct_1"}"#)]);
    assert_eq!(transport.session().find_account(&id()).await.expect("found").api, AccountsApi::V2);
}

#[tokio::test]
async fn an_account_that_neither_api_has_is_not_connected() {
    let missing = || Step::reply(404, r#"{"error": {"type": "invalid_request_error", "code": "not_found"}}"#);
    let transport = ScriptedTransport::new([missing(), missing()]);
    let error = transport.session().find_account(&id()).await.expect_err("missing");
    assert!(error.is_not_connected(), "{error}");
}

#[tokio::test]
async fn an_onboarding_link_names_its_use_case_and_is_not_shown_in_logs() {
    let reply = r#"{"object": "v2.core.account_link", "url": "https://accounts.stripe.com/r/x",
        "expires_at": "1970-01-01T00:00:09.000Z"}"#;
    let transport = ScriptedTransport::new([Step::reply(200, reply)]);
    let origins = AllowedOrigins::parse("https://app.example").expect("origins");
    let page = |path: &str| origins.admit(&format!("https://app.example{path}")).expect("allowed");
    let account = ConnectedAccount::opened(id(), "US", Currency::parse("usd").expect("currency"));
    let session = transport.session();
    let link = session.create_account_link(&account, &page("/done"), &page("/again"), &key()).await;
    let link = link.expect("linked");
    assert_eq!((link.url.as_str(), link.expires_at), ("https://accounts.stripe.com/r/x", 9));
    assert!(!format!("{link:?}").contains("accounts.stripe.com"));
    let sent = only(&transport);
    assert_eq!(sent.uri, "https://api.stripe.com/v2/core/account_links");
    let onboarding =
        json!({"refresh_url": "https://app.example/again", "return_url": "https://app.example/done"});
    let use_case = json!({"type": "account_onboarding", "account_onboarding": onboarding});
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(body, json!({"account": "acct_1", "use_case": use_case}));
}

#[tokio::test]
async fn events_about_accounts_are_listed_page_by_page() {
    let event = json!({"object": "v2.core.event", "id": "evt_1", "type": "v2.core.account.updated",
        "livemode": false, "related_object": {"id": "acct_1"}});
    let next = "/v2/core/events?limit=20&page=token_2";
    let first = json!({"data": [event, 7], "next_page_url": next, "previous_page_url": null});
    let last = json!({"data": [], "next_page_url": null, "previous_page_url": null});
    let transport =
        ScriptedTransport::new([Step::reply(200, first.to_string()), Step::reply(200, last.to_string())]);
    let window = Window { from_s: 0, until_s: Some(60) };
    let page = transport.session().list_account_events(window, None).await.expect("listed");
    assert_eq!(page.data[0].changed_account(), Some(id()));
    assert_eq!(page.unreadable.len(), 1, "one event that cannot be read does not hide the others");
    let rest = transport.session().list_account_events(window, page.next.as_deref()).await.expect("listed");
    assert!(rest.data.is_empty() && rest.next.is_none());
    let sent = transport.sent();
    assert!(
        sent[0].uri.starts_with(
            "https://api.stripe.com/v2/core/events?created[gte]=1970-01-01T00:00:00.000Z\
        &created[lt]=1970-01-01T00:01:00.000Z&limit=20&types[0]=v2.core.account.closed&"
        ),
        "{}",
        sent[0].uri
    );
    assert!(sent[0].uri.contains("=v2.core.account%5Brequirements%5D.updated"));
    assert_eq!(sent[1].uri, "https://api.stripe.com/v2/core/events?limit=20&page=token_2");
}

#[tokio::test]
async fn a_page_that_leads_elsewhere_is_not_followed() {
    let page =
        json!({"data": [], "next_page_url": "https://elsewhere.example/v2/core/accounts/acct_2?page=1"});
    let transport = ScriptedTransport::new([Step::reply(200, page.to_string())]);
    let error = transport.session().list_accounts_v2(None).await.expect_err("refused");
    assert!(matches!(error, StripeError::Unreadable(_)), "{error}");
}
