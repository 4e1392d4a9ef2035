//! Signatures of webhook deliveries (<https://docs.stripe.com/webhooks#verify-manually>).

use hmac::{Hmac, KeyInit, Mac};
use payments::Secret;
use sha2::Sha256;

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "stripe-signature";
/// How far a delivery's time may lie from ours, either way, in seconds. Stripe signs each retry anew.
pub const SIGNATURE_TOLERANCE_S: i64 = 300;
/// The scheme of signatures that counts; Stripe adds others to test deliveries.
const SCHEME: &str = "v1";
/// Bytes of an HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

type HmacSha256 = Hmac<Sha256>;

/// Why a delivery is not accepted. One variant per failure; none tells what would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("there is no {SIGNATURE_HEADER} header")]
    Missing,
    /// The header is not of the form `t=…,v1=…`, with one `t`.
    #[error("the {SIGNATURE_HEADER} header is malformed")]
    Malformed,
    /// No signature matches under any configured secret.
    #[error("no signature matches")]
    NoMatch,
    /// The signature is right, but too old (or, with a negative age, too far ahead).
    #[error("the signature is {age_s} s old, beyond {SIGNATURE_TOLERANCE_S} s either way")]
    Stale {
        /// Our time less the signature's, in seconds.
        age_s: i64,
    },
}

/// Checks that `body`, to its last byte as sent, was signed with one of `secrets` within the tolerance of
/// `now_s` (seconds since the epoch).
///
/// Every signature is compared under every secret, each in constant time: while a secret is being rolled,
/// Stripe signs with both, and a Connect endpoint has its own. An empty secret never matches.
///
/// # Errors
/// [`SignatureError`]. The time is judged last, so that `Stale` is said of authentic deliveries only.
pub fn verify_signature(
    header: Option<&[u8]>,
    body: &[u8],
    secrets: &[Secret],
    now_s: i64,
) -> Result<(), SignatureError> {
    let header = SignatureHeader::parse(header.ok_or(SignatureError::Missing)?)?;
    let matches = secrets.iter().filter(|secret| !secret.expose().is_empty()).any(|secret| {
        let mac = mac(secret, header.time, body);
        header.signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    });
    if !matches {
        return Err(SignatureError::NoMatch);
    }
    let age_s = now_s.saturating_sub(header.time_s);
    if age_s.saturating_abs() > SIGNATURE_TOLERANCE_S {
        return Err(SignatureError::Stale { age_s });
    }
    Ok(())
}

/// The header that Stripe would send with `body` at `time_s` (seconds since the epoch).
#[must_use]
pub fn sign(secret: &Secret, time_s: i64, body: &[u8]) -> String {
    let signature = mac(secret, &time_s.to_string(), body).finalize().into_bytes();
    format!("t={time_s},{SCHEME}={}", hex::encode(signature))
}

fn mac(secret: &Secret, time: &str, body: &[u8]) -> HmacSha256 {
    let mut mac = HmacSha256::new_from_slice(secret.expose()).expect("HMAC takes a key of any length");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

struct SignatureHeader<'a> {
    /// As sent, since that is what is signed.
    time: &'a str,
    time_s: i64,
    signatures: Vec<[u8; SIGNATURE_BYTES]>,
}

impl<'a> SignatureHeader<'a> {
    fn parse(header: &'a [u8]) -> Result<Self, SignatureError> {
        let header = str::from_utf8(header).map_err(|_| SignatureError::Malformed)?;
        let (mut time, mut has_signature, mut signatures) = (None, false, Vec::new());
        for part in header.split(',') {
            let (name, value) = part.split_once('=').ok_or(SignatureError::Malformed)?;
            let value = value.trim();
            match name.trim() {
                "t" if time.is_some() => return Err(SignatureError::Malformed),
                "t" => time = Some(value),
                SCHEME => {
                    has_signature = true;
                    let mut signature = [0; SIGNATURE_BYTES];
                    // What is not a signature matches nothing; another one beside it still can.
                    if hex::decode_to_slice(value, &mut signature).is_ok() {
                        signatures.push(signature);
                    }
                }
                _ => {}
            }
        }
        let time = time.filter(|_| has_signature).ok_or(SignatureError::Malformed)?;
        let digits_only = time.bytes().all(|digit| digit.is_ascii_digit());
        let time_s = time.parse().ok().filter(|_| digits_only).ok_or(SignatureError::Malformed)?;
        Ok(Self { time, time_s, signatures })
    }
}

#[cfg(test)]
mod tests;
