//! When a payment counts as disputed.

use crate::payment::{DisputeStatus, Disputes};

impl Disputes {
    /// Whether the payment was disputed: money was withdrawn, or is about to be. An inquiry does not count yet, and a
    /// won dispute counts, as card networks count it.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        self.funds.values().any(|money| money.charged > 0)
            || self.summaries.values().any(|summary| is_chargeback(summary.status))
    }
}

fn is_chargeback(status: DisputeStatus) -> bool {
    match status {
        DisputeStatus::NeedsResponse
        | DisputeStatus::UnderReview
        | DisputeStatus::Won
        | DisputeStatus::Lost => true,
        DisputeStatus::WarningNeedsResponse
        | DisputeStatus::WarningUnderReview
        | DisputeStatus::WarningClosed
        | DisputeStatus::Prevented
        | DisputeStatus::Other => false,
    }
}
