//! Reconciliation at any time: by an operator who goes on until it ends, or by the schedule. Two of them can meet.

use super::later;
use crate::gateway::{Invocation, RECONCILE, SCHEDULE};
use crate::outside::Outside;
use fastrand::Rng;
use serde_json::Value;

/// A few reconciliations, or parts of one.
pub(crate) async fn reconcile(outside: Outside, mut rng: Rng) {
    for _ in 0..rng.u8(1..=3) {
        later(&outside, &mut rng).await;
        if rng.bool() {
            let scheduled = Invocation { route: SCHEDULE, ..Invocation::default() };
            outside.call(scheduled).await;
            continue;
        }
        for _ in 0..rng.u8(1..4) {
            let reply = outside.call(Invocation::of_operator("op", RECONCILE, &Value::Null)).await;
            if reply.body()["finished"] == true {
                break;
            }
        }
    }
}
