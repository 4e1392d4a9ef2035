//! Why a card was declined, as Stripe and issuers name it.

use serde::{Deserialize, Serialize};

/// Longer than every code that Stripe names.
const MAX_CHARS: usize = 50;
const GENERIC: &str = "generic_decline";
/// Codes that Stripe advises to present as `generic_decline`, because the person who holds the card may not own it
/// (<https://docs.stripe.com/declines/codes>).
const NOT_FOR_CARDHOLDERS: [&str; 4] = ["fraudulent", "lost_card", "merchant_blacklist", "stolen_card"];

/// Why the last attempt to pay failed: the issuer's reason (`decline_code`) such as `insufficient_funds`, or else Stripe's
/// code such as `incorrect_cvc`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeclineCode(String);

impl DeclineCode {
    /// Accepts the form of Stripe's codes.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let is_code = (1..=MAX_CHARS).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        is_code.then(|| Self(code.to_owned()))
    }

    /// Returns the code as Stripe names it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the code as the sender may know it.
    #[must_use]
    pub(crate) fn for_sender(&self) -> &str {
        if NOT_FOR_CARDHOLDERS.contains(&self.as_str()) { GENERIC } else { self.as_str() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_holds_a_stolen_card_is_not_told_that_it_is_stolen() {
        for code in NOT_FOR_CARDHOLDERS {
            assert_eq!(DeclineCode::of(code).expect("a code").for_sender(), GENERIC);
        }
        assert_eq!(DeclineCode::of("insufficient_funds").expect("a code").for_sender(), "insufficient_funds");
    }

    #[test]
    fn only_codes_in_stripes_form_are_kept() {
        assert!(DeclineCode::of("do_not_honor").is_some());
        for text in ["", "Do not honor", "4242 4242", &"x".repeat(51)] {
            assert_eq!(DeclineCode::of(text), None, "{text}");
        }
    }
}
