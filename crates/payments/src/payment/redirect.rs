//! Decides whether what is to be paid to a creator again goes to another account: their account at the time of the payment
//! may be gone.

use crate::ids::AccountId;
use crate::payment::{Fact, Payment, TransferFact, TransferInstruction};

/// Nothing is to be paid to the creator again, so there is nothing to redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing is to be paid to the creator again")]
pub struct NothingOwed;

impl Payment {
    /// Redirects what is to be paid to the creator again; no fact when it goes there already. An outstanding retransfer
    /// keeps its account until its outcome is known.
    ///
    /// # Errors
    /// [`NothingOwed`].
    pub fn decide_redirect(&self, to: &AccountId) -> Result<Option<Fact>, NothingOwed> {
        let transfers = &self.state.transfers;
        if transfers.redirect().unwrap_or(&self.terms.parameters.destination) == to {
            return Ok(None);
        }
        let is_pending = transfers.outstanding().is_some_and(TransferInstruction::is_retransfer);
        if self.state.to_recover() >= 0 && !is_pending {
            return Err(NothingOwed);
        }
        let last = transfers.redirects.keys().next_back().copied().unwrap_or_default();
        Ok(Some(Fact::Transfer(TransferFact::Redirect(last.saturating_add(1), to.clone()))))
    }
}
