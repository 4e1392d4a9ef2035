//! Who is responsible for what about an account (docs.stripe.com/connect/migrate-to-controller-properties).

use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The properties that replace an account's type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Controller {
    pub(crate) fees: String,
    pub(crate) losses: String,
    pub(crate) requirement_collection: String,
    pub(crate) dashboard: String,
}

impl Controller {
    pub(crate) fn of(fees: &str, losses: &str, requirement_collection: &str, dashboard: &str) -> Self {
        let [fees, losses, requirement_collection, dashboard] =
            [fees, losses, requirement_collection, dashboard].map(str::to_owned);
        Self { fees, losses, requirement_collection, dashboard }
    }

    /// The given properties, with Stripe's defaults for the others; `None` without any.
    pub(crate) fn take(params: &mut Params) -> Result<Option<Self>, StripeError> {
        if !params.has("controller") {
            return Ok(None);
        }
        let fees = params.choice("controller[fees][payer]", &["account", "application"])?;
        let losses = params.choice("controller[losses][payments]", &["application", "stripe"])?;
        let collection = params.choice("controller[requirement_collection]", &["application", "stripe"])?;
        let dashboard = params.choice("controller[stripe_dashboard][type]", &["express", "full", "none"])?;
        let controller = Self::of(
            fees.unwrap_or("account"),
            losses.unwrap_or("stripe"),
            collection.unwrap_or("stripe"),
            dashboard.unwrap_or("full"),
        );
        if controller.requirement_collection == "application"
            && (controller.losses != "application" || controller.dashboard != "none")
        {
            return Err(StripeError::invalid(
                "When `controller[requirement_collection]=application`, `controller[losses][payments]` must be \
                 `application` and `controller[stripe_dashboard][type]` must be `none`.",
            )
            .param("controller"));
        }
        Ok(Some(controller))
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "fees": {"payer": self.fees},
            "is_controller": true,
            "losses": {"payments": self.losses},
            "requirement_collection": self.requirement_collection,
            "stripe_dashboard": {"type": self.dashboard},
            "type": "application",
        })
    }
}
