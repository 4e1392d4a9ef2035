//! Requests about the platform's balance: retrieve.

use crate::{BalanceSnapshot, PlatformBalanceObject, Session, StripeError};
use stripe_client_core::StripeRequest as _;
use stripe_core::balance::RetrieveForMyAccountBalance;

impl Session {
    /// Retrieves the platform's balance as it is now.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn retrieve_balance(&self) -> Result<BalanceSnapshot, StripeError> {
        let balance: PlatformBalanceObject = self.get(RetrieveForMyAccountBalance::new().build()).await?;
        Ok(balance.snapshot())
    }
}
