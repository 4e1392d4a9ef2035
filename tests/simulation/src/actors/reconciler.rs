//! Reconciliation at any time, by an operator until it ends, or by the schedule. Two of them can meet.

use super::delay;
use crate::client::Client;
use crate::gateway::{Invocation, RECONCILE, SCHEDULE};
use fastrand::Rng;
use serde_json::Value;

/// A few reconciliations, or slices of one.
pub(crate) async fn reconcile(client: Client, mut rng: Rng) {
    for _ in 0..rng.u8(1..=3) {
        delay(&client, &mut rng).await;
        if rng.bool() {
            let scheduled = Invocation { route: SCHEDULE, ..Invocation::default() };
            client.call(scheduled).await;
            continue;
        }
        for _ in 0..rng.u8(1..4) {
            let reply = client.call(Invocation::of_operator("op", RECONCILE, &Value::Null)).await;
            if reply.body()["finished"] == true {
                break;
            }
        }
    }
}
