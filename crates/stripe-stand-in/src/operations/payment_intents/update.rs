//! Changes of a payment intent.

use crate::currencies;
use crate::objects::payment_intents::{PaymentIntent, Status};
use crate::operations::customers;
use crate::operations::description;
use crate::operations::payment_intents::creation::{DESCRIPTION_LENGTH, check_application_fee};
use crate::operations::payment_intents::transfer_data::check_share;
use crate::operations::receipt_email::receipt_email;
use crate::operations::regions;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// A given parameter that a terminal intent refuses to change.
pub(crate) struct Update(Option<&'static str>);

impl Update {
    /// Applies the parameters to `intent`, a copy.
    pub(crate) fn take(
        request: &Request<'_>,
        params: &mut Params,
        intent: &mut PaymentIntent,
    ) -> Result<Self, StripeError> {
        let mut changed = None;
        if let Some(amount) = params.integer("amount")? {
            currencies::check_charge(amount, &intent.currency)?;
            let on_behalf_of = intent.on_behalf_of.as_deref();
            let settles_in = regions::settlement_currency(request, &intent.currency, on_behalf_of);
            currencies::check_minimum(amount, &intent.currency, &settles_in)?;
            intent.amount = amount;
            changed = Some("amount");
        }
        if let Some(share) = params.integer("transfer_data[amount]")? {
            let Some(destination) = &mut intent.destination else {
                return Err(StripeError::missing("transfer_data[destination]"));
            };
            destination.amount = Some(share);
            changed = Some("transfer_data");
        }
        if let Some(fee) = params.integer("application_fee_amount")? {
            intent.application_fee_amount = Some(fee);
            changed = Some("application_fee_amount");
        }
        let destination = intent.destination.as_ref();
        check_share(destination.and_then(|destination| destination.amount), intent.amount)?;
        check_application_fee(intent.application_fee_amount, destination, intent.amount)?;
        if params.has("payment_method") || params.has("payment_method_data") {
            changed = Some("payment_method");
        }
        if let Some(customer) = customers::take(request, params)? {
            intent.customer = Some(customer);
            changed = Some("customer");
        }
        if let Some(usage) = params.choice("setup_future_usage", &["on_session", "off_session"])? {
            intent.setup_future_usage = Some(usage.to_owned());
            changed = Some("setup_future_usage");
        }
        if let Some(group) = params.string("transfer_group")? {
            intent.transfer_group = Some(group);
            changed = Some("transfer_group");
        }
        if let Some(text) = description::take(params, "description", DESCRIPTION_LENGTH)? {
            intent.description = text;
        }
        if let Some(email) = receipt_email(params)? {
            intent.receipt_email = email;
        }
        Ok(Self(changed))
    }

    pub(crate) fn refused_in(&self, status: Status) -> Option<&'static str> {
        self.0.filter(|_| matches!(status, Status::Succeeded | Status::Canceled))
    }
}
