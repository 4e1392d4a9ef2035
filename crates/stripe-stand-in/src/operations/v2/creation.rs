//! The body that creates an account (docs.stripe.com/api/v2/core/accounts/create), with Stripe's checks.

use crate::objects::accounts::controller::Controller;
use crate::objects::accounts::v2_json::Include;
use crate::objects::accounts::{Account, Kind, Namespace};
use crate::objects::metadata::Metadata;
use crate::operations::accounts::{is_country_code, may_receive_in, platform_rules};
use crate::operations::metadata;
use crate::operations::receipt_email::is_reachable;
use crate::operations::v2::body::invalid;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Creation {
    #[serde(default)]
    configuration: Configuration,
    contact_email: Option<String>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    contact_phone: Option<String>,
    #[serde(default)]
    dashboard: Dashboard,
    #[serde(default)]
    defaults: Defaults,
    display_name: Option<String>,
    #[serde(default)]
    identity: Identity,
    #[serde(default)]
    pub(crate) include: Vec<Include>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    merchant: Option<Merchant>,
    recipient: Option<Recipient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merchant {
    #[serde(default)]
    capabilities: MerchantCapabilities,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    mcc: Option<String>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    statement_descriptor: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MerchantCapabilities {
    card_payments: Option<Requested>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    #[serde(default)]
    capabilities: RecipientCapabilities,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientCapabilities {
    #[serde(default)]
    stripe_balance: StripeBalance,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct StripeBalance {
    stripe_transfers: Option<Requested>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requested {
    requested: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Dashboard {
    Express,
    #[default]
    Full,
    None,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaults {
    currency: Option<String>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    locales: Option<Vec<String>>,
    #[serde(default)]
    profile: Profile,
    responsibilities: Option<Responsibilities>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    business_url: Option<String>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    doing_business_as: Option<String>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    product_description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Responsibilities {
    fees_collector: Collector,
    losses_collector: Collector,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Collector {
    Application,
    Stripe,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    country: Option<String>,
    entity_type: Option<String>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    business_details: Option<Value>,
    #[expect(dead_code, reason = "accepted, and shown by nothing here")]
    individual: Option<Value>,
}

impl Collector {
    fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Stripe => "stripe",
        }
    }
}

impl Dashboard {
    fn name(self) -> &'static str {
        match self {
            Self::Express => "express",
            Self::Full => "full",
            Self::None => "none",
        }
    }
}

impl Creation {
    /// The new account, without an id.
    pub(crate) fn into_account(self, request: &Request<'_>) -> Result<Account, StripeError> {
        let capabilities = self.capabilities();
        let configured = !capabilities.is_empty();
        let controller = self.controller(configured)?;
        let country = self.identity.country.as_deref().map(str::to_ascii_uppercase);
        let country = match country {
            Some(country) if is_country_code(&country) => country,
            Some(country) => {
                return Err(invalid(format!("Invalid country: {country}")).param("identity.country"));
            }
            None if configured => {
                let error =
                    StripeError::invalid("The `identity.country` value is required but not provided.");
                return Err(error.code("identity_country_required").param("identity.country"));
            }
            None => "US".to_owned(),
        };
        self.check_contact_email()?;
        metadata::check_all(&self.metadata).map_err(|error| error.code("invalid_fields"))?;
        platform_rules::check_v2(request, &capabilities, &country)?;
        if capabilities.contains("transfers") && !may_receive_in(&country) {
            let message = format!("stripe_transfers is not available in country {country}");
            return Err(StripeError::invalid(message)
                .code("capability_not_available_in_country")
                .param("configuration.recipient.capabilities.stripe_balance.stripe_transfers"));
        }
        let mut account = Account::new("", request.now(), Kind::None, &country);
        account.namespace = Namespace::V2;
        account.capabilities = capabilities;
        account.controller = Some(controller);
        account.currency = self.defaults.currency;
        account.email = self.contact_email;
        account.business_name = self.display_name;
        account.business_type = self.identity.entity_type;
        account.business_url = self.defaults.profile.business_url;
        account.metadata = self.metadata;
        Ok(account)
    }

    /// "Required when configuring the account as a merchant or recipient", in Stripe's reference and SDKs.
    fn check_contact_email(&self) -> Result<(), StripeError> {
        let is_needed = self.configuration.merchant.is_some() || self.configuration.recipient.is_some();
        match &self.contact_email {
            Some(email) if !is_reachable(email) => {
                let error = StripeError::invalid(format!("Invalid email address: {email}"));
                Err(error.code("email_invalid").param("contact_email"))
            }
            None if is_needed => {
                let message = "The `contact_email` value is required for the given configurations.";
                Err(invalid(message).param("contact_email"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The capabilities asked for, by their names in v1.
    fn capabilities(&self) -> BTreeSet<String> {
        let is_requested =
            |capability: &Option<Requested>| capability.as_ref().is_some_and(|it| it.requested);
        let merchant = self.configuration.merchant.as_ref();
        let recipient = self.configuration.recipient.as_ref();
        let takes_cards = merchant.is_some_and(|it| is_requested(&it.capabilities.card_payments));
        let receives =
            recipient.is_some_and(|it| is_requested(&it.capabilities.stripe_balance.stripe_transfers));
        let named = [(takes_cards, "card_payments"), (receives, "transfers")];
        named.into_iter().filter(|(requested, _)| *requested).map(|(_, name)| name.to_owned()).collect()
    }

    fn controller(&self, configured: bool) -> Result<Controller, StripeError> {
        let (fees, losses) = match &self.defaults.responsibilities {
            Some(given) => (given.fees_collector, given.losses_collector),
            None if configured => {
                let message =
                    "The `defaults.responsibilities` value is required for the given configurations.";
                return Err(invalid(message).param("defaults.responsibilities"));
            }
            None => (Collector::Stripe, Collector::Stripe),
        };
        let refuse = |code: &str, message: &str| Err(StripeError::invalid(message).code(code));
        let all_ours = fees == Collector::Application && losses == Collector::Application;
        if self.dashboard == Dashboard::Express && !all_ours {
            return refuse(
                "account_controller_express_dash_without_application_losses_or_fees",
                "If `dashboard` is `express`, `fees_collector` must be `application` and `losses_collector` must be \
                 `application`.",
            );
        }
        if losses == Collector::Application && fees == Collector::Stripe {
            return refuse(
                "account_controller_stripe_pricing_platform_liable",
                "If `losses_collector` is `application`, `fees_collector` must also be `application`.",
            );
        }
        Ok(Controller::of(fees.name(), losses.name(), "stripe", self.dashboard.name()))
    }
}
