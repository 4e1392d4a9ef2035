//! Payments are made in currencies in which the platform has a balance, and in no other, so that the creator's share is
//! exact: checked at settings, quote and payment.

use black_box::{Answer, App, eventually, text};
use local::stack::{Options, Stack};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

const DEE: &str = "/v1/creators/dee/settings";
/// In the form of `FeeSchedule`: the list prices of a US platform are in US dollars alone.
const FEES: &str = "eur=29000+30,gbp=29000+30";

/// A stack whose platform settles in some currencies, with parameters of the template.
fn settling_in(currencies: &str, parameters: &[(&str, &str)]) -> Options {
    Options {
        settlement_currencies: currencies.split(',').map(str::to_owned).collect(),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Options::default()
    }
}

/// A creator whose account is ready, in a country and with a currency of its own.
async fn creator(app: &App, id: &str, country: &str, currency: &str) {
    let form = [("country", country), ("currency", currency)];
    let account = app.stripe(Method::POST, "/stand_in/accounts", &form).await.body;
    let set = app.operator().set_account(id, "enabled", text(&account, "id")).await;
    assert_eq!(set.status, 200, "{set:?}");
}

fn order(creator: &str, amount: i64, currency: &str) -> Value {
    json!({"creator_id": creator, "amount": amount, "currency": currency})
}

/// A payment from `sam`, paid with a card and settled here.
async fn paid(app: &App, order: Value, card: &str) -> Value {
    let sam = app.user("sam");
    let created = sam.pay("k", order).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(app.confirm(&created.body, card).await.status, 200);
    sam.until_status(&created.body, "succeeded").await
}

/// Reconciles, without differences, and compares the balances in a payment's ledger.
async fn ends_with(app: &App, payment: &Value, balances: &[(&str, i64)]) {
    assert_eq!(app.reconciled().await["differences_found"], 0);
    let balances = balances.iter().map(|(account, amount)| ((*account).to_owned(), *amount)).collect();
    assert_eq!(app.balances(payment).await, balances);
}

fn refused_in_words(refused: &Answer, words: &[&str]) {
    assert_eq!(refused.problem(), (422, "currency_mismatch"), "{refused:?}");
    assert_eq!(refused.body["field"], "currency");
    let detail = text(&refused.body, "detail");
    assert!(words.iter().all(|word| detail.contains(word)), "{detail}");
}

#[tokio::test]
async fn a_currency_in_which_the_platform_has_no_balance_is_refused_at_settings_quote_and_payment() {
    let app = App::start().await;
    creator(&app, "dee", "DE", "eur").await;
    let sam = app.user("sam");
    assert_eq!(sam.get("/v1/creators/dee").await.body["currency"], "usd");
    refused_in_words(&sam.post("/v1/quotes", order("dee", 1_000, "eur")).await, &["in usd"]);
    let payment = sam.pay("k", order("dee", 1_000, "eur")).await;
    refused_in_words(&payment, &["receives money in usd", "Choose an amount in usd"]);
    assert_eq!(payment.reasons(), ["currency_mismatch"]);
    refused_in_words(
        &app.user("dee").put(DEE, json!({"currency": "eur"})).await,
        &["Choose usd", "Stripe converts"],
    );
    assert_eq!((app.row_of("sam").await, app.intents().await.len()), (None, 0));
}

#[tokio::test]
async fn an_account_with_another_currency_receives_the_deployments_exactly_on_the_platforms_side() {
    let app = App::start().await;
    creator(&app, "dee", "DE", "eur").await;
    let settings = app.user("dee").get(DEE).await.body;
    assert_eq!((&settings["currency"], &settings["account_currency"]), (&json!("usd"), &json!("eur")));
    let payment = paid(&app, order("dee", 1_000, "usd"), "pm_card_visa").await;
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 0)]);
    let balances = [("card", -1_061), ("creator:dee", 1_000), ("stripe_fees", 61)];
    ends_with(&app, &payment, &balances).await;
    assert!(app.postings(&payment).await.iter().all(|posting| posting.currency == "usd"));
}

#[tokio::test]
async fn a_creator_chooses_among_the_settlement_currencies_and_receives_their_own_by_default() {
    let parameters = [("SettlementCurrencies", "usd,eur,gbp"), ("FeeSchedule", FEES)];
    let app = App::start_with(settling_in("usd,eur,gbp", &parameters)).await;
    creator(&app, "dee", "DE", "eur").await;
    creator(&app, "kim", "CH", "chf").await;
    let (dee, sam) = (app.user("dee"), app.user("sam"));
    assert_eq!(dee.get(DEE).await.body["currency"], "eur");
    assert_eq!(sam.get("/v1/creators/kim").await.body["currency"], "usd");
    assert_eq!(dee.put(DEE, json!({"currency": "gbp"})).await.body["currency"], "gbp");
    refused_in_words(&dee.put(DEE, json!({"currency": "chf"})).await, &["eur, gbp or usd"]);
    refused_in_words(&sam.post("/v1/quotes", order("dee", 1_000, "eur")).await, &["in gbp"]);
    assert_eq!(sam.post("/v1/quotes", order("dee", 1_000, "gbp")).await.status, 200);
    let audit = app.operator().get("/v1/admin/creators/dee/audit").await.body;
    let changes = &audit["items"][0]["changes"];
    assert_eq!(changes, &json!([{"field": "currency", "from": null, "to": "gbp"}]));
}

#[tokio::test]
async fn what_a_refund_that_failed_took_is_transferred_again_in_the_payments_currency() {
    let parameters = [("SettlementCurrencies", "usd,eur"), ("FeeSchedule", FEES)];
    let app = App::start_with(settling_in("usd,eur", &parameters)).await;
    creator(&app, "dee", "DE", "eur").await;
    let payment = paid(&app, order("dee", 1_000, "eur"), "pm_card_refundFail").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({})).await.status, 202);
    let balances = [("card", -1_061), ("creator:dee", 1_000), ("platform", 5), ("stripe_fees", 56)];
    let again = eventually("it is transferred again", async || {
        let transfers = app.transfers_at_stripe(&payment).await;
        (transfers.len() == 2).then_some(transfers)
    });
    assert_eq!(again.await, [(1_000, 1_000), (1_000, 0)]);
    ends_with(&app, &payment, &balances).await;
}

#[tokio::test]
async fn the_fee_is_that_of_the_platforms_country() {
    let parameters = [("PlatformCountry", "DE"), ("DefaultCurrency", "eur")];
    let app = App::start_with(Options {
        region: "EEA".parse().expect("a region"),
        ..settling_in("eur", &parameters)
    })
    .await;
    creator(&app, "dee", "DE", "eur").await;
    let quote = app.user("sam").post("/v1/quotes", order("dee", 1_000, "eur")).await.body;
    assert_eq!((&quote["processing_fee"], &quote["total"]), (&json!(41), &json!(1_041)));
    let payment = paid(&app, order("dee", 1_000, "eur"), "pm_card_de").await;
    let balances = [("card", -1_041), ("creator:dee", 1_000), ("stripe_fees", 41)];
    ends_with(&app, &payment, &balances).await;
}

#[tokio::test]
async fn as_the_merchant_a_creator_receives_in_their_accounts_currency_at_their_countrys_price() {
    let app = App::start_with(settling_in("usd", &[("OnBehalfOf", "true"), ("Countries", "US,DE,BR")])).await;
    creator(&app, "dee", "DE", "eur").await;
    let sam = app.user("sam");
    let quote = sam.post("/v1/quotes", order("dee", 1_000, "eur")).await.body;
    assert_eq!(quote["total"], 1_041, "the German list price");
    refused_in_words(&sam.post("/v1/quotes", order("dee", 1_000, "usd")).await, &["in eur"]);
    refused_in_words(&app.user("dee").put(DEE, json!({"currency": "usd"})).await, &["Choose eur"]);
    let unpriced = app.user("bea").start_onboarding_in("bea", json!("BR")).await;
    assert_eq!(unpriced.problem(), (422, "country_unsupported"), "no price is known there");
    creator(&app, "bea", "BR", "brl").await;
    assert_eq!(sam.get("/v1/creators/bea").await.reasons(), ["country_unsupported"]);
}

#[tokio::test]
async fn a_deployment_without_a_fee_schedule_for_its_currency_does_not_start_and_says_what_to_do() {
    for (parameters, words) in [
        (&[("DefaultCurrency", "eur")][..], ["FeeSchedule", "eur=", "a platform in US"]),
        (
            &[("PlatformCountry", "BR"), ("DefaultCurrency", "brl")],
            ["FeeSchedule", "brl=", "a platform in BR"],
        ),
        (
            &[("SettlementCurrencies", "eur,gbp"), ("FeeSchedule", FEES)],
            ["SettlementCurrencies", "lacks usd", "add it"],
        ),
    ] {
        let refused = Stack::start(settling_in("usd", parameters)).await.err().expect("it does not start");
        let refused =
            std::error::Error::source(&refused).map_or_else(|| refused.to_string(), ToString::to_string);
        assert!(words.iter().all(|word| refused.contains(word)), "{refused}");
    }
}

/// The stack over `directory`, whose platform keeps its balances in US dollars and euros.
async fn restarted(directory: &Path, parameters: &[(&str, &str)]) -> App {
    let options = settling_in("usd,eur", parameters);
    App::start_with(Options { data_dir: Some(directory.to_owned()), ..options }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_made_before_a_currency_left_the_parameter_still_end_right() {
    let directory = tempfile::tempdir().expect("a directory");
    let app =
        restarted(directory.path(), &[("SettlementCurrencies", "usd,eur"), ("FeeSchedule", FEES)]).await;
    creator(&app, "dee", "DE", "eur").await;
    let euros = order("dee", 1_000, "eur");
    let settled = paid(&app, euros.clone(), "pm_card_visa").await;
    let open = app.user("kim").pay("k", euros.clone()).await.body;
    app.chaos(json!({"respond_500": 1_000_000})).await;
    assert_eq!(app.user("eve").pay("k", euros.clone()).await.status, 503, "stored, and without an intent");
    drop(app);

    let app = restarted(directory.path(), &[]).await;
    let (sam, kim, eve) = (app.user("sam"), app.user("kim"), app.user("eve"));
    refused_in_words(&sam.pay("new", euros.clone()).await, &["in usd"]);
    let ended = eve.pay("k", euros.clone()).await;
    assert_eq!(ended.problem(), (422, "currency_unsupported"), "{ended:?}");
    assert_eq!(app.row_of("eve").await.expect("a row")["status"]["S"], "canceled");

    assert_eq!(kim.pay("k", euros).await.body["client_secret"], open["client_secret"]);
    assert_eq!(app.confirm(&open, "pm_card_visa").await.status, 200);
    kim.until_status(&open, "succeeded").await;
    assert_eq!(sam.refund(&settled, "r", json!({})).await.status, 202);
    // The processing fee is what the deployment expected, five cents more than the stand-in takes for euros.
    ends_with(&app, &settled, &[("card", -61), ("platform", 5), ("stripe_fees", 56)]).await;
    let received = [("card", -1_061), ("creator:dee", 1_000), ("platform", 5), ("stripe_fees", 56)];
    ends_with(&app, &open, &received).await;
}
