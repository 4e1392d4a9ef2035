//! The platform's account at Stripe.

use super::with;
use crate::facts::Facts;
use crate::finding::Finding;
use payments::AccountKind;

const READABLE: &str = "set STRIPE_ADMIN_KEY to a key that may read it";
/// The longest prefix that Stripe takes.
const PREFIX_CHARS: usize = 10;

pub(super) fn account(facts: &Facts) -> Finding {
    let check = "platform_account";
    with(check, &facts.account, READABLE, |account| match account.charges_enabled {
        true => Finding::ok(check, format!("{} can charge", account.id)),
        false => Finding::wrong(
            check,
            "Stripe does not let it charge",
            "Stripe's dashboard, Home: answer what Stripe asks for",
        )
        .unless_live(facts.config.livemode),
    })
}

pub(super) fn country(facts: &Facts) -> Finding {
    let check = "platform_country";
    let configured = facts.config.policy.countries.platform().unwrap_or_default();
    with(check, &facts.account, READABLE, |account| {
        let actual = account.country.as_deref().unwrap_or_default();
        match actual == configured {
            true => Finding::ok(check, configured),
            false => Finding::wrong(
                check,
                format!("the account is in {actual}, and PlatformCountry is {configured}"),
                format!(
                    "deploy with PlatformCountry={actual}; look at DefaultCurrency and FeeSchedule as well"
                ),
            ),
        }
    })
}

/// The kind of platform. Whether an old platform may still create accounts of v1, only a creation tells.
pub(super) fn accounts_api(facts: &Facts) -> Finding {
    let check = "accounts_api";
    let kind = facts.config.account_kind;
    if kind != AccountKind::AccountsV2 {
        return Finding::not_checkable(
            check,
            "whether Stripe lets this platform create accounts of v1",
            "Stripe's dashboard, Settings → Features → Accounts v1 support; docs/SMOKE.md 5.2 creates one",
        );
    }
    let mend = "Stripe's dashboard, Connect → Get started; a platform without Accounts v2 deploys with another AccountKind";
    with(check, &facts.accounts_v2, mend, |()| Finding::ok(check, "Accounts v2 answers"))
}

pub(super) fn countries(facts: &Facts) -> Finding {
    let check = "countries";
    let listed = facts.stack.parameter("Countries").unwrap_or_default();
    with(check, &facts.country, READABLE, |spec| {
        let is_reached = |code: &&str| spec.supported_transfer_countries.iter().any(|it| it == code);
        let unreached: Vec<&str> =
            listed.split(',').filter(|code| !code.is_empty() && !is_reached(code)).collect();
        match unreached.as_slice() {
            [] => Finding::ok(check, "Stripe pays to all of Countries"),
            unreached => Finding::warning(
                check,
                format!("Stripe does not pay from the platform's country to {}", unreached.join(", ")),
                "take them out of Countries: their creators are refused at the onboarding",
            ),
        }
    })
}

pub(super) fn statement_descriptor(facts: &Facts) -> Finding {
    let check = "statement_descriptor";
    let configured = facts.stack.parameter("StatementDescriptorPrefixLength");
    let reserved = configured.and_then(|length| length.parse().ok()).unwrap_or(PREFIX_CHARS);
    with(check, &facts.account, READABLE, |account| {
        let settings = account.settings.card_payments.clone().unwrap_or_default();
        let dashboard = "Stripe's dashboard, Settings → Business → Public details → Shortened descriptor";
        match settings.statement_descriptor_prefix.map(|prefix| prefix.chars().count()) {
            None if facts.stack.parameter("StatementDescriptorSuffix").is_some() => Finding::wrong(
                check,
                "the account has no shortened descriptor, without which Stripe refuses a suffix",
                dashboard,
            ),
            Some(length) if length > reserved => Finding::wrong(
                check,
                format!(
                    "the shortened descriptor has {length} characters, and {reserved} are reserved for it"
                ),
                format!("deploy with StatementDescriptorPrefixLength={length}, or shorten it: {dashboard}"),
            ),
            None | Some(_) => Finding::ok(check, "prefix and suffix fit"),
        }
    })
}
