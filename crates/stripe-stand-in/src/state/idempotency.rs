//! Idempotency keys (docs.stripe.com/api/idempotent_requests).
//!
//! A key belongs to an account. Status and body of its first executed request are saved for 24 hours: the same request
//! gets them again, another one is refused. For a request that fails validation, nothing is saved. The v2 namespace saves
//! successes only, for 30 days: a call that failed is executed again (docs.stripe.com/api-v2-overview#idempotency).

use crate::objects::saved_replies::SavedReply;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::reply::Reply;
use sha2::{Digest, Sha256};

const MAX_LENGTH: usize = 255;

/// A request's idempotency key, with the path and parameters that identify the request.
pub(crate) struct Claim {
    /// Account and key: two accounts may use the same key.
    pub(crate) scope: String,
    key: String,
    path: String,
    fingerprint: String,
}

impl Claim {
    /// `None` without a key, and for calls other than POST, which are idempotent.
    pub(crate) fn of(call: &Call, fingerprint: String) -> Result<Option<Self>, StripeError> {
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
        Ok(Some(Self { scope, key, path: call.path.clone(), fingerprint }))
    }

    /// The saved reply, if it belongs to the same request.
    pub(crate) fn replay(
        &self,
        saved: Option<&SavedReply>,
        now_ms: i64,
    ) -> Result<Option<Reply>, StripeError> {
        let Some(saved) = saved.filter(|saved| !saved.has_expired(now_ms)) else {
            return Ok(None);
        };
        let key = &self.key;
        if saved.path != self.path {
            return Err(StripeError::idempotency(
                400,
                format!(
                    "Keys for idempotent requests can only be used for the same endpoint they were first used for \
                     ('{}' vs '{}'). Try using a key other than '{key}' if you meant to execute a different request.",
                    self.path, saved.path
                ),
            ));
        }
        if saved.fingerprint != self.fingerprint {
            // v2 answers 409, which a retry cannot mend either.
            let status = if self.path.starts_with("/v2/") { 409 } else { 400 };
            return Err(StripeError::idempotency(
                status,
                format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first used \
                     with. Try using a key other than '{key}' if you meant to execute a different request."
                ),
            ));
        }
        Ok(Some(saved.replay()))
    }

    pub(crate) fn save(self, reply: &Reply, request_id: &str, now_ms: i64) -> SavedReply {
        SavedReply {
            status: reply.status,
            body: reply.body.clone(),
            request_id: request_id.to_owned(),
            path: self.path,
            fingerprint: self.fingerprint,
            saved_at_ms: now_ms,
        }
    }
}

/// The account and idempotency key of a POST, which are locked while it runs.
pub(crate) fn scope(call: &Call) -> Option<String> {
    let key = call.idempotency_key.as_deref()?;
    let executes = call.method == http::Method::POST && call.is_of_api();
    executes.then(|| format!("{}/{key}", call.stripe_account.as_deref().unwrap_or_default()))
}

/// 409: an unfinished request uses the same key.
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

/// A hash of the parameters of a call to v1.
pub(crate) fn fingerprint(params: &Params) -> String {
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

/// Card numbers are so few that a hash of one can be reversed; a hash of the last four digits reveals no number.
fn last_four(secret: &str) -> &str {
    let from = secret.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
    if secret.len() > 8 { &secret[from..] } else { "" }
}
