//! `transfer_data`: the connected account that receives a share of the charge, and what the transfer and the destination
//! payment say about themselves.

use crate::objects::labels::Labels;
use crate::objects::metadata::Metadata;
use crate::objects::payment_intents::Destination;
use crate::operations::{accounts, description, metadata};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// The longest description of a transfer or a destination payment.
const MAX_LENGTH: usize = 5_000;

pub(crate) fn take(
    request: &Request<'_>,
    params: &mut Params,
    amount: i64,
) -> Result<Option<Destination>, StripeError> {
    let account = params.string("transfer_data[destination]")?;
    let Some(account) = account else {
        return match params.has("transfer_data") {
            true => Err(StripeError::missing("transfer_data[destination]")),
            false => Ok(None),
        };
    };
    let share = params.integer("transfer_data[amount]")?;
    check_share(share, amount)?;
    accounts::may_receive(&request.sandbox.records, &account)?;
    let transfer = labels(params, "transfer_data")?;
    let payment = labels(params, "transfer_data[payment_data]")?;
    Ok(Some(Destination { account, amount: share, transfer, payment }))
}

fn labels(params: &mut Params, of: &str) -> Result<Labels, StripeError> {
    let mut metadata = Metadata::new();
    metadata::merge_named(params, &format!("{of}[metadata]"), &mut metadata)?;
    let description = description::take(params, &format!("{of}[description]"), MAX_LENGTH)?.flatten();
    Ok(Labels { description, metadata })
}

pub(crate) fn check_share(share: Option<i64>, amount: i64) -> Result<(), StripeError> {
    let refuse = |message: &str| Err(StripeError::invalid(message).param("transfer_data[amount]"));
    match share {
        Some(share) if share < 1 => refuse("This value must be greater than or equal to 1."),
        Some(share) if share > amount => {
            refuse("The transfer_data[amount] must be less than or equal to the PaymentIntent amount.")
        }
        _ => Ok(()),
    }
}
