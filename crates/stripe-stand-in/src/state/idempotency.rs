//! Idempotency keys (docs.stripe.com/api/idempotent_requests).
//!
//! A key belongs to an account. Its first executed request keeps status and body for 24 hours; the same
//! request gets them again, another request is refused. A request that fails validation executed nothing and
//! keeps nothing.

use crate::objects::kept_replies::KeptReply;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::reply::Reply;
use sha2::{Digest, Sha256};

const MAX_LENGTH: usize = 255;

/// A request's idempotency key and what identifies the request under it.
pub(crate) struct Claim {
    /// Account and key: the same key of two accounts is two keys.
    pub(crate) scope: String,
    key: String,
    path: String,
    fingerprint: String,
}

impl Claim {
    /// `None` when the call has no key, or needs none: only POST executes anything twice.
    pub(crate) fn of(call: &Call, params: &Params) -> Result<Option<Self>, StripeError> {
        let Some(scope) = scope(call) else {
            return Ok(None);
        };
        let Some(key) = call.idempotency_key.clone() else {
            return Ok(None);
        };
        if key.len() > MAX_LENGTH {
            return Err(StripeError::idempotency(
                400,
                format!("Idempotency keys may not be longer than {MAX_LENGTH} characters."),
            ));
        }
        Ok(Some(Self { scope, key, path: call.path.clone(), fingerprint: fingerprint(params) }))
    }

    /// The kept answer, if this is the request that it was kept for.
    pub(crate) fn replay(&self, kept: Option<&KeptReply>, now_ms: i64) -> Result<Option<Reply>, StripeError> {
        let Some(kept) = kept.filter(|kept| !kept.has_lapsed(now_ms)) else {
            return Ok(None);
        };
        let key = &self.key;
        if kept.path != self.path {
            return Err(StripeError::idempotency(
                400,
                format!(
                    "Keys for idempotent requests can only be used for the same endpoint they were first used for \
                     ('{}' vs '{}'). Try using a key other than '{key}' if you meant to execute a different request.",
                    self.path, kept.path
                ),
            ));
        }
        if kept.fingerprint != self.fingerprint {
            return Err(StripeError::idempotency(
                400,
                format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first used \
                     with. Try using a key other than '{key}' if you meant to execute a different request."
                ),
            ));
        }
        Ok(Some(kept.replay()))
    }

    pub(crate) fn keep(self, reply: &Reply, request_id: &str, now_ms: i64) -> KeptReply {
        KeptReply {
            status: reply.status,
            body: reply.body.clone(),
            request_id: request_id.to_owned(),
            path: self.path,
            fingerprint: self.fingerprint,
            kept_at_ms: now_ms,
        }
    }
}

/// What a call locks while it runs: its account and idempotency key.
pub(crate) fn scope(call: &Call) -> Option<String> {
    let key = call.idempotency_key.as_deref()?;
    let executes = call.method == http::Method::POST && call.path.starts_with("/v1/");
    executes.then(|| format!("{}/{key}", call.stripe_account.as_deref().unwrap_or_default()))
}

/// 409: the same key is being used by a request that has not finished.
pub(crate) fn in_use(key: &str) -> StripeError {
    StripeError::idempotency(
        409,
        format!(
            "There is currently another in-progress request using this Idempotent Key (that probably means you \
             submitted twice, and the other request is still going through): {key}. Please try again later."
        ),
    )
    .code("idempotency_key_in_use")
}

fn fingerprint(params: &Params) -> String {
    let mut hash = Sha256::new();
    for (name, value) in params.iter() {
        let value =
            if name.ends_with("[number]") || name.ends_with("[cvc]") { last_four(value) } else { value };
        for part in [name, value] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hex::encode(&hash.finalize()[..16])
}

/// A hash of a card number could be searched for; of its last four digits there is nothing to find.
fn last_four(secret: &str) -> &str {
    let from = secret.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    if secret.len() > 8 { &secret[from..] } else { "" }
}
