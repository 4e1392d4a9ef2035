//! Finds an account that an operator names, whichever API made it.

use crate::{Session, StripeError};
use payments::{AccountId, AccountSnapshot, AccountsApi};

impl Session {
    /// Retrieves a connected account of which nothing is known, by the first API that has it.
    ///
    /// # Errors
    /// As for [`Session::retrieve_account`], of the last API that was asked.
    pub async fn find_account(&self, id: &AccountId) -> Result<AccountSnapshot, StripeError> {
        let mut api = AccountsApi::FIRST_ASKED;
        loop {
            match (self.retrieve_account(api, id).await, api.asked_after()) {
                (Err(error), Some(next)) if error.is_definite() => api = next,
                (answer, _) => return answer,
            }
        }
    }
}
