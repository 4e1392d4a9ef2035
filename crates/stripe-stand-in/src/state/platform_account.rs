//! What the platform has set in its Dashboard.

/// What the platform's own account shows of its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformAccount {
    /// Whether Stripe lets it charge.
    pub charges_enabled: bool,
    /// The shortened descriptor, before "* " on a card's statement.
    pub statement_descriptor_prefix: Option<String>,
}

impl Default for PlatformAccount {
    fn default() -> Self {
        Self { charges_enabled: true, statement_descriptor_prefix: Some("STANDIN".to_owned()) }
    }
}
