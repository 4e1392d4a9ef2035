//! Requests about customer sessions: create (<https://docs.stripe.com/api/customer_sessions/create>).

use crate::objects::CustomerSessionObject;
use crate::{Session, StripeError};
use payments::{CustomerId, IdempotencyKey, SavedCards, Secret};
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod};

/// The most cards that the Payment Element shows.
const REDISPLAY_LIMIT: u8 = 10;

#[derive(Serialize)]
struct CreateCustomerSession<'a> {
    customer: &'a CustomerId,
    components: Components,
}

/// Exactly one component is enabled.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Components {
    PaymentElement(Element),
    MobilePaymentElement(Element),
}

#[derive(Serialize)]
struct Element {
    enabled: bool,
    features: Features,
}

/// The element shows kept cards, offers to keep another by its own checkbox, and to forget one.
#[derive(Serialize)]
struct Features {
    payment_method_redisplay: &'static str,
    payment_method_remove: &'static str,
    payment_method_save: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method_redisplay_limit: Option<u8>,
    /// The checkbox is consent to payments with the sender present. It stands in for `setup_future_usage`, which must not
    /// be set beside it
    /// (<https://docs.stripe.com/changelog/dahlia/2026-03-25/elements-pmo-sfu-customer-session-conflict>).
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method_save_usage: Option<&'static str>,
}

impl From<SavedCards> for Components {
    fn from(shown: SavedCards) -> Self {
        let features = Features {
            payment_method_redisplay: "enabled",
            payment_method_remove: "enabled",
            payment_method_save: "enabled",
            payment_method_redisplay_limit: None,
            payment_method_save_usage: None,
        };
        match shown {
            SavedCards::Web => {
                let (payment_method_redisplay_limit, usage) = (Some(REDISPLAY_LIMIT), Some("on_session"));
                let features =
                    Features { payment_method_redisplay_limit, payment_method_save_usage: usage, ..features };
                Self::PaymentElement(Element { enabled: true, features })
            }
            SavedCards::Mobile => Self::MobilePaymentElement(Element { enabled: true, features }),
        }
    }
}

impl Session {
    /// Creates a session with which the sender's app shows the cards of a Customer, for half an hour. Returns its secret.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with the cause `Customer` for one that was deleted.
    pub async fn create_customer_session(
        &self,
        customer: &CustomerId,
        shown: SavedCards,
        key: &IdempotencyKey,
    ) -> Result<Option<Secret>, StripeError> {
        let form = CreateCustomerSession { customer, components: shown.into() };
        let builder = RequestBuilder::new(StripeMethod::Post, "/customer_sessions").form(&form);
        let session: CustomerSessionObject = self.post(builder, key).await?;
        Ok(session.client_secret)
    }
}
