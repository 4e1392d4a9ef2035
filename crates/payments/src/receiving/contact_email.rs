//! The address at which Stripe reaches a creator.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A creator's e-mail address, from their request or a claim of their token. `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactEmail(String);

impl ContactEmail {
    /// Takes an address whose form the caller has checked.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address itself, for the request to Stripe alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ContactEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactEmail(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_exposed_by_name_and_left_out_of_debug() {
        let email = ContactEmail::new("ana@example.com");
        assert_eq!(email.expose(), "ana@example.com");
        assert_eq!(format!("{email:?}"), "ContactEmail(…)");
    }
}
