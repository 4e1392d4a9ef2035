//! Finds the account of a request whose answer was lost, in Stripe's lists of accounts.

use payments::{AccountRequest, AccountSnapshot, AccountsApi, CreatorId, STRIPE_KEY_LIFETIME_S};
use payments_stripe::{Session, StripeError, Window};

/// The largest expected difference between Stripe's clock and this service's, in seconds.
const CLOCKS_DIFFER_S: i64 = 300;

/// Reads the lists of the API that the request went to, until one of the accounts answers it.
pub(crate) async fn find(
    stripe: &Session,
    creator: &CreatorId,
    request: &AccountRequest,
) -> Result<Option<AccountSnapshot>, StripeError> {
    let asked_s = request.requested_at.seconds();
    let window = Window {
        from_s: asked_s - CLOCKS_DIFFER_S,
        until_s: Some(asked_s + STRIPE_KEY_LIFETIME_S + CLOCKS_DIFFER_S),
    };
    let mut after: Option<String> = None;
    loop {
        let page = match request.parameters.kind.api() {
            AccountsApi::V1 => stripe.list_accounts(window, after.as_deref()).await?,
            AccountsApi::V2 => stripe.list_accounts_v2(after.as_deref()).await?,
        };
        if let Some(account) = page.data.into_iter().find(|account| account.answers(creator, request)) {
            return Ok(Some(account));
        }
        after = page.next;
        if after.is_none() {
            return Ok(None);
        }
    }
}
