//! Definite refusals by Stripe, by what they are about.

use super::Simulation;
use crate::network::Reply;
use stripe_stand_in::Call;

impl Simulation {
    /// Counts a refusal that is no fault of the network.
    pub(super) fn note_refusal(&mut self, call: &Call, reply: &Reply) {
        if reply.status() == 400
            && let Some(cause) = cause(call, &reply.body()["error"])
        {
            self.occurrences.count(cause);
        }
    }
}

fn cause(call: &Call, error: &serde_json::Value) -> Option<&'static str> {
    let is_creation = |path: &str| call.path == path;
    let (code, message) = (error["code"].as_str(), error["message"].as_str().unwrap_or_default());
    if is_creation("/v1/accounts") || is_creation("/v2/core/accounts") {
        return Some("refused: creation of an account");
    }
    if !is_creation("/v1/payment_intents") {
        return None;
    }
    match code {
        _ if error["param"] == "receipt_email" => Some("refused: receipt_email"),
        Some("amount_too_small") => Some("refused: amount_too_small"),
        Some("insufficient_capabilities_for_transfer") => Some("refused: destination"),
        _ if message.contains("outside the platform's region") => Some("refused: region"),
        _ => Some("refused: another cause"),
    }
}
