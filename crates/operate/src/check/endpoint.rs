//! The endpoints at Stripe, and their signing secrets.

use super::with;
use crate::endpoints::{Endpoint, PLACEHOLDER, Purpose};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::setup::purposes;
use payments_stripe::pinned_version;

const SET_UP: &str = "cargo run -p operate -- setup";
const READABLE: &str =
    "set STRIPE_ADMIN_KEY to a key that may read and write webhook endpoints and event destinations";

pub(super) fn all(facts: &Facts) -> Vec<Finding> {
    purposes(facts.config.account_kind).map(|purpose| of(facts, purpose)).collect()
}

fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Platform => "endpoint_platform",
        Purpose::Connected => "endpoint_connected",
        Purpose::Thin => "endpoint_thin",
    }
}

fn of(facts: &Facts, purpose: Purpose) -> Finding {
    let check = name(purpose);
    with(check, &facts.endpoints, READABLE, |endpoints| {
        let is_ours = |it: &&Endpoint| it.is_of(&facts.webhook_url, &facts.config.deployment);
        let ours: Vec<&Endpoint> =
            endpoints.iter().filter(|it| it.purpose == purpose).filter(is_ours).collect();
        let enabled: Vec<&Endpoint> = ours.iter().copied().filter(|it| it.is_enabled()).collect();
        match (enabled.as_slice(), ours.is_empty()) {
            ([], true) => Finding::wrong(check, "there is none", SET_UP),
            ([], false) => Finding::wrong(check, "it is disabled: its events are lost", SET_UP),
            ([one], _) => single(facts, check, one),
            (several, _) => {
                let what = format!("{} are enabled, so each event arrives as often", several.len());
                Finding::wrong(check, what, SET_UP)
            }
        }
    })
}

fn single(facts: &Facts, check: &'static str, endpoint: &Endpoint) -> Finding {
    let mut wrong = Vec::new();
    let (missing, spare) = endpoint.differing_events();
    if endpoint.object.url != facts.webhook_url {
        wrong.push(format!("it goes to {} and not to {}", endpoint.object.url, facts.webhook_url));
    }
    if !missing.is_empty() {
        wrong.push(format!("it lacks {}", missing.join(", ")));
    }
    if !endpoint.is_of_version(pinned_version()) {
        let version = endpoint.object.api_version.as_deref().unwrap_or("the account's default");
        wrong.push(format!("its version is {version} and not {}", pinned_version()));
    }
    if facts.signing_secrets.as_ref().is_ok_and(|held| !endpoint.has_secret_of(held)) {
        wrong.push("its signing secret is not known to be among the stage's".to_owned());
    }
    match (wrong.as_slice(), spare.as_slice()) {
        ([], []) => Finding::ok(check, format!("{} is as it should be", endpoint.object.id)),
        ([], spare) => Finding::warning(
            check,
            format!("it is also sent {}, which nobody uses", spare.join(", ")),
            SET_UP,
        ),
        (wrong, _) => Finding::wrong(check, wrong.join("; "), SET_UP),
    }
}

pub(super) fn secrets(facts: &Facts) -> Finding {
    let check = "signing_secrets";
    let readable = "let this user read the secret of StripeWebhookSecretsArn";
    with(check, &facts.signing_secrets, readable, |secrets| {
        let strange = secrets.iter().filter(|secret| !secret.starts_with("whsec_")).count();
        if secrets.iter().any(|secret| secret == PLACEHOLDER) {
            let what = "a value that everybody can read in the documents is among them: events can be forged";
            return Finding::wrong(check, what, SET_UP);
        }
        match (secrets.len(), strange) {
            (0, _) => Finding::wrong(check, "there is none", SET_UP),
            (_, 0) => Finding::ok(check, format!("{} are known", secrets.len())),
            (_, _) => Finding::wrong(
                check,
                format!("{strange} of them do not begin with whsec_"),
                "take them out of the secret of StripeWebhookSecretsArn",
            ),
        }
    })
}
