//! The statement descriptor of a card charge (docs.stripe.com/get-started/account/statement-descriptors).

/// The platform's prefix ("shortened descriptor" in the Dashboard), of 2 to 10 characters.
pub(crate) const PREFIX: &str = "STAND-IN";

/// What the payer's statement shows.
pub(crate) fn calculated(suffix: Option<&str>) -> String {
    suffix.map_or_else(|| PREFIX.to_owned(), |suffix| format!("{PREFIX}* {suffix}"))
}
