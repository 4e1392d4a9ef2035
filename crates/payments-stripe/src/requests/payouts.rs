//! Requests about payouts of connected accounts: list.

use crate::call::Call;
use crate::{Page, PayoutObject, Session, StripeError};
use payments::{AccountId, PayoutId};
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod};

#[derive(Serialize)]
struct ListPayouts<'a> {
    limit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

impl Session {
    /// Lists a page of an account's payouts, newest first.
    ///
    /// # Errors
    /// [`StripeError`]; a payout in `after` that the account does not have is `Refused`.
    pub async fn list_payouts(
        &self,
        account: &AccountId,
        limit: u8,
        after: Option<&PayoutId>,
    ) -> Result<Page<PayoutObject>, StripeError> {
        let query = ListPayouts { limit, starting_after: after.map(PayoutId::as_str) };
        let request = RequestBuilder::new(StripeMethod::Get, "/payouts").query(&query);
        self.page(Call::from(request).of_account(account)).await
    }
}
