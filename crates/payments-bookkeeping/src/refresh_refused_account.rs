//! An account to which Stripe refused a payment is refreshed at once.

use crate::BookkeepingError;
use crate::refresh_account;
use payments::{AccountId, CreatorId};
use payments_services::{Services, causes};

/// Refreshes a creator's account, because Stripe refuses to send money there, unless the creator has another one by now. A failure is
/// only logged: the account's next event or the next daily reconciliation refreshes it.
pub async fn refresh_refused_account(services: &Services, creator: &CreatorId, destination: &AccountId) {
    let refreshed = async {
        let receiver = services.store.receiver(creator).await?;
        if receiver.account.as_ref().is_some_and(|account| account.id == *destination) {
            refresh_account(services, receiver).await?;
        }
        Ok::<_, BookkeepingError>(())
    };
    if let Err(error) = Box::pin(refreshed).await {
        tracing::warn!(account = %destination, cause = causes(&error), "a refused account is not refreshed");
    }
}
