//! Delivery of webhooks: signed, retried, in no particular order (docs.stripe.com/webhooks).

use crate::clock::delivery_retries::{Attempt, Delivered};
use crate::objects::deliveries::Payload;
use crate::server::stand_in::{StandIn, now_ms};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::time::Duration;
use tokio::task::JoinSet;

/// A delivery without an answer after this time is retried.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Concurrent deliveries, so that a slow one does not hold up the others.
const MAX_CONCURRENT: usize = 32;

/// A webhook endpoint, or an event destination for thin events.
#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    /// The active signing secrets; two while one is being rolled.
    pub secrets: Vec<String>,
    /// What is sent to it: events with the object, or thin events.
    pub payload: Payload,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Endpoint");
        fields.field("url", &self.url).field("secrets", &self.secrets.len()).field("payload", &self.payload);
        fields.finish()
    }
}

/// The `Stripe-Signature` of `body` at `timestamp` (Unix seconds): one `v1` per secret.
#[must_use]
pub fn signature_header(body: &[u8], timestamp: i64, secrets: &[String]) -> String {
    let mut header = format!("t={timestamp}");
    for secret in secrets {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            continue;
        };
        mac.update(timestamp.to_string().as_bytes());
        mac.update(b".");
        mac.update(body);
        header.push_str(",v1=");
        header.push_str(&hex::encode(mac.finalize().into_bytes()));
    }
    header
}

impl StandIn {
    /// Delivers events and never ends. Run it once, in a task of its own.
    pub async fn deliver_webhooks(&self) {
        let mut under_way = JoinSet::new();
        loop {
            let room = MAX_CONCURRENT.saturating_sub(under_way.len());
            for (attempt, endpoint) in self.due_deliveries(room) {
                let stand_in = self.clone();
                under_way.spawn(async move { stand_in.deliver(&attempt, &endpoint).await });
            }
            // Without room, only the end of a delivery matters.
            let wait =
                if under_way.len() < MAX_CONCURRENT { self.until_next_delivery() } else { Duration::MAX };
            tokio::select! {
                () = self.call_answered() => {}
                () = tokio::time::sleep(wait) => {}
                Some(_) = under_way.join_next() => {}
            }
        }
    }

    async fn deliver(&self, attempt: &Attempt, endpoint: &Endpoint) {
        let now_s = now_ms().div_euclid(1000);
        let sent = self
            .http()
            .post(&endpoint.url)
            .timeout(TIMEOUT)
            .header("content-type", "application/json; charset=utf-8")
            .header("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header("accept", "*/*; q=0.5, application/xml")
            .header("cache-control", "no-cache")
            .header("stripe-signature", signature_header(attempt.body.as_bytes(), now_s, &endpoint.secrets))
            .body(attempt.body.clone())
            .send()
            .await;
        let outcome = match sent {
            Ok(response) if response.status().is_success() => Delivered::Yes,
            Ok(response) => {
                tracing::info!(
                    event = attempt.event_id,
                    status = response.status().as_u16(),
                    "webhook refused"
                );
                Delivered::No
            }
            Err(_) => Delivered::No,
        };
        self.delivered(attempt, outcome);
    }
}
