//! Where funds can go from the platform, by its region.

use crate::objects::accounts::Account;
use crate::objects::records::Records;
use crate::state::region::Region;
use crate::state::request::Request;
use crate::wire::errors::StripeError;

/// Refuses a destination charge that settles on the platform, for an account outside its region
/// (as reported in self-xdsd/self-core#1092).
pub(crate) fn check_destination(
    request: &Request<'_>,
    destination: &str,
    on_behalf_of: Option<&str>,
) -> Result<(), StripeError> {
    let Some(country) = beyond(request, destination).filter(|_| on_behalf_of.is_none()) else {
        return Ok(());
    };
    Err(StripeError::invalid(format!(
        "Cannot create a destination charge for connected accounts in {country} because funds would be settled on the \
         platform and the connected account is outside the platform's region. You may use the `on_behalf_of` parameter \
         to have the charge settle in the connected account's country. For more information on `on_behalf_of`, see \
         https://stripe.com/docs/connect/charges-transfers#on-behalf-of. If using capabilities (e.g. `card_payments`, \
         `transfers`), note that they affect settlement as well. For more information on capabilities, see \
         https://stripe.com/docs/connect/account-capabilities. If you still need assistance, please contact us via \
         https://support.stripe.com/contact."
    ))
    .after_execution())
}

/// Refuses a transfer to an account outside the platform's region.
pub(crate) fn check_transfer(request: &Request<'_>, destination: &str) -> Result<(), StripeError> {
    let Some(country) = beyond(request, destination) else { return Ok(()) };
    Err(StripeError::invalid(format!(
        "Funds can't be sent to accounts located in {country} because it's restricted outside of your platform's region. \
         Learn more here: https://stripe.com/docs/connect/account-capabilities#transfers-cross-border"
    ))
    .after_execution())
}

/// The currency in which a charge settles: one of the platform's, or of the account on whose behalf it is made.
pub(crate) fn settlement_currency(
    request: &Request<'_>,
    currency: &str,
    on_behalf_of: Option<&str>,
) -> String {
    let account = on_behalf_of.and_then(|id| find(&request.sandbox.records, id));
    if let Some(account) = account {
        return account.default_currency().to_owned();
    }
    let all = request.sandbox.settings.settles_in();
    all.iter().find(|it| *it == currency).or(all.first()).map_or_else(|| "usd".to_owned(), Clone::clone)
}

/// The country of an account to which the platform cannot send its own funds.
fn beyond<'r>(request: &'r Request<'_>, id: &str) -> Option<&'r str> {
    let account = find(&request.sandbox.records, id)?;
    let reachable = request.sandbox.settings.region.pays_to(&Region::of(&account.country));
    (!reachable).then_some(account.country.as_str())
}

fn find<'r>(records: &'r Records, id: &str) -> Option<&'r Account> {
    records.accounts.get(id)
}
