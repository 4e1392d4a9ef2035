//! The three endpoints of a stage at Stripe: which is which, and which of them has a secret that the functions know.

use payments::{DeploymentId, Secret};
use payments_stripe::{
    ACCOUNT_EVENTS, CONNECTED_EVENTS, DEPLOYMENT_METADATA_KEY, EndpointObject, PLATFORM_EVENTS,
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The metadata that says what an endpoint is for.
const PURPOSE: &str = "endpoint";
/// The metadata that says which secret an endpoint has, since Stripe shows a secret only once.
pub const FINGERPRINT: &str = "secret_fingerprint";
/// A value that everybody can read in the documents. A signature with it must never be valid.
pub const PLACEHOLDER: &str = "whsec_to_be_filled_in";

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Events on the platform's own account.
    Platform,
    /// Events on connected accounts.
    Connected,
    /// Thin events on connected accounts, of Accounts v2.
    Thin,
}

impl Purpose {
    /// Every purpose, in the order of a report.
    pub const ALL: [Self; 3] = [Self::Platform, Self::Connected, Self::Thin];

    /// The word in an endpoint's metadata.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Connected => "connected",
            Self::Thin => "thin",
        }
    }

    /// For a person.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Platform => "the endpoint for events on your account",
            Self::Connected => "the endpoint for events on connected accounts",
            Self::Thin => "the destination of thin events on connected accounts",
        }
    }

    /// The types of its events.
    #[must_use]
    pub fn events(self) -> &'static [&'static str] {
        match self {
            Self::Platform => &PLATFORM_EVENTS,
            Self::Connected => &CONNECTED_EVENTS,
            Self::Thin => &ACCOUNT_EVENTS,
        }
    }

    /// What is written on it when it is made.
    #[must_use]
    pub fn metadata(self, deployment: &DeploymentId) -> BTreeMap<String, String> {
        [(PURPOSE, self.name().to_owned()), (DEPLOYMENT_METADATA_KEY, deployment.to_string())]
            .map(|(key, value)| (key.to_owned(), value))
            .into()
    }
}

/// An endpoint as it is at Stripe.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub purpose: Purpose,
    pub object: EndpointObject,
}

impl Endpoint {
    /// An endpoint of v1. One that `setup` did not make says by its application whose events it is sent.
    #[must_use]
    pub fn of_v1(object: EndpointObject) -> Self {
        let connected = match object.metadata.get(PURPOSE).map(String::as_str) {
            Some("connected") => true,
            Some("platform") => false,
            _ => object.application.is_some(),
        };
        Self { purpose: if connected { Purpose::Connected } else { Purpose::Platform }, object }
    }

    /// A destination of thin events.
    #[must_use]
    pub fn thin(object: EndpointObject) -> Self {
        Self { purpose: Purpose::Thin, object }
    }

    /// Whether it is this stage's: by its address, or by what `setup` wrote on it.
    #[must_use]
    pub fn is_of(&self, url: &str, deployment: &DeploymentId) -> bool {
        let named = self.object.metadata.get(DEPLOYMENT_METADATA_KEY);
        match named {
            Some(named) => named == &deployment.to_string(),
            None => self.object.url == url,
        }
    }

    /// Whether Stripe sends anything to it.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.object.status == "enabled"
    }

    /// Whether one of the secrets is this endpoint's.
    #[must_use]
    pub fn has_secret_of(&self, held: &[String]) -> bool {
        self.object
            .metadata
            .get(FINGERPRINT)
            .is_some_and(|own| held.iter().any(|held| fingerprint(held.as_bytes()) == *own))
    }

    /// Whether its version is the pinned one; thin events have none.
    #[must_use]
    pub fn is_of_version(&self, pinned: &str) -> bool {
        self.purpose == Purpose::Thin || self.object.api_version.as_deref() == Some(pinned)
    }

    /// The types that it is not sent, and those that nobody uses.
    #[must_use]
    pub fn differing_events(&self) -> (Vec<String>, Vec<String>) {
        let wanted = self.purpose.events();
        let given = &self.object.enabled_events;
        let all = given.iter().any(|it| it == "*");
        let missing = wanted.iter().filter(|kind| !all && !given.iter().any(|it| it == *kind));
        let spare = given.iter().filter(|it| !wanted.contains(&it.as_str()));
        (missing.map(|kind| (*kind).to_owned()).collect(), spare.cloned().collect())
    }
}

/// What tells one secret from another and says nothing of it: a secret has more bits than anybody can try.
#[must_use]
pub fn fingerprint(secret: &[u8]) -> String {
    hex::encode(&Sha256::digest(secret)[..8])
}

/// [`fingerprint`] of a secret of Stripe's.
#[must_use]
pub fn fingerprint_of(secret: &Secret) -> String {
    fingerprint(secret.expose())
}
