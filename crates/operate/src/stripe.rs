//! A session with Stripe, and the endpoints that it lists.

use crate::endpoints::Endpoint;
use payments::{DeploymentId, IdempotencyKey, Secret};
use payments_stripe::{ApiBase, HyperTransport, Session, Stripe, StripeError};

/// A session under `key`, whose writes are of `deployment`.
///
/// # Errors
/// [`StripeError::UnusableKey`].
pub fn session(base: &ApiBase, deployment: &DeploymentId, key: &Secret) -> Result<Session, StripeError> {
    Stripe::new(HyperTransport::new(), base.clone(), deployment.clone()).authorized(key)
}

/// Every endpoint of the Stripe account, disabled ones included.
///
/// # Errors
/// [`StripeError`].
pub async fn endpoints(session: &Session, with_thin: bool) -> Result<Vec<Endpoint>, StripeError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = session.list_webhook_endpoints(after.as_deref()).await?;
        all.extend(page.data.into_iter().map(Endpoint::of_v1));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if !with_thin {
        return Ok(all);
    }
    loop {
        let page = session.list_thin_destinations(after.as_deref()).await?;
        all.extend(page.data.into_iter().map(Endpoint::thin));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// A key that no earlier run had: what an interrupted run did is seen at Stripe, and not by its keys.
#[must_use]
pub fn new_key(what: &str) -> IdempotencyKey {
    let key = format!("operate/{what}/{:016x}", fastrand::u64(..));
    IdempotencyKey::parse(&key).expect("a word and a number are visible and short")
}
