//! Stores an account with the creator for whom it was created, also when their onboarding broke off.

use crate::BookkeepingError;
use payments::{AccountId, AccountsApi, ConnectedAccount, Reason, Receiver, UserId};
use payments_services::Services;
use payments_store::Claimed;
use payments_stripe::StripeError;

/// Stores an account with the creator for whom it was created. The audit record names the creator, who asked
/// for it.
///
/// # Errors
/// [`BookkeepingError`]; repeating the call is safe.
pub async fn attach_account(
    services: &Services,
    before: &Receiver,
    account: ConnectedAccount,
) -> Result<Claimed, BookkeepingError> {
    let after = before.with_account(account);
    let creator = UserId::parse(before.creator.as_str()).expect("creators are users");
    let reason = Reason::parse("Onboarding with Stripe").expect("a short text");
    let audit = services.audited(creator, reason).receiver_change(before, &after);
    Ok(services.store.claim_account(before, &after, &audit).await?)
}

pub(crate) enum Adopted {
    Done,
    Raced,
    NotOurs,
}

/// Attaches an account that no creator has claimed, if its metadata names a creator and a request of theirs
/// that was interrupted.
pub(crate) async fn adopt(
    services: &Services,
    id: &AccountId,
    named_by: AccountsApi,
) -> Result<Adopted, BookkeepingError> {
    let stripe = services.stripe_session().await?;
    let account = match stripe.retrieve_account(named_by, id).await {
        Ok(account) => account,
        // One of another platform, or of v1 in a list or an event of v2.
        Err(StripeError::Refused(_)) => return Ok(Adopted::NotOurs),
        Err(error) => return Err(error.into()),
    };
    let Some(creator) = account.creator.clone() else { return Ok(Adopted::NotOurs) };
    let before = services.store.receiver(&creator).await?;
    if before.account.as_ref().is_some_and(|account| account.id == *id) {
        // Another writer claimed it after the first lookup.
        return Ok(Adopted::Raced);
    }
    let open = before.account_request.as_ref().filter(|request| before.needs_account() && !request.finished);
    let Some(request) = open.filter(|request| account.answers(&creator, request)) else {
        return Ok(Adopted::NotOurs);
    };
    let api = request.parameters.kind.api();
    // v1 can name an account of v2, and show it in v1's shape.
    let account = if account.api == api { account } else { stripe.retrieve_account(api, id).await? };
    let adopted =
        account.opened(&request.parameters.country, services.config.policy.settlement.default_currency());
    match attach_account(services, &before, adopted).await? {
        Claimed::Done => Ok(Adopted::Done),
        Claimed::Raced | Claimed::AccountTaken => Ok(Adopted::Raced),
    }
}
