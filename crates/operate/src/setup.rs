//! Makes a stage's endpoints at Stripe, and puts their secrets.
//!
//! Stripe shows a secret once, and never the secret of an endpoint that is there. So an endpoint says by its metadata which secret
//! it has, and one whose secret is not among the stage's is replaced: the new one is made, its secret put beside the others,
//! and only then the old one is disabled. Wherever that is interrupted, the next run begins with what is there.

mod run;

pub use run::{SetupError, Target, set_up};

use crate::endpoints::{Endpoint, PLACEHOLDER, Purpose};
use payments::{AccountKind, DeploymentId};
use payments_stripe::{EndpointUpdate, pinned_version};

/// The endpoints that a stage needs: thin events exist for accounts of v2 alone.
pub fn purposes(kind: AccountKind) -> impl Iterator<Item = Purpose> {
    let is_v2 = kind == AccountKind::AccountsV2;
    Purpose::ALL.into_iter().filter(move |purpose| is_v2 || *purpose != Purpose::Thin)
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Makes an endpoint, and puts its secret beside the others.
    Create(Purpose),
    Update {
        purpose: Purpose,
        id: String,
        change: EndpointUpdate,
    },
    /// Takes the value of the documents out of the secrets.
    DropPlaceholder,
    Disable {
        purpose: Purpose,
        id: String,
    },
}

impl Step {
    /// For a person.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Create(purpose) => format!("make {}, and put its secret", purpose.words()),
            Self::Update { purpose, id, change } => {
                let parts = [
                    change.url.as_ref().map(|url| format!("its address becomes {url}")),
                    change
                        .enabled_events
                        .as_ref()
                        .map(|types| format!("it is sent {} types of events", types.len())),
                    change.disabled.map(|_| "it is enabled".to_owned()),
                ];
                format!(
                    "change {} ({id}): {}",
                    purpose.words(),
                    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
                )
            }
            Self::DropPlaceholder => "take the value of the documents out of the signing secrets".to_owned(),
            Self::Disable { purpose, id } => format!("disable {id}, which was {}", purpose.words()),
        }
    }
}

/// A stage as it should be.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub url: &'a str,
    pub deployment: &'a DeploymentId,
    pub kind: AccountKind,
    /// Whether endpoints that are right are replaced too, for new secrets.
    pub replace: bool,
}

/// What is to be done, in this order. Nothing where all is as it should be.
#[must_use]
pub fn plan(wanted: Wanted<'_>, endpoints: &[Endpoint], secrets: &[String]) -> Vec<Step> {
    let (mut creations, mut updates, mut disabled) = (Vec::new(), Vec::new(), Vec::new());
    for purpose in purposes(wanted.kind) {
        let ours =
            endpoints.iter().filter(|it| it.purpose == purpose && it.is_of(wanted.url, wanted.deployment));
        let ours: Vec<&Endpoint> = ours.collect();
        let fits = |it: &&Endpoint| {
            !wanted.replace && it.is_of_version(pinned_version()) && it.has_secret_of(secrets)
        };
        // Lists are newest first; an enabled one is kept before another.
        let fitting = || ours.iter().copied().filter(fits);
        let kept = fitting().find(|it| it.is_enabled()).or_else(|| fitting().next());
        match kept {
            Some(endpoint) => updates.extend(update(wanted, endpoint)),
            None => creations.push(Step::Create(purpose)),
        }
        let others = ours
            .iter()
            .filter(|it| it.is_enabled() && kept.is_none_or(|kept| kept.object.id != it.object.id));
        disabled.extend(others.map(|it| Step::Disable { purpose, id: it.object.id.clone() }));
    }
    let placeholder = secrets.iter().any(|secret| secret == PLACEHOLDER).then_some(Step::DropPlaceholder);
    creations.into_iter().chain(updates).chain(placeholder).chain(disabled).collect()
}

/// The most endpoints that Stripe keeps for an account in one mode, disabled ones included (<https://docs.stripe.com/webhooks>).
const MOST: usize = 16;

/// What is to be done first where Stripe would refuse to make what is planned.
#[must_use]
pub fn obstacle(endpoints: &[Endpoint], steps: &[Step]) -> Option<String> {
    let creations = steps.iter().filter(|step| matches!(step, Step::Create(_))).count();
    (endpoints.len() + creations > MOST).then(|| {
        let number = endpoints.len();
        format!("the Stripe account has {number} endpoints of {MOST}, and {creations} are to be made: delete disabled ones in its dashboard")
    })
}

fn update(wanted: Wanted<'_>, endpoint: &Endpoint) -> Option<Step> {
    let (missing, spare) = endpoint.differing_events();
    let differs = !missing.is_empty() || !spare.is_empty();
    let change = EndpointUpdate {
        url: (endpoint.object.url != wanted.url).then(|| wanted.url.to_owned()),
        enabled_events: differs.then(|| endpoint.purpose.events().to_vec()),
        disabled: (!endpoint.is_enabled()).then_some(false),
        ..EndpointUpdate::default()
    };
    let is_needed = change != EndpointUpdate::default();
    is_needed.then(|| Step::Update { purpose: endpoint.purpose, id: endpoint.object.id.clone(), change })
}
