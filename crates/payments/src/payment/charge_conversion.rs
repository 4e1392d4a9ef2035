//! The conversion of a payment's charge.

use crate::payment::{Conversion, Payment};

impl Payment {
    /// The conversion of the charge; `None` while it is unknown, and for a charge that settled in its own currency.
    #[must_use]
    pub fn charge_conversion(&self) -> Option<&Conversion> {
        let (transaction, _) = self.state.fees.first_key_value()?;
        self.state.conversions.get(transaction)
    }
}
