//! The card that paid: what a sender knows it by.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longer than every brand that Stripe names (<https://docs.stripe.com/api/charges/object>), such as `mastercard`.
const BRAND_MAX_CHARS: usize = 20;
const LAST_DIGITS: usize = 4;

/// A card's brand and the last four digits of its number. Nothing more of a card is kept.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Card {
    brand: String,
    last4: String,
}

impl Card {
    /// The card with this brand and these last digits; `None` where Stripe does not say them.
    #[must_use]
    pub fn of(brand: &str, last4: &str) -> Option<Self> {
        let is_brand = (1..=BRAND_MAX_CHARS).contains(&brand.len())
            && brand.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let is_last4 = last4.len() == LAST_DIGITS && last4.bytes().all(|b| b.is_ascii_digit());
        (is_brand && is_last4).then(|| Self { brand: brand.to_owned(), last4: last4.to_owned() })
    }

    /// Returns brand and digits as one text, such as `visa 4242`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} {}", self.brand, self.last4)
    }
}

/// Hides the digits.
impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_a_brand_and_four_digits_and_nothing_longer() {
        let card = Card::of("visa", "4242").expect("a card");
        assert_eq!((format!("{card:?}"), card.label()), ("Card(…)".to_owned(), "visa 4242".to_owned()));
        assert!(Card::of("eftpos_au", "0005").is_some());
        for (brand, last4) in [
            ("", "4242"),
            ("visa", ""),
            ("visa", "424"),
            ("visa", "42424242"),
            ("visa", "42 2"),
            ("Visa Debit", "4242"),
            ("x".repeat(21).as_str(), "4242"),
        ] {
            assert_eq!(Card::of(brand, last4), None, "{brand} {last4}");
        }
    }
}
