//! What the rest of the app is told.

use crate::App;
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;

/// A guard against hanging, not a measurement.
const PATIENCE: Duration = Duration::from_secs(30);

impl App {
    /// The events that pass a filter of the feed, such as `creator_id=ana`, from the first one to the first that fits, whether they
    /// were told already or are still to come.
    ///
    /// # Panics
    /// When none fits.
    pub async fn published_until(&self, filter: &str, fits: impl Fn(&Value) -> bool) -> Vec<Value> {
        let told = tokio::time::timeout(PATIENCE, self.feed_until(filter, fits)).await;
        told.unwrap_or_else(|_| panic!("never told: {filter}"))
    }

    async fn feed_until(&self, filter: &str, fits: impl Fn(&Value) -> bool) -> Vec<Value> {
        let path = format!("/local/events?last_event_id=0&{filter}");
        let mut feed = self.request(Method::GET, &path).send().await.expect("an answer");
        let mut heard = String::new();
        loop {
            let chunk = feed.chunk().await.expect("connected").expect("open");
            heard.push_str(&String::from_utf8_lossy(&chunk));
            // What is behind the last blank line has not come whole.
            let whole = heard.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
            let data = whole.lines().filter_map(|line| line.strip_prefix("data: "));
            let mut told: Vec<Value> = data.map(|data| serde_json::from_str(data).expect("JSON")).collect();
            if let Some(at) = told.iter().position(&fits) {
                told.truncate(at + 1);
                return told;
            }
        }
    }
}
