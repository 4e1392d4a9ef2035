//! Currencies, limits and the platform's balance.

use super::with;
use crate::facts::Facts;
use crate::finding::Finding;
use payments::Currency;

const READABLE: &str = "set STRIPE_ADMIN_KEY to a key that may read it";

/// That each has a fee is checked with the configuration, which does not load otherwise.
pub(super) fn settlement_currencies(facts: &Facts) -> Finding {
    let check = "settlement_currencies";
    with(check, &facts.balance, READABLE, |balance| {
        let has_balance = |currency: &Currency| balance.total.contains_key(currency);
        let chargeable = |currency: &Currency| match &facts.country {
            Ok(spec) => spec.supported_payment_currencies.iter().any(|it| *it == currency.to_string()),
            Err(_) => true,
        };
        let all = || facts.config.policy.settlement.iter();
        let unsupported: Vec<String> = all().filter(|it| !chargeable(it)).map(|it| it.to_string()).collect();
        let without: Vec<String> = all().filter(|it| !has_balance(it)).map(|it| it.to_string()).collect();
        if !unsupported.is_empty() {
            let what = format!("Stripe does not charge {} in the platform's country", unsupported.join(", "));
            return Finding::wrong(check, what, "take them out of SettlementCurrencies");
        }
        match without.is_empty() {
            true => Finding::ok(check, "the platform has a balance in each"),
            false => Finding::wrong(
                check,
                format!(
                    "Stripe shows no balance in {}, and would convert what is charged in it",
                    without.join(", ")
                ),
                "Stripe's dashboard, Settings → Bank accounts and currencies: add a bank account or settlement in it, or take it \
                 out of SettlementCurrencies (DefaultCurrency). If it is there and shows no balance yet: --accept settlement_currencies",
            ),
        }
    })
}

pub(super) fn limits(facts: &Facts) -> Finding {
    let check = "limits";
    let names = |parameter: &str| {
        let entries = facts.stack.parameter(parameter).unwrap_or_default().split(',');
        entries.filter_map(|entry| entry.split_once('=').map(|(name, _)| name.to_owned())).collect::<Vec<_>>()
    };
    let mut missing = Vec::new();
    for parameter in ["SenderLimits", "SenderCreatorLimits", "AddressLimits"] {
        if names(parameter).is_empty() {
            missing.push(format!("{parameter} is empty"));
        }
    }
    for parameter in ["MaxAmounts", "SenderLimits", "SenderCreatorLimits"] {
        let named = names(parameter);
        for currency in facts.config.policy.settlement.iter().map(|it| it.to_string()) {
            if !named.is_empty() && !named.contains(&currency) {
                missing.push(format!("{parameter} has no amount in {currency}"));
            }
        }
    }
    match missing.as_slice() {
        [] => Finding::ok(check, "senders are limited in each settlement currency"),
        missing => Finding::wrong(
            check,
            format!("{}: stolen cards are tried without a limit", missing.join("; ")),
            "deploy with these limits; infra/README.md has their form",
        )
        .unless_live(facts.config.livemode),
    }
}

pub(super) fn balance(facts: &Facts) -> Finding {
    let check = "balance";
    with(check, &facts.balance, READABLE, |balance| {
        // Without a balance at all, `settlement_currencies` says so.
        let is_empty =
            |currency: &Currency| balance.available.get(currency).is_some_and(|amount| *amount <= 0);
        let empty = facts.config.policy.settlement.iter().filter(is_empty).map(|it| it.to_string());
        let empty: Vec<String> = empty.collect();
        match empty.is_empty() {
            true => Finding::ok(check, "there is something available in each settlement currency"),
            false => Finding::warning(
                check,
                format!(
                    "nothing is available in {}: refunds wait, and transfers are refused",
                    empty.join(", ")
                ),
                "Stripe's dashboard, Balances → Add to balance: about the refunds and disputes of a week",
            ),
        }
    })
}

pub(super) fn payouts(facts: &Facts) -> Finding {
    let check = "payouts";
    with(check, &facts.account, READABLE, |account| {
        let schedule = account.settings.payouts.clone().unwrap_or_default().schedule.unwrap_or_default();
        match schedule.interval.as_deref() {
            Some("manual") => Finding::ok(check, "the balance is paid out by hand"),
            None => Finding::not_checkable(
                check,
                "when the balance is paid out",
                "Stripe's dashboard, Settings → Payouts: manual, or with a minimum balance",
            ),
            Some(interval) => Finding::warning(
                check,
                format!("the balance is paid out ({interval}), which leaves little for refunds and disputes"),
                "Stripe's dashboard, Settings → Payouts: manual, or with a minimum balance",
            ),
        }
    })
}
