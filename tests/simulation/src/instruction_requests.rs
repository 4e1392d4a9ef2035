//! How often each transfer instruction is sent to Stripe.

use http::Method;
use std::collections::BTreeMap;
use std::ops::AddAssign;
use stripe_stand_in::Call;

/// The requests that execute transfer instructions, in schedules without faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InstructionRequests {
    pub instructions: u64,
    pub sent: u64,
}

impl AddAssign for InstructionRequests {
    fn add_assign(&mut self, other: Self) {
        self.instructions += other.instructions;
        self.sent += other.sent;
    }
}

/// The requests of one schedule, by idempotency key.
#[derive(Default)]
pub(crate) struct InstructionLog(BTreeMap<String, u64>);

impl InstructionLog {
    pub(crate) fn note(&mut self, call: &Call) {
        let is_instruction = call.path == "/v1/transfers" || call.path.ends_with("/reversals");
        if let Some(key) =
            call.idempotency_key.as_ref().filter(|_| is_instruction && call.method == Method::POST)
        {
            *self.0.entry(key.clone()).or_default() += 1;
        }
    }

    pub(crate) fn sum(&self) -> InstructionRequests {
        let instructions = u64::try_from(self.0.len()).unwrap_or_default();
        InstructionRequests { instructions, sent: self.0.values().sum() }
    }
}
