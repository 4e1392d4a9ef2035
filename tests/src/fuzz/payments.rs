//! The payments that the events are about: some whose events were delivered first, some whose events only come mutated, and
//! some whose rows were damaged afterwards.

use super::corpus::all_events;
use crate::{App, Breakable, eventually, text};
use reqwest::Method;
use serde_json::{Value, json};

pub(super) struct Payments {
    pub(super) readable: Vec<String>,
    /// What is known of these cannot be read.
    pub(super) damaged: Vec<String>,
}

/// How a payment begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// Stripe's events about it were delivered.
    Known,
    /// Its events only come mutated.
    Unknown,
    /// As known; then its row is damaged.
    Damaged,
}

const DISPUTED: Option<&str> = Some("pm_card_createDispute");
const PAID: Option<&str> = Some("pm_card_visa");
/// The first is refunded by hand at Stripe, the second by its sender, and the dispute of the third is won.
const PAYMENTS: [(Option<&str>, Begins); 11] = [
    (PAID, Begins::Known),
    (PAID, Begins::Known),
    (DISPUTED, Begins::Known),
    (DISPUTED, Begins::Known),
    (Some("pm_card_visa_chargeDeclined"), Begins::Unknown),
    (PAID, Begins::Unknown),
    (DISPUTED, Begins::Unknown),
    (None, Begins::Unknown),
    (None, Begins::Unknown),
    (PAID, Begins::Damaged),
    (DISPUTED, Begins::Damaged),
];

impl Payments {
    /// Pays, refunds, disputes and damages.
    pub(super) async fn make(stack: &Breakable) -> Self {
        let app = &stack.app;
        let mut payments = Vec::new();
        for (n, (card, begins)) in PAYMENTS.iter().enumerate() {
            let payment = app.user(&format!("payer-{n}")).created("k").await;
            if let Some(card) = card {
                app.confirm(&payment, card).await;
            }
            payments.push((payment, *begins));
        }
        let disputed = PAYMENTS.iter().filter(|(card, _)| *card == DISPUTED).count();
        eventually("the disputes", async || {
            (app.listed("/v1/disputes").await.len() == disputed).then_some(())
        })
        .await;
        deliver_known(app, &payments).await;
        app.reconciled().await;
        let refund = app.user("payer-1").refund(&payments[1].0, "r", json!({"amount": 400})).await;
        assert_eq!(refund.status, 202, "{refund:?}");
        refund_by_hand(app, &payments[0].0).await;
        win(app, &payments).await;
        let ids = |damaged: bool| {
            let of = payments.iter().filter(move |(_, begins)| (*begins == Begins::Damaged) == damaged);
            of.map(|(payment, _)| text(payment, "payment_id").to_owned()).collect::<Vec<_>>()
        };
        let (readable, damaged) = (ids(false), ids(true));
        for payment in &damaged {
            damage(app, payment).await;
        }
        Self { readable, damaged }
    }
}

/// Delivers what Stripe says about the payments that are known.
async fn deliver_known(app: &App, payments: &[(Value, Begins)]) {
    let known = payments.iter().filter(|(_, begins)| *begins != Begins::Unknown);
    let names: Vec<&str> = known
        .flat_map(|(payment, _)| ["payment_id", "stripe_payment_intent_id"].map(|name| text(payment, name)))
        .collect();
    for event in all_events(app).await {
        let body = event.to_string();
        if names.iter().any(|name| body.contains(name)) {
            assert_eq!(app.deliver(body).await.status, 200, "{event}");
        }
    }
}

/// A refund of a payment that somebody makes in Stripe's dashboard.
async fn refund_by_hand(app: &App, payment: &Value) {
    let intent = text(payment, "stripe_payment_intent_id");
    let form = [("payment_intent", intent), ("amount", "100"), ("reverse_transfer", "true")];
    let answer = app.stripe(Method::POST, "/v1/refunds", &form).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// Wins the dispute of the third payment, which makes its retransfer.
async fn win(app: &App, payments: &[(Value, Begins)]) {
    let payment = &payments[2].0;
    assert_eq!(app.transfers_at_stripe(payment).await, [(1_000, 1_000)], "the share is reversed");
    let mut disputes = app.listed("/v1/disputes").await.into_iter();
    let is_its = |dispute: &Value| dispute["payment_intent"] == payment["stripe_payment_intent_id"];
    let dispute = disputes.find(is_its).expect("its dispute");
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    let evidence = [("evidence[uncategorized_text]", "winning_evidence")];
    assert_eq!(app.stripe(Method::POST, &path, &evidence).await.status, 200);
    eventually("the dispute is won", async || {
        let dispute = app.stripe(Method::GET, &path, &[]).await.body;
        (dispute["status"] == "won").then_some(())
    })
    .await;
    deliver_known(app, payments).await;
    assert_eq!(
        app.transfers_at_stripe(payment).await,
        [(1_000, 1_000), (1_000, 0)],
        "it is transferred again"
    );
}

/// Damages an attribute of a payment's row.
async fn damage(app: &App, payment: &str) {
    let mut items = app.items(&format!("PAYMENT#{payment}")).await.into_iter();
    let mut row = items.find(|item| item["SK"]["S"] == "STATE").expect("a row");
    row["state"] = json!({"M": {"succeeded": {"S": "x"}}});
    app.put(&row).await;
}
