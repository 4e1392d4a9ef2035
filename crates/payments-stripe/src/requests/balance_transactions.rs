//! Requests about balance transactions: list.

use crate::list_pages::page_after;
use crate::{Page, Session, StripeError, TransactionObject, Window};
use stripe_client_core::StripeRequest as _;
use stripe_core::balance_transaction::ListBalanceTransaction;

impl Session {
    /// Lists a page of the balance transactions of `window`, each with the object that caused it.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_transactions(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<TransactionObject>, StripeError> {
        let expand = ["data.source".to_owned()];
        let request = page_after!(ListBalanceTransaction::new().created(window).expand(expand), after);
        self.page_of(request, TransactionObject::parse).await
    }
}
