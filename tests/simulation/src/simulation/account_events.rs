//! Whether the news of accounts came twice and out of order.

use super::Simulation;
use serde_json::Value;

/// The account that an event of v1 or v2 is about, and when it was made.
fn account_event(event: &str) -> Option<(String, String)> {
    if !event.contains("v2.core.account") && !event.contains("\"account.updated\"") {
        return None;
    }
    let event: Value = serde_json::from_str(event).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match event["created"].as_i64() {
        Some(seconds) => Some((text(&event["account"])?, format!("{seconds:020}"))),
        None => Some((text(&event["related_object"]["id"])?, text(&event["created"])?)),
    }
}

impl Simulation {
    pub(super) fn note_doubled_account_event(&mut self, event: &str) {
        if account_event(event).is_some() {
            self.occurrences.count("news of an account doubled");
        }
    }

    /// An event was delivered.
    pub(super) fn note_account_event(&mut self, event: &str) {
        let Some((account, made_at)) = account_event(event) else { return };
        let newest = self.newest_account_events.entry(account).or_default();
        if made_at < *newest {
            self.occurrences.count("news of an account out of order");
        } else {
            *newest = made_at;
        }
    }
}
