//! The requests, byte by byte where that matters.

use crate::scripted_transport::{ScriptedTransport, Step, intent_json, key, only, pairs};
use http::Method;
use payments::{
    AccountId, AccountKind, AccountParameters, AccountRequest, AccountsApi, AllowedOrigins, ConnectedAccount,
    Context, CreatorId, Currency, IntentId, IntentParameters, Labels, Money, PaymentId,
    StatementDescriptorTemplate, Timestamp,
};
use payments_stripe::CancellationReason;

const PAYMENT: &str = "pay_0123456789abcdef0123456789abcdef";

fn parameters(receipt_email: Option<&str>) -> IntentParameters {
    IntentParameters {
        payment_id: PaymentId::parse(PAYMENT).expect("id"),
        total: Money::new(1_061, Currency::parse("usd").expect("currency")).expect("money"),
        destination: AccountId::parse("acct_1").expect("id"),
        transfer_amount: 1_000,
        on_behalf_of: false,
        labels: labels(false),
        customer: None,
        receipt_email: receipt_email.map(str::to_owned),
    }
}

/// The labels of a payment to `ana` for a room.
pub(crate) fn labels(anonymous: bool) -> Box<Labels> {
    let descriptor = StatementDescriptorTemplate::parse("TIP {creator}", 10).expect("a template");
    let context = Context::parse("room:42").ok();
    Labels::new(&CreatorId::parse("ana").expect("id"), context.as_ref(), anonymous, &descriptor)
}

fn intent_id() -> IntentId {
    IntentId::parse("pi_1").expect("id")
}

#[tokio::test]
async fn creating_an_intent_sends_the_frozen_destination_charge() {
    let transport = ScriptedTransport::new([Step::reply(200, intent_json())]);
    let view = transport.session().create_intent(&parameters(None), &key()).await.expect("created");
    assert_eq!(view.client_secret.expect("secret").expose(), b"pi_1_secret_abc");
    let sent = only(&transport);
    assert_eq!(
        (&sent.method, sent.uri.as_str()),
        (&Method::POST, "https://api.stripe.com/v1/payment_intents")
    );
    assert_eq!(
        sent.form(),
        pairs(&[
            ("allowed_payment_method_types[0]", "card"),
            ("amount", "1061"),
            ("capture_method", "automatic"),
            ("currency", "usd"),
            ("description", "Payment to ana for room:42"),
            ("metadata[context]", "room:42"),
            ("metadata[creator_id]", "ana"),
            ("metadata[deployment]", "test-stack"),
            ("metadata[payment_id]", PAYMENT),
            ("statement_descriptor_suffix", "TIP ana"),
            ("transfer_data[amount]", "1000"),
            ("transfer_data[description]", "Payment to ana for room:42"),
            ("transfer_data[destination]", "acct_1"),
            ("transfer_data[metadata][context]", "room:42"),
            ("transfer_data[metadata][creator_id]", "ana"),
            ("transfer_data[metadata][deployment]", "test-stack"),
            ("transfer_data[metadata][payment_id]", PAYMENT),
            ("transfer_data[payment_data][description]", "Payment to ana for room:42"),
            ("transfer_data[payment_data][metadata][context]", "room:42"),
            ("transfer_data[payment_data][metadata][creator_id]", "ana"),
            ("transfer_data[payment_data][metadata][deployment]", "test-stack"),
            ("transfer_data[payment_data][metadata][payment_id]", PAYMENT),
            ("transfer_group", PAYMENT),
        ])
    );
}

#[tokio::test]
async fn what_the_creator_sees_of_an_anonymous_payment_has_no_context() {
    let transport = ScriptedTransport::new([Step::reply(200, intent_json())]);
    let anonymous = IntentParameters { labels: labels(true), ..parameters(None) };
    transport.session().create_intent(&anonymous, &key()).await.expect("created");
    let form = only(&transport).form();
    let shown: Vec<_> = form.iter().filter(|(name, _)| name.starts_with("transfer_data")).collect();
    assert!(!shown.is_empty() && !shown.iter().any(|(_, value)| value.contains("room")), "{shown:?}");
    assert!(form.contains(&("metadata[context]".to_owned(), "room:42".to_owned())), "{form:?}");
}

#[tokio::test]
async fn a_receipt_address_is_sent_whatever_its_characters() {
    let transport = ScriptedTransport::new([Step::reply(200, intent_json())]);
    let email = "sam+tips&more=1%ü@example.com";
    transport.session().create_intent(&parameters(Some(email)), &key()).await.expect("created");
    let form = only(&transport).form();
    assert!(form.contains(&("receipt_email".to_owned(), email.to_owned())), "{form:?}");
    assert_eq!(form.len(), 24);
}

#[tokio::test]
async fn the_same_parameters_are_the_same_bytes() {
    let transport =
        ScriptedTransport::new([Step::reply(200, intent_json()), Step::reply(200, intent_json())]);
    for _ in 0..2 {
        transport.session().create_intent(&parameters(Some("a@b.c")), &key()).await.expect("created");
    }
    let sent = transport.sent();
    assert_eq!(sent[0].body, sent[1].body);
}

#[tokio::test]
async fn every_request_names_key_version_and_agent() {
    let transport =
        ScriptedTransport::new([Step::reply(200, intent_json()), Step::reply(200, intent_json())]);
    transport.session().create_intent(&parameters(None), &key()).await.expect("created");
    transport.session().retrieve_intent(&intent_id()).await.expect("retrieved");
    let sent = transport.sent();
    for sent in &sent {
        assert_eq!(sent.header("authorization"), Some("Bearer sk_test_key"));
        assert!(sent.headers["authorization"].is_sensitive());
        assert_eq!(sent.header("stripe-version"), Some("2026-09-30.endive"));
        assert!(sent.header("user-agent").expect("agent").starts_with("creator-payments/"));
    }
    assert_eq!(sent[0].header("idempotency-key"), Some(key().as_str()));
    assert_eq!(sent[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(sent[1].header("idempotency-key"), None);
    assert_eq!(sent[1].header("content-type"), None);
}

#[tokio::test]
async fn an_intent_is_retrieved_by_its_id() {
    let transport = ScriptedTransport::new([Step::reply(200, intent_json())]);
    let view = transport.session().retrieve_intent(&intent_id()).await.expect("retrieved");
    assert_eq!(view.payment_id().expect("ours").as_str(), PAYMENT);
    let sent = only(&transport);
    assert_eq!(
        (&sent.method, sent.uri.as_str()),
        (&Method::GET, "https://api.stripe.com/v1/payment_intents/pi_1")
    );
    assert!(sent.body.is_empty());
}

#[tokio::test]
async fn an_intent_is_canceled_with_its_reason() {
    for (reason, sent_as) in
        [(CancellationReason::Abandoned, "abandoned"), (CancellationReason::Fraudulent, "fraudulent")]
    {
        let transport = ScriptedTransport::new([Step::reply(200, intent_json())]);
        transport.session().cancel_intent(&intent_id(), reason, &key()).await.expect("canceled");
        let sent = only(&transport);
        assert_eq!(sent.uri, "https://api.stripe.com/v1/payment_intents/pi_1/cancel");
        assert_eq!(sent.form(), pairs(&[("cancellation_reason", sent_as)]));
    }
}

#[tokio::test]
async fn a_payments_intents_are_found_by_its_id_and_others_are_left_out() {
    let other = intent_json().replace(PAYMENT, "pay_ffffffffffffffffffffffffffffffff");
    let page =
        format!(r#"{{"object": "search_result", "data": [{}, {other}], "has_more": false}}"#, intent_json());
    let transport = ScriptedTransport::new([Step::reply(200, page)]);
    let payment = PaymentId::parse(PAYMENT).expect("id");
    let found = transport.session().find_intents(&payment).await.expect("found");
    assert_eq!(found.len(), 1);
    let sent = only(&transport);
    let (path, query) = sent.uri.split_once('?').expect("query");
    assert_eq!(path, "https://api.stripe.com/v1/payment_intents/search");
    let query: Vec<(String, String)> = serde_urlencoded::from_str(query).expect("query");
    assert_eq!(query, pairs(&[("query", &format!("metadata['payment_id']:'{PAYMENT}'"))]));
}

#[tokio::test]
async fn an_account_is_retrieved_and_understood() {
    let body = r#"{"id": "acct_1", "object": "account", "capabilities": {"transfers": "active"},
        "payouts_enabled": false, "country": "DE", "default_currency": "eur"}"#;
    let transport = ScriptedTransport::new([Step::reply(200, body)]);
    let id = AccountId::parse("acct_1").expect("id");
    let seen = transport.session().retrieve_account(AccountsApi::V1, &id).await.expect("retrieved");
    let account = seen.attachable().expect("usable");
    assert!(account.transfers_active && !account.payouts_enabled);
    assert_eq!((account.country.as_str(), account.default_currency.code()), ("DE", "eur"));
    assert_eq!(only(&transport).uri, "https://api.stripe.com/v1/accounts/acct_1");
}

#[tokio::test]
async fn a_charge_on_behalf_of_the_creator_names_the_destination_as_its_merchant() {
    let transport = ScriptedTransport::new([Step::reply(200, intent_json())]);
    let parameters = IntentParameters { on_behalf_of: true, ..parameters(None) };
    transport.session().create_intent(&parameters, &key()).await.expect("created");
    let form = only(&transport).form();
    assert!(form.contains(&("on_behalf_of".to_owned(), "acct_1".to_owned())), "{form:?}");
}

fn asked(kind: AccountKind, card_payments: bool) -> AccountRequest {
    let parameters = AccountParameters { kind, country: "DE".to_owned(), card_payments, contact_email: None };
    AccountRequest {
        number: 2,
        parameters,
        requested_at: Timestamp::from_millis(5),
        refused_at: None,
        finished: false,
    }
}

/// The form that creates every account, with some additional fields.
fn account_form(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let always = [
        ("capabilities[transfers][requested]", "true"),
        ("country", "DE"),
        ("metadata[account_request]", "2-5"),
        ("metadata[creator_id]", "ana"),
        ("metadata[deployment]", "test-stack"),
    ];
    let mut form = pairs(&[&always[..], more].concat());
    form.sort();
    form
}

#[tokio::test]
async fn an_account_is_opened_under_its_requests_own_key_as_the_deployment_says() {
    let application =
        [("controller[fees][payer]", "application"), ("controller[losses][payments]", "application")];
    let express =
        [("controller[requirement_collection]", "stripe"), ("controller[stripe_dashboard][type]", "express")];
    let none = [
        ("controller[requirement_collection]", "application"),
        ("controller[stripe_dashboard][type]", "none"),
    ];
    let ana = CreatorId::parse("ana").expect("id");
    for (kind, more) in [
        (AccountKind::ControllerExpress, [application, express].concat()),
        (AccountKind::ControllerNone, [application, none].concat()),
        (AccountKind::TypeExpress, vec![("type", "express")]),
        (AccountKind::TypeCustom, vec![("type", "custom")]),
    ] {
        let transport = ScriptedTransport::new([Step::reply(200, r#"{"id": "acct_1"}"#)]);
        let view = transport.session().create_account(&ana, &asked(kind, false)).await.expect("opened");
        assert_eq!(view.id.as_str(), "acct_1");
        let sent = only(&transport);
        assert_eq!((&sent.method, sent.uri.as_str()), (&Method::POST, "https://api.stripe.com/v1/accounts"));
        assert_eq!(sent.header("idempotency-key"), Some("ana/account/2-5"));
        let mut form = sent.form();
        form.sort();
        assert_eq!(form, account_form(&more), "{kind:?}");
    }
}

#[tokio::test]
async fn an_account_that_is_to_be_a_merchant_asks_for_that_capability_too() {
    let transport = ScriptedTransport::new([Step::reply(200, r#"{"id": "acct_1"}"#)]);
    let ana = CreatorId::parse("ana").expect("id");
    let request = asked(AccountKind::TypeExpress, true);
    transport.session().create_account(&ana, &request).await.expect("opened");
    let capability = ("capabilities[card_payments][requested]".to_owned(), "true".to_owned());
    assert!(only(&transport).form().contains(&capability));
}

fn connected(api: AccountsApi) -> ConnectedAccount {
    let usd = Currency::parse("usd").expect("currency");
    ConnectedAccount { api, ..ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd) }
}

#[tokio::test]
async fn an_onboarding_link_leads_back_to_the_app_and_is_not_shown_in_logs() {
    let reply =
        r#"{"object": "account_link", "url": "https://connect.stripe.com/setup/s/x", "expires_at": 9}"#;
    let transport = ScriptedTransport::new([Step::reply(200, reply)]);
    let origins = AllowedOrigins::parse("https://app.example").expect("origins");
    let page = |path: &str| origins.admit(&format!("https://app.example{path}")).expect("allowed");
    let account = connected(AccountsApi::V1);
    let session = transport.session();
    let link = session.create_account_link(&account, &page("/done?a=1&b"), &page("/again"), &key()).await;
    let link = link.expect("linked");
    assert_eq!((link.url.as_str(), link.expires_at), ("https://connect.stripe.com/setup/s/x", 9));
    assert!(!format!("{link:?}").contains("connect.stripe.com"));
    let sent = only(&transport);
    assert_eq!(sent.uri, "https://api.stripe.com/v1/account_links");
    let mut form = sent.form();
    form.sort();
    let expected = [
        ("account", "acct_1"),
        ("refresh_url", "https://app.example/again"),
        ("return_url", "https://app.example/done?a=1&b"),
        ("type", "account_onboarding"),
    ];
    assert_eq!(form, pairs(&expected));
}
