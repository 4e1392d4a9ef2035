//! Refunds: a sender refunds their own payments, an operator any.

use super::{delay, retry_delay};
use crate::client::{Client, Message};
use crate::currency::Currency;
use crate::gateway::Invocation;
use fastrand::Rng;
use serde_json::json;

pub(crate) const POST_REFUND: &str = "POST /v1/payments/{payment_id}/refunds";
const GET_REFUNDS: &str = "GET /v1/payments/{payment_id}/refunds";

/// A few refunds, each repeated under its key until it is answered.
pub(crate) async fn refund(client: Client, mut rng: Rng, currency: Currency) {
    for _ in 0..rng.u8(1..=3) {
        delay(&client, &mut rng).await;
        let Some((payment, sender)) = client.some_payment(&mut rng) else { continue };
        let by_operator = rng.bool();
        // Few keys, so that refunders who do not know of each other share them.
        let key = format!("refund-{}", rng.u8(..3));
        let amount = currency.of_cents([100, 500, 999][rng.usize(..3)]);
        let body = match rng.u8(..4) {
            0 | 1 => json!({}),
            2 => json!({"amount": rng.i64(1..60) * currency.step}),
            _ => json!({"amount": amount, "reason": "simulated"}),
        };
        let ask = || {
            let asked = match by_operator {
                true => Invocation::of_operator("op", POST_REFUND, &body),
                false => Invocation::of_user(sender, POST_REFUND, &body),
            };
            asked.with_parameter("payment_id", payment.clone()).with_header("idempotency-key", key.clone())
        };
        for tries in 0..8 {
            match client.call(ask()).await.status() {
                0 | 429 | 500.. => retry_delay(&client, tries).await,
                _ => break,
            }
        }
        if rng.u8(..3) == 0 {
            let list = match by_operator {
                true => Invocation::of_operator("op", GET_REFUNDS, &json!({})),
                false => Invocation::of_user(sender, GET_REFUNDS, &json!({})),
            };
            let reply = client.call(list.with_parameter("payment_id", payment.clone())).await;
            if !matches!(reply.status(), 0 | 200 | 429 | 500..) {
                client.report(Message::Violation(format!(
                    "a payment's refunds are answered {}",
                    reply.status()
                )));
            }
        }
    }
}
