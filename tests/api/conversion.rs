//! Payments on a platform whose balance has another currency than they do: set up otherwise than its parameters say.

use black_box::{App, eventually, text};
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Pays in US dollars, while the platform's account at Stripe has euros alone.
async fn settling_in_euros() -> App {
    App::start_with(Options { settlement_currencies: vec!["eur".to_owned()], ..Options::default() }).await
}

/// A platform whose payments are in one currency, while its account at Stripe has another one alone.
async fn converting(own: &str, balance: &str) -> App {
    let parameters = [
        ("SettlementCurrencies", own.to_owned()),
        ("DefaultCurrency", own.to_owned()),
        ("FeeSchedule", format!("{own}=29000+30")),
    ];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value)).into();
    let settlement_currencies = vec![balance.to_owned()];
    App::start_with(Options { settlement_currencies, parameters, ..Options::default() }).await
}

/// The postings of a payment summed by account and currency; each currency sums to zero.
async fn balances(app: &App, payment: &Value) -> BTreeMap<(String, String), i64> {
    let (mut balances, mut sums) = (BTreeMap::new(), BTreeMap::<String, i64>::new());
    for posting in app.postings(payment).await {
        *sums.entry(posting.currency.clone()).or_default() += posting.amount;
        *balances.entry((posting.account, posting.currency)).or_default() += posting.amount;
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
    balances
}

/// The changes of the platform's balance, without fees, and the fees: all in one currency.
async fn at_stripe(app: &App, currency: &str) -> (i64, i64) {
    let transactions = app.listed("/v1/balance_transactions?limit=100").await;
    let transactions: Vec<_> = transactions.into_iter().filter(|it| it["type"] != "topup").collect();
    let sum = |field: &str| transactions.iter().map(|it| it[field].as_i64().expect("an amount")).sum();
    assert!(transactions.iter().all(|it| it["currency"] == currency), "{transactions:?}");
    (sum("amount"), sum("fee"))
}

/// The books after all: the creator has `received` in the payment's currency, what was converted is what Stripe shows, and nothing is owed.
async fn end(app: &App, payment: &Value, received: i64) {
    let own = text(payment, "currency");
    let other = if own == "usd" { "eur" } else { "usd" };
    app.reconciled().await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
    let balances = balances(app, payment).await;
    let of = |account: &str, currency: &str| {
        balances.get(&(account.to_owned(), currency.to_owned())).copied().unwrap_or_default()
    };
    assert_eq!((of("creator:ana", own), of("creator:ana", other), of("owed:ana", own)), (received, 0, 0));
    let fx = format!("fx:{own}/{other}");
    assert_eq!((-of(&fx, other), of("stripe_fees", other)), at_stripe(app, other).await);
    assert_eq!(of("platform", own), 0, "the platform's gain is in its own currency: {balances:?}");
    assert_eq!(app.operator().payment(payment).await.body["owed"], 0);
}

#[tokio::test]
async fn a_converted_payment_is_booked_in_both_currencies_and_its_fee_in_the_balances() {
    let app = settling_in_euros().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(payment["fee"], json!({"currency": "usd", "estimated": 61, "actual": null, "variance": null}));
    end(&app, &payment, 1_000).await;
    let fee = app.operator().payment(&payment).await.body["fee"].clone();
    let (_, actual) = at_stripe(&app, "eur").await;
    let estimated = fee["estimated"].as_i64().expect("an amount");
    assert!((53..60).contains(&estimated), "61 cents in euros: {fee}");
    let known =
        json!({"currency": "eur", "estimated": estimated, "actual": actual, "variance": estimated - actual});
    assert_eq!(fee, known);
}

#[tokio::test]
async fn a_refund_and_a_dashboard_refund_of_a_converted_payment_take_the_share_in_the_payments_currency() {
    let app = settling_in_euros().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    let intent = app.intents().await[0].clone();
    let form = [("payment_intent", text(&intent, "id")), ("amount", "300")];
    assert_eq!(app.stripe(Method::POST, "/v1/refunds", &form).await.status, 200);
    app.operator().until("nothing is owed", &payment, |payment| payment["owed"] == 0).await;
    end(&app, &payment, 1_000 - 400 - 282).await;
}

#[tokio::test]
async fn what_a_refund_that_failed_took_is_transferred_again_in_the_balances_currency() {
    let app = settling_in_euros().await;
    let payment = app.paid("sam", "k", "pm_card_refundFail").await;
    app.reconciled().await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({})).await.status, 202);
    let again = eventually("it is transferred again", async || {
        let transfers = app.transfers_at_stripe(&payment).await;
        (transfers.len() == 2).then_some(transfers)
    });
    let again = again.await;
    assert_eq!(again[0], (1_000, 1_000));
    assert!((900..1_000).contains(&again[1].0), "ten dollars in euros: {again:?}");
    end(&app, &payment, 1_000).await;

    assert_eq!(app.operator().refund(&payment, "again", json!({})).await.status, 202);
    app.operator().until("nothing is owed", &payment, |payment| payment["owed"] == 0).await;
    let (sent, reversed) = app.transfers_at_stripe(&payment).await[1];
    assert!(reversed == sent || reversed == 0, "the retransfer is reversed whole, or waits for the bank");
}

#[tokio::test]
async fn a_refund_that_failed_is_returned_where_it_is_nothing_in_the_balances_currency() {
    let app = settling_in_euros().await;
    let payment = app.paid("sam", "k", "pm_card_refundFail").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({"amount": 1})).await.status, 202);
    eventually("the refund fails", async || {
        let transactions = app.listed("/v1/balance_transactions?limit=100").await;
        let amount_of = |kind: &str| transactions.iter().find(|it| it["type"] == kind)?["amount"].as_i64();
        assert_eq!((amount_of("refund")?, amount_of("refund_failure")?), (0, 0));
        Some(())
    })
    .await;
    end(&app, &payment, 1_000).await;
}

#[tokio::test]
async fn a_converted_dispute_takes_the_share_and_a_won_one_gives_it_again() {
    let app = settling_in_euros().await;
    let payment = app.paid("sam", "k", "pm_card_createDispute").await;
    let withdrawn = |payment: &Value| payment["disputed_amount"] == 1_061 && payment["owed"] == 0;
    app.operator().until("it is disputed", &payment, withdrawn).await;
    end(&app, &payment, 0).await;
    win(&app, &payment).await;
    end(&app, &payment, 1_000).await;
}

/// The only dispute is won, and the share is paid again.
async fn win(app: &App, payment: &Value) {
    let dispute = app.listed("/v1/disputes").await[0].clone();
    let form = [("evidence[uncategorized_text]", "winning_evidence")];
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    assert_eq!(app.stripe(Method::POST, &path, &form).await.status, 200);
    let won = |payment: &Value| payment["disputed_amount"] == 0 && payment["owed"] == 0;
    app.operator().until("it is won", payment, won).await;
}

#[tokio::test]
async fn a_share_that_was_paid_again_is_taken_back_whether_its_number_grew_or_shrank() {
    for (own, balance) in [("eur", "usd"), ("usd", "eur")] {
        let app = converting(own, balance).await;
        let order = json!({"creator_id": "ana", "amount": 1_000, "currency": own});
        let created = app.user("sam").pay("k", order).await;
        assert_eq!(created.status, 201, "{created:?}");
        let payment = created.body;
        assert_eq!(app.confirm(&payment, "pm_card_createDispute").await.status, 200);
        let withdrawn = |payment: &Value| payment["disputed_amount"] == 1_061 && payment["owed"] == 0;
        app.operator().until("it is disputed", &payment, withdrawn).await;
        app.reconciled().await;
        win(&app, &payment).await;
        end(&app, &payment, 1_000).await;
        let (sent, reversed) = app.transfers_at_stripe(&payment).await[1];
        assert_eq!((sent > 1_000, reversed), (own == "eur", 0), "{sent} {balance}");

        assert_eq!(app.operator().refund(&payment, "r", json!({})).await.status, 202);
        let refunded = |payment: &Value| payment["refunded_amount"] == 1_000 && payment["owed"] == 0;
        app.operator().until("it is refunded", &payment, refunded).await;
        assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000), (sent, sent)]);
        end(&app, &payment, 0).await;
    }
}

/// Disputes the only charge in the card's currency, which is neither the payment's nor the balance's.
async fn disputed_in_pounds(app: &App, amount: &str) {
    let charge = app.listed("/v1/charges").await[0].clone();
    let form = [("charge", text(&charge, "id")), ("amount", amount), ("currency", "gbp")];
    assert_eq!(app.stripe(Method::POST, "/stand_in/disputes", &form).await.status, 200);
}

#[tokio::test]
async fn a_dispute_in_the_cards_currency_is_exact_where_the_balance_has_the_payments() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    disputed_in_pounds(&app, "1061").await;
    let disputed = |payment: &Value| payment["disputed_amount"] != 0 && payment["owed"] == 0;
    let shown = app.operator().until("it is disputed", &payment, disputed).await;
    let withdrawn = shown["disputed_amount"].as_i64().expect("an amount");
    assert!((1_050..=1_072).contains(&withdrawn), "converted twice, each time at a rate of its own: {shown}");
    assert_eq!(shown["disputes"][0]["amount"], withdrawn, "shown in the payment's currency");
    app.reconciled().await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn a_dispute_in_a_third_currency_takes_its_part_of_the_converted_charge() {
    let app = settling_in_euros().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    app.reconciled().await;
    disputed_in_pounds(&app, "500").await;
    let disputed = |payment: &Value| payment["disputed_amount"] != 0 && payment["owed"] == 0;
    let shown = app.operator().until("it is disputed", &payment, disputed).await;
    let withdrawn = shown["disputed_amount"].as_i64().expect("an amount");
    assert!((490..=510).contains(&withdrawn), "{shown}");
    end(&app, &payment, 1_000 - withdrawn * 1_000 / 1_061).await;
}
