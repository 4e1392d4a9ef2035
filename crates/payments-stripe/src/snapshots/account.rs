//! What an account of either API says, in the domain's terms.

use crate::objects::{CapabilityObject, RequirementEntryObject, RequirementsV2Object};
use crate::{ACCOUNT_REQUEST_METADATA_KEY, AccountObject, AccountV2Object, metadata};
use payments::{
    AccountSnapshot, AccountsApi, Currency, Dashboard, Requirements, Timestamp, TransfersSnapshot,
};

impl AccountObject {
    /// The snapshot of the account. v1 always sends the whole account.
    #[must_use]
    pub fn snapshot(&self) -> AccountSnapshot {
        let requirements = &self.requirements;
        let is_active = |capability: &Option<String>| capability.as_deref() == Some("active");
        AccountSnapshot {
            id: self.id.clone(),
            api: AccountsApi::V1,
            creator: metadata::creator_id(&self.metadata),
            request_tag: self.metadata.get(ACCOUNT_REQUEST_METADATA_KEY).cloned(),
            closed: false,
            transfers: Some(TransfersSnapshot {
                active: is_active(&self.capabilities.transfers),
                disabled_reason: requirements.disabled_reason.clone(),
            }),
            card_payments_active: Some(is_active(&self.capabilities.card_payments)),
            payouts_enabled: Some(self.payouts_enabled),
            default_currency: currency(self.default_currency.as_deref()),
            country: country(self.country.as_deref()),
            details_submitted: Some(self.details_submitted),
            dashboard: self.dashboard(),
            requirements: Some(Requirements {
                currently_due: requirements.currently_due.clone(),
                past_due: requirements.past_due.clone(),
                pending_verification: requirements.pending_verification.clone(),
                disabled_reason: None,
                deadline: requirements.current_deadline.map(Timestamp::from_seconds),
            }),
        }
    }
}

impl AccountObject {
    /// The account's own, or that of its type.
    fn dashboard(&self) -> Option<Dashboard> {
        let own = self.controller.as_ref().and_then(|controller| controller.stripe_dashboard.as_ref());
        let named = own.and_then(|own| dashboard(&own.kind));
        named.or(match self.account_type.as_deref() {
            Some("express") => Some(Dashboard::Express),
            Some("standard") => Some(Dashboard::Full),
            Some("custom") => Some(Dashboard::None),
            _ => None,
        })
    }
}

impl AccountV2Object {
    /// The snapshot of what the answer includes.
    #[must_use]
    pub fn snapshot(&self) -> AccountSnapshot {
        let recipient = self.configuration.recipient.as_ref();
        let merchant = self.configuration.merchant.as_ref();
        let card_payments = merchant.map(|merchant| is_active(merchant.capabilities.card_payments.as_ref()));
        AccountSnapshot {
            id: self.id.clone(),
            api: AccountsApi::V2,
            creator: metadata::creator_id(&self.metadata),
            request_tag: self.metadata.get(ACCOUNT_REQUEST_METADATA_KEY).cloned(),
            closed: self.closed == Some(true),
            transfers: recipient
                .map(|recipient| transfers(recipient.capabilities.stripe_balance.stripe_transfers.as_ref())),
            card_payments_active: card_payments,
            payouts_enabled: self.payouts_enabled(),
            default_currency: currency(self.defaults.as_ref().and_then(|own| own.currency.as_deref())),
            country: country(self.identity.as_ref().and_then(|own| own.country.as_deref())),
            dashboard: self.dashboard.as_deref().and_then(dashboard),
            details_submitted: self.requirements.as_ref().map(RequirementsV2Object::is_onboarded),
            requirements: self.requirements.as_ref().map(RequirementsV2Object::requirements),
        }
    }

    /// Whether either configuration pays out. Unknown while one of the account's configurations is not included.
    fn payouts_enabled(&self) -> Option<bool> {
        let recipient = self.configuration.recipient.as_ref();
        let merchant = self.configuration.merchant.as_ref();
        let payouts = [
            ("recipient", recipient.map(|own| is_active(own.capabilities.stripe_balance.payouts.as_ref()))),
            ("merchant", merchant.map(|own| is_active(own.capabilities.stripe_balance.payouts.as_ref()))),
        ];
        let is_unknown = |(name, included): &(&str, Option<bool>)| {
            included.is_none() && self.applied_configurations.iter().any(|applied| applied == name)
        };
        if payouts.iter().any(|(_, active)| *active == Some(true)) {
            Some(true)
        } else if payouts.iter().any(is_unknown) || payouts.iter().all(|(_, active)| active.is_none()) {
            None
        } else {
            Some(false)
        }
    }
}

impl RequirementsV2Object {
    /// Whether the creator has submitted the onboarding form: none of its requirements waits for them. Accounts v2 has
    /// no field for it.
    fn is_onboarded(&self) -> bool {
        let is_onboarding = |entry: &&RequirementEntryObject| {
            entry.requested_reasons.iter().any(|reason| reason.code == "routine_onboarding")
        };
        let mut waiting = self.entries.iter().filter(|entry| entry.due().is_some()).filter(is_onboarding);
        waiting.next().is_none()
    }

    fn requirements(&self) -> Requirements {
        let names = |is_wanted: &dyn Fn(&RequirementEntryObject) -> bool| {
            let wanted = self.entries.iter().filter(|entry| is_wanted(entry));
            wanted.map(|entry| entry.description.clone()).collect()
        };
        let soonest = self.summary.minimum_deadline.as_ref().filter(|soonest| soonest.status != EVENTUALLY);
        let deadline = soonest.and_then(|soonest| Timestamp::parse(soonest.time.as_deref()?).ok());
        Requirements {
            currently_due: names(&|entry| entry.due() == Some(Due::Currently)),
            past_due: names(&|entry| entry.due() == Some(Due::Past)),
            pending_verification: names(&|entry| entry.awaits_stripe()),
            disabled_reason: None,
            deadline,
        }
    }
}

/// What has no deadline yet; v1 lists it apart, and it is not stored.
const EVENTUALLY: &str = "eventually_due";

#[derive(PartialEq, Eq)]
enum Due {
    Currently,
    Past,
}

impl RequirementEntryObject {
    fn awaits_stripe(&self) -> bool {
        self.awaiting_action_from.as_deref() == Some("stripe")
    }

    /// When the creator must submit it; none while it is Stripe's turn, or not due yet.
    fn due(&self) -> Option<Due> {
        let deadline = self.minimum_deadline.as_ref().filter(|_| !self.awaits_stripe())?;
        match deadline.status.as_str() {
            "past_due" => Some(Due::Past),
            EVENTUALLY => None,
            // What a later version adds is due at least.
            _ => Some(Due::Currently),
        }
    }
}

/// An included configuration without the capability cannot receive.
fn transfers(capability: Option<&CapabilityObject>) -> TransfersSnapshot {
    let details = capability.filter(|capability| capability.status != "active");
    let codes =
        || details.iter().flat_map(|capability| &capability.status_details).map(|detail| &detail.code);
    // A rejection is final, whatever else is missing.
    let is_final = |code: &&String| code.starts_with("rejected") || code.starts_with("unsupported");
    TransfersSnapshot {
        active: is_active(capability),
        disabled_reason: codes().find(is_final).or_else(|| codes().next()).cloned(),
    }
}

fn dashboard(name: &str) -> Option<Dashboard> {
    match name {
        "express" => Some(Dashboard::Express),
        "full" => Some(Dashboard::Full),
        "none" => Some(Dashboard::None),
        _ => None,
    }
}

fn is_active(capability: Option<&CapabilityObject>) -> bool {
    capability.is_some_and(|capability| capability.status == "active")
}

fn currency(code: Option<&str>) -> Option<Currency> {
    Currency::parse(&code?.to_ascii_lowercase()).ok()
}

fn country(code: Option<&str>) -> Option<String> {
    code.filter(|code| code.len() == 2).map(str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests;
