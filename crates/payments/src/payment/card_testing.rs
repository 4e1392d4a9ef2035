//! When failed charges on one intent count as card testing: somebody tries out stolen cards.

use crate::payment::Payment;

/// This many failed charges on one intent count as card testing: the intent is canceled.
pub const CARD_TESTING_FAILED_CHARGES: usize = 5;

impl Payment {
    /// Whether enough charges failed to count as card testing.
    #[must_use]
    pub fn is_card_testing(&self) -> bool {
        self.state.failed_charges.len() >= CARD_TESTING_FAILED_CHARGES
    }
}
