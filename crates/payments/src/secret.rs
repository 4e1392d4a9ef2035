//! Secrets that cannot be printed by accident.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// A key or token. `Debug` hides it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Wraps the secret's bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Whether somebody who sends `given` knows the secret. The time that it takes says nothing about either: what is compared is
    /// their keyed hashes.
    #[must_use]
    pub fn matches(&self, given: &[u8]) -> bool {
        let mac = |text: &[u8]| {
            let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
            mac.chain_update(text)
        };
        mac(given).verify(&mac(&self.0).finalize().into_bytes()).is_ok()
    }

    /// Returns the bytes, for the one call that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_secret_matches_itself_alone() {
        let secret = super::Secret::new("abc");
        assert!(secret.matches(b"abc"));
        for other in ["", "ab", "abcd", "ABC", "abd"] {
            assert!(!secret.matches(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn debug_hides_a_secret() {
        let shown = format!("{:?}", super::Secret::new("whsec_very_secret"));
        assert_eq!(shown, "Secret(…)");
    }
}
