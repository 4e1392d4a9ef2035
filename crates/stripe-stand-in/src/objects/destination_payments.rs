//! The payment that a transfer makes on its destination, as the connected account sees it: a charge object `py_…`
//! (docs.stripe.com/connect/destination-charges). It says nothing of who paid.

use crate::objects::transfers::Transfer;
use serde_json::{Value, json};

impl Transfer {
    pub(crate) fn destination_payment_json(&self) -> Value {
        json!({
            "id": self.destination_payment,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.amount,
            "amount_refunded": self.amount_reversed,
            "balance_transaction": null,
            "billing_details": {"address": null, "email": null, "name": null, "phone": null, "tax_id": null},
            "captured": true,
            "created": self.created,
            "currency": self.currency,
            "description": self.payment.description,
            "disputed": false,
            "livemode": false,
            "metadata": self.payment.metadata,
            "outcome": null,
            "paid": true,
            "payment_intent": null,
            "payment_method": null,
            "payment_method_details": {"stripe_account": {}, "type": "stripe_account"},
            "receipt_email": null,
            "refunded": self.amount_reversed == self.amount,
            "source_transfer": self.id,
            "statement_descriptor": null,
            "statement_descriptor_suffix": null,
            "status": "succeeded",
            "transfer_data": null,
            "transfer_group": self.transfer_group,
        })
    }
}
