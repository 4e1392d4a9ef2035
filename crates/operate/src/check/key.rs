//! The functions' key.

use super::with;
use crate::facts::{Facts, KeyFacts};
use crate::finding::Finding;

const READABLE: &str = "put the key into the secret of StripeSecretArn, and let this user read it";

pub(super) fn mode(facts: &Facts) -> Finding {
    let check = "stripe_key";
    let wanted = facts.config.livemode;
    with(check, &facts.key, READABLE, |key| match key.livemode {
        Some(live) if live != wanted => Finding::wrong(
            check,
            format!("it is a {} key, and Livemode is {wanted}", if live { "live" } else { "test" }),
            "put a key of the stage's mode into the secret of StripeSecretArn, or change Livemode",
        ),
        Some(_) => Finding::ok(check, "it is of the stage's mode"),
        None => Finding::wrong(
            check,
            "it begins with none of sk_live_, rk_live_, sk_test_ and rk_test_",
            "put Stripe's secret or restricted key, and nothing else, into the secret of StripeSecretArn",
        ),
    })
}

pub(super) fn permissions(facts: &Facts) -> Finding {
    let check = "stripe_key_permissions";
    with(check, &facts.lacking, "mend stripe_key first", |lacking| match lacking.as_slice() {
        [] if is_unrestricted(facts) => Finding::warning(
            check,
            "it is a secret key, which may do everything",
            "docs/RUNBOOK.md, Stripe's settings, lists what a restricted key needs",
        ),
        [] => Finding::ok(check, "it has all that the functions need"),
        lacking => Finding::wrong(
            check,
            format!("it lacks {}", lacking.join(", ")),
            "Stripe's dashboard, Developers → API keys → the restricted key → Edit: add them",
        ),
    })
}

fn is_unrestricted(facts: &Facts) -> bool {
    matches!(facts.key, Ok(KeyFacts { restricted: false, .. }))
}
