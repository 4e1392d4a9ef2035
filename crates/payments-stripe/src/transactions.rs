//! Movements of the platform's balance: retrieve, list.

use crate::page::page_after;
use crate::{Page, Session, StripeError, TransactionObject, Window};
use payments::TransactionId;
use stripe_client_core::StripeRequest as _;
use stripe_core::balance_transaction::{ListBalanceTransaction, RetrieveBalanceTransaction};

impl Session {
    /// Retrieves a balance transaction, with what made it.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such transaction.
    pub async fn retrieve_transaction(&self, id: &TransactionId) -> Result<TransactionObject, StripeError> {
        let expand = ["source".to_owned()];
        self.get(RetrieveBalanceTransaction::new(id.as_str()).expand(expand).build()).await
    }

    /// A page of the balance transactions of `window`, with what made them.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_transactions(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<TransactionObject>, StripeError> {
        let expand = ["data.source".to_owned()];
        self.page(page_after!(ListBalanceTransaction::new().created(window).expand(expand), after)).await
    }
}
