//! Connected accounts (docs.stripe.com/api/accounts, /api/v2/core/accounts), and the platform's own. One record shows
//! both shapes.
//!
//! An account of type `custom` with accepted terms is ready at once; every other one needs onboarding. (Stripe requires
//! more of a custom account, which is left out here.)

pub(crate) mod controller;
mod json;
pub(crate) mod readiness;
pub(crate) mod v2_json;
mod v2_requirements;

use crate::objects::accounts::readiness::Readiness;
use crate::objects::metadata::Metadata;
use controller::Controller;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The namespace that an account was created in. Only an account of v2 can be used in v2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Namespace {
    V1,
    V2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Custom,
    Express,
    Standard,
    /// Created with `controller` instead of `type`.
    None,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) kind: Kind,
    pub(crate) country: String,
    /// `None` for the country's.
    pub(crate) currency: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) business_type: Option<String>,
    pub(crate) business_name: Option<String>,
    pub(crate) business_url: Option<String>,
    pub(crate) capabilities: BTreeSet<String>,
    pub(crate) tos_date: Option<i64>,
    pub(crate) tos_ip: Option<String>,
    pub(crate) readiness: Readiness,
    pub(crate) metadata: Metadata,
    pub(crate) deleted: bool,
    /// `None` for an account that was created with a type.
    pub(crate) controller: Option<Controller>,
    /// Its owner, or Stripe, disconnected it from the platform.
    pub(crate) deauthorized: bool,
    pub(crate) namespace: Namespace,
}

impl Account {
    pub(crate) fn new(id: &str, created: i64, kind: Kind, country: &str) -> Self {
        Self {
            id: id.to_owned(),
            created,
            kind,
            country: country.to_owned(),
            currency: None,
            email: None,
            business_type: None,
            business_name: None,
            business_url: None,
            capabilities: BTreeSet::new(),
            tos_date: None,
            tos_ip: None,
            readiness: Readiness::NeedsOnboarding,
            metadata: Metadata::new(),
            deleted: false,
            controller: None,
            deauthorized: false,
            namespace: Namespace::V1,
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        !(self.deleted || self.deauthorized)
    }

    /// Whether it can receive transfers: the capability was requested, and is active.
    pub(crate) fn has_transfers(&self) -> bool {
        self.capabilities.contains("transfers") && self.readiness.transfers() == "active"
    }

    /// Whether it can be the merchant of card charges: the capability was requested, and the account is as far as for transfers.
    pub(crate) fn takes_cards(&self) -> bool {
        self.capabilities.contains("card_payments") && self.readiness.transfers() == "active"
    }

    /// Whether the platform, and not Stripe, collects the account's requirements.
    pub(crate) fn is_collected_by_platform(&self) -> bool {
        self.controller().requirement_collection == "application"
    }
}
