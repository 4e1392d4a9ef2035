//! A request takes effect at most once, even if its replies are lost.

use crate::{Refusal, StripeError};
use payments::KeyAge;
use std::future::Future;

/// The outcome of a request whose parameters were frozen before it was first sent.
#[derive(Debug)]
pub enum Sent<T> {
    /// This attempt or an earlier one took effect.
    Made(T),
    /// The request has no effect, and never will under this key.
    Refused(Refusal),
    /// The key is too old, or another release wrote the request differently. The caller must look up what was
    /// done, and never send the request again.
    LookUp,
}

/// Sends a request under its key, unless Stripe may have forgotten the key.
///
/// # Errors
/// [`StripeError`] when the outcome is unknown: the same request may be sent again under the same key.
pub async fn send_once<T>(
    age: KeyAge,
    request: impl Future<Output = Result<T, StripeError>>,
) -> Result<Sent<T>, StripeError> {
    match age {
        KeyAge::MayBeForgotten => return Ok(Sent::LookUp),
        KeyAge::Remembered => {}
    }
    match request.await {
        Ok(made) => Ok(Sent::Made(made)),
        Err(StripeError::KeyReused) => Ok(Sent::LookUp),
        Err(StripeError::Refused(refusal)) => Ok(Sent::Refused(refusal)),
        Err(error) => Err(error),
    }
}
