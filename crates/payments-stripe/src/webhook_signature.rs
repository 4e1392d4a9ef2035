//! Signatures of webhook deliveries (<https://docs.stripe.com/webhooks#verify-manually>).

use hmac::{Hmac, KeyInit, Mac};
use payments::Secret;
use sha2::Sha256;

/// The header in which Stripe sends the signature.
pub const SIGNATURE_HEADER: &str = "stripe-signature";
/// How far a delivery's time may differ from the clock, either way, in seconds. Stripe signs every retry with
/// a new time.
pub const SIGNATURE_TOLERANCE_S: i64 = 300;
/// The only accepted signature scheme; Stripe adds others to test deliveries.
const SCHEME: &str = "v1";
/// The length of an HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

type HmacSha256 = Hmac<Sha256>;

/// Why a delivery is rejected. No variant reveals the correct signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("there is no {SIGNATURE_HEADER} header")]
    Missing,
    /// The header is not of the form `t=…,v1=…`, with exactly one `t`.
    #[error("the {SIGNATURE_HEADER} header is malformed")]
    Malformed,
    /// No signature matches under any configured secret.
    #[error("no signature matches")]
    NoMatch,
    /// The signature is correct, but too old, or too far in the future if the age is negative.
    #[error("the signature is {age_s} s old, beyond {SIGNATURE_TOLERANCE_S} s either way")]
    Stale { age_s: i64 },
}

/// Checks that exactly these bytes of `body` were signed with one of `secrets` within the tolerance of
/// `now_s` (seconds since the epoch).
///
/// Each signature is compared under each secret, in constant time: Stripe signs with both secrets while one
/// is being rolled, and a Connect endpoint has its own. An empty secret never matches.
///
/// # Errors
/// [`SignatureError`]. The time is checked last, so that only authentic deliveries are `Stale`.
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

/// Builds the header that Stripe would send with `body` at `time_s` (seconds since the epoch).
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
    /// The text as sent, because the signature covers it.
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
                    // A malformed signature is skipped, because another one in the header can still match.
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
