//! A request that is done at most once, whatever becomes of its replies.

use crate::{Refusal, StripeError};
use payments::KeyAge;
use std::future::Future;

/// What became of a request that was frozen before it was first sent.
#[derive(Debug)]
pub enum Sent<T> {
    /// It is done, now or by an earlier attempt.
    Made(T),
    /// It is not done, and under this key it never is.
    Refused(Refusal),
    /// Its key tells nothing: it is too old, or another release wrote the request otherwise. What was done is to be
    /// looked up, and the request never sent again.
    LookUp,
}

/// Sends a request under its key while Stripe remembers that.
///
/// # Errors
/// [`StripeError`], when the outcome is unknown: the same request may be sent again under the same key.
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
