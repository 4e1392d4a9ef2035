//! Each check decides one finding from the facts. The order is that of mending.

mod aws_side;
mod endpoint;
mod key;
mod money;
mod platform;

use crate::facts::{Fact, Facts};
use crate::finding::Finding;

/// Every check, in one order.
#[must_use]
pub fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![aws_side::stack(facts), key::mode(facts), key::permissions(facts)];
    findings.extend(endpoint::all(facts));
    findings.extend([
        endpoint::secrets(facts),
        platform::account(facts),
        platform::country(facts),
        platform::accounts_api(facts),
        platform::countries(facts),
        platform::statement_descriptor(facts),
        money::settlement_currencies(facts),
        money::limits(facts),
        money::balance(facts),
        money::payouts(facts),
        aws_side::authorizer(facts),
        aws_side::token_issuer(facts),
        aws_side::deletion_protection(facts),
        aws_side::backups(facts),
        aws_side::alarm_destination(facts),
        aws_side::alarms(facts),
    ]);
    findings.extend(not_checkable());
    findings
}

/// Decides from a fact, or says that it cannot be read.
fn with<T>(check: &'static str, fact: &Fact<T>, mend: &str, decide: impl FnOnce(&T) -> Finding) -> Finding {
    match fact {
        Ok(fact) => decide(fact),
        Err(why) => Finding::wrong(check, format!("cannot be read: {why}"), mend),
    }
}

/// What no API tells.
fn not_checkable() -> [Finding; 4] {
    [
        Finding::not_checkable(
            "connect_profile",
            "whether Connect's platform profile is finished, and who is liable for losses",
            "Stripe's dashboard, Connect → Settings → Platform profile: finished, the platform liable for losses",
        ),
        Finding::not_checkable(
            "pricing",
            "whether Stripe's fees of this account are those of FeeSchedule, or else Stripe's list prices",
            "Stripe's dashboard, Settings → Plans and pricing; set FeeSchedule where they differ",
        ),
        Finding::not_checkable(
            "radar_rules",
            "which payments Radar blocks",
            "Stripe's dashboard, Radar → Rules: block if the CVC or the postal code fails, as your business wants it",
        ),
        Finding::not_checkable(
            "operators",
            "whom the identity provider makes an operator",
            "docs/SMOKE.md 3.3 and 3.4: GET /v1/admin/rollout with a sender's token is 403, with an operator's 200",
        ),
    ]
}
