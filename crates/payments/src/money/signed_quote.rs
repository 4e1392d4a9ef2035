//! Signed quotes: the card is charged exactly the total that the sender saw.

use crate::ids::CreatorId;
use crate::money::{Breakdown, Currency, Money};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// How long a quote is valid, in seconds.
pub const QUOTE_LIFETIME_S: i64 = 15 * 60;

/// An offer of a total for a chosen amount, for one creator and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub creator: CreatorId,
    pub breakdown: Breakdown,
    pub expires_at: Timestamp,
}

/// Why a token is not a valid quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// Damaged, forged, or signed with a key that has been rotated out.
    #[error("not a quote of this service")]
    Invalid,
    #[error("the quote has expired")]
    Expired,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    creator: CreatorId,
    amount: i64,
    total: i64,
    currency: Currency,
    expires_at_ms: i64,
}

impl Quote {
    /// Writes the quote as a token: base64url of its claims, a dot, and their HMAC-SHA256.
    #[must_use]
    pub fn sign(&self, key: &Secret) -> String {
        let claims = Claims {
            creator: self.creator.clone(),
            amount: self.breakdown.chosen.amount(),
            total: self.breakdown.total.amount(),
            currency: self.breakdown.chosen.currency(),
            expires_at_ms: self.expires_at.millis(),
        };
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).unwrap_or_default());
        let signature = URL_SAFE_NO_PAD.encode(mac(key, &payload).finalize().into_bytes());
        format!("{payload}.{signature}")
    }

    /// Reads a token that is signed with one of `keys` (the keys rotate) and has not expired.
    ///
    /// # Errors
    /// [`QuoteError`]; the signature is checked before the claims are read.
    pub fn verify(token: &str, keys: &[Secret], now: Timestamp) -> Result<Self, QuoteError> {
        let (payload, signature) = token.split_once('.').ok_or(QuoteError::Invalid)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| QuoteError::Invalid)?;
        if !keys.iter().any(|key| mac(key, payload).verify_slice(&signature).is_ok()) {
            return Err(QuoteError::Invalid);
        }
        let quote = Self::read(payload).ok_or(QuoteError::Invalid)?;
        if now < quote.expires_at { Ok(quote) } else { Err(QuoteError::Expired) }
    }

    fn read(payload: &str) -> Option<Self> {
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let money = |amount| Money::new(amount, claims.currency);
        Some(Self {
            breakdown: Breakdown { chosen: money(claims.amount).ok()?, total: money(claims.total).ok()? },
            creator: claims.creator,
            expires_at: Timestamp::from_millis(claims.expires_at_ms),
        })
    }
}

fn mac(key: &Secret, payload: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes a key of any length");
    mac.update(b"quote.v1\0");
    mac.update(payload.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::FeeSchedule;
    use proptest::prelude::*;

    const NOW: i64 = 1_795_000_000;

    fn quote() -> Quote {
        let chosen = Money::new(1_000, Currency::parse("usd").expect("currency")).expect("money");
        let fee = FeeSchedule::default().rate("US", chosen.currency()).expect("a list price");
        Quote {
            creator: CreatorId::parse("ana").expect("id"),
            breakdown: fee.gross_up(chosen).expect("payable"),
            expires_at: Timestamp::from_seconds(NOW + QUOTE_LIFETIME_S),
        }
    }

    fn key(text: &str) -> Secret {
        Secret::new(text)
    }

    fn verify(token: &str, keys: &[Secret], now_s: i64) -> Result<Quote, QuoteError> {
        Quote::verify(token, keys, Timestamp::from_seconds(now_s))
    }

    #[test]
    fn a_quote_is_valid_until_it_expires() {
        let token = quote().sign(&key("k"));
        assert_eq!(verify(&token, &[key("k")], NOW), Ok(quote()));
        let expires_s = NOW + 900;
        assert!(verify(&token, &[key("k")], expires_s - 1).is_ok());
        assert_eq!(verify(&token, &[key("k")], expires_s), Err(QuoteError::Expired));
    }

    #[test]
    fn a_quote_is_valid_under_any_current_key_and_no_other() {
        let token = quote().sign(&key("old"));
        assert!(verify(&token, &[key("new"), key("old")], NOW).is_ok());
        assert_eq!(verify(&token, &[key("new")], NOW), Err(QuoteError::Invalid));
        assert_eq!(verify(&token, &[], NOW), Err(QuoteError::Invalid));
    }

    #[test]
    fn texts_that_are_not_quotes_are_refused() {
        for bad in ["", ".", "a.b", "é.é", "e30.e30", &"x".repeat(100_000)] {
            assert_eq!(verify(bad, &[key("k")], NOW), Err(QuoteError::Invalid));
        }
    }

    proptest! {
        #[test]
        fn a_token_changed_anywhere_is_refused(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
            let token = quote().sign(&key("k"));
            let at = at.index(token.len());
            let mut forged = token.clone();
            forged.replace_range(at..=at, &to);
            prop_assume!(forged != token);
            prop_assert_eq!(verify(&forged, &[key("k")], NOW), Err(QuoteError::Invalid));
        }
    }
}
