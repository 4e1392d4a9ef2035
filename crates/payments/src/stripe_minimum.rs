//! The minimum charge that Stripe names in a refusal.

/// The minimum charge as Stripe words it, such as `50 cents` or `$0.50 usd`: it is in the settlement currency.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct StripeMinimum(String);

impl StripeMinimum {
    const LENGTH_MAX: usize = 20;

    /// Finds it in `Amount must be at least $0.50 usd` or `Amount must convert to at least 50 cents. …`. Only an
    /// amount is taken, so that nothing else of a message is kept.
    pub(crate) fn in_words(message: &str) -> Option<Self> {
        let (_, rest) = message.split_once("at least ")?;
        let sentence = rest.split_once(". ").map_or(rest, |(sentence, _)| sentence).trim_end_matches('.');
        let is_amount = sentence.len() <= Self::LENGTH_MAX
            && sentence.contains(|letter: char| letter.is_ascii_digit())
            && sentence.chars().all(|letter| letter.is_alphanumeric() || " .,$€£¥₹".contains(letter));
        is_amount.then(|| Self(sentence.to_owned()))
    }

    /// The amount, as Stripe words it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
