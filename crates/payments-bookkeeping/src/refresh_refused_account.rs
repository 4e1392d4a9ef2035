//! An account to which Stripe refused a payment is refreshed at once.

use crate::BookkeepingError;
use crate::refresh_account;
use payments::PaymentTerms;
use payments_services::{Services, causes};

/// Refreshes the account that a payment goes to, because Stripe refuses to send money there. A failure is only logged:
/// the account's next event or the next daily reconciliation refreshes it.
pub async fn refresh_refused_account(services: &Services, terms: &PaymentTerms) {
    let destination = &terms.parameters.destination;
    let refreshed = async {
        let receiver = services.store.receiver(&terms.creator).await?;
        if receiver.account.as_ref().is_some_and(|account| account.id == *destination) {
            refresh_account(services, receiver).await?;
        }
        Ok::<_, BookkeepingError>(())
    };
    if let Err(error) = Box::pin(refreshed).await {
        tracing::warn!(account = %destination, cause = causes(&error), "a refused account is not refreshed");
    }
}
