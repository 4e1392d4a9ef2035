//! Payment intents (docs.stripe.com/api/payment_intents): the record and its JSON.

mod json;

use crate::objects::labels::Labels;
use crate::objects::metadata::Metadata;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Succeeded,
    Canceled,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }

    pub(crate) fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled)
    }
}

impl PaymentIntent {
    /// Whether the payer agreed that a card is kept for the customer.
    pub(crate) fn saves_card(&self) -> bool {
        match self.card_setup_future_usage.as_deref() {
            Some(of_cards) => of_cards != "none",
            None => self.setup_future_usage.is_some(),
        }
    }
}

/// When the money moves. Manual capture is not modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptureMethod {
    Automatic,
    AutomaticAsync,
}

/// The connected account that receives a share of the charge: `amount`, or all but the application fee.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Destination {
    pub(crate) account: String,
    pub(crate) amount: Option<i64>,
    /// Of the transfer.
    #[serde(default)]
    pub(crate) transfer: Labels,
    /// Of the destination payment.
    #[serde(default)]
    pub(crate) payment: Labels,
}

/// Why the last attempt failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) kind: String,
    pub(crate) code: String,
    pub(crate) decline_code: Option<String>,
    pub(crate) message: String,
    pub(crate) charge: Option<String>,
    pub(crate) payment_method: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentIntent {
    pub(crate) id: String,
    pub(crate) client_secret: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) amount_received: i64,
    pub(crate) currency: String,
    pub(crate) status: Status,
    pub(crate) capture_method: CaptureMethod,
    /// `automatic_payment_methods[allow_redirects]`; `None` when they are disabled.
    pub(crate) automatic_payment_methods: Option<String>,
    pub(crate) destination: Option<Destination>,
    pub(crate) application_fee_amount: Option<i64>,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) receipt_email: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) statement_descriptor_suffix: Option<String>,
    pub(crate) transfer_group: Option<String>,
    pub(crate) customer: Option<String>,
    pub(crate) setup_future_usage: Option<String>,
    /// `payment_method_options[card][setup_future_usage]`, which wins for cards.
    pub(crate) card_setup_future_usage: Option<String>,
    pub(crate) payment_method: Option<String>,
    pub(crate) latest_charge: Option<String>,
    pub(crate) last_payment_error: Option<Failure>,
    /// The current 3-D Secure authentication.
    pub(crate) authentication: Option<String>,
    pub(crate) return_url: Option<String>,
    /// The base of the authentication page's URL, fixed at creation.
    pub(crate) base_url: String,
    pub(crate) canceled_at: Option<i64>,
    pub(crate) cancellation_reason: Option<String>,
}
