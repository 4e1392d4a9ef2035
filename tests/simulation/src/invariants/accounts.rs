//! One creator has one account, and an account has one creator, here and at Stripe.

use super::admin::read;
use super::items::text;
use super::{Checked, Invariants, ensure};
use crate::backends::Backends;
use crate::table::Table;
use ::payments::Receiver;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use stripe_stand_in::Call;

/// The accounts so far.
#[derive(Clone, Default)]
pub(super) struct Accounts {
    /// Accounts opened at Stripe, by the creator in their metadata.
    opened: BTreeMap<String, BTreeSet<String>>,
    /// Disconnected accounts.
    gone: BTreeSet<String>,
    /// The creator of each account, by our claims.
    claims: BTreeMap<String, String>,
}

impl Invariants {
    pub(super) fn accounts_begin(&mut self, table: &Table) {
        for (pk, sk) in table.rows().keys() {
            let Some(account) = pk.strip_prefix("ACCOUNT#").filter(|_| sk == "CREATOR") else { continue };
            let creator = table.row(pk, sk).and_then(|row| text(row, "creator_id")).unwrap_or_default();
            self.accounts.claims.insert(account.to_owned(), creator.to_owned());
            self.accounts.opened.entry(creator.to_owned()).or_default().insert(account.to_owned());
        }
    }

    /// After a call took effect: no creator has two connected accounts.
    pub(super) fn account_called(&mut self, call: &Call, object: &Value) -> Checked {
        let id = object["id"].as_str().unwrap_or_default();
        if call.path.starts_with("/stand_in/accounts/") && call.path.ends_with("/deauthorize") {
            self.accounts.gone.insert(id.to_owned());
        }
        let creates = ["/v1/accounts", "/v2/core/accounts"].contains(&call.path.as_str());
        let Some(creator) = object["metadata"]["creator_id"].as_str().filter(|_| creates) else {
            return Ok(());
        };
        let theirs = self.accounts.opened.entry(creator.to_owned()).or_default();
        theirs.insert(id.to_owned());
        let connected: Vec<&String> = theirs.difference(&self.accounts.gone).collect();
        ensure(connected.len() <= 1, || format!("{creator} has {connected:?}"))
    }

    /// After a claim was written: it names the creator for whom Stripe opened the account, and never changes.
    pub(super) fn claim(&mut self, table: &Table, pk: &str) -> Checked {
        let Some(account) = pk.strip_prefix("ACCOUNT#") else { return Ok(()) };
        let row = table.row(pk, "CREATOR").ok_or_else(|| format!("{pk} is gone"))?;
        let creator = text(row, "creator_id").unwrap_or_default().to_owned();
        let opened = self.accounts.opened.get(&creator).is_some_and(|theirs| theirs.contains(account));
        ensure(opened, || format!("{account} was not opened for {creator}"))?;
        let before = self.accounts.claims.insert(account.to_owned(), creator.clone());
        ensure(before.as_ref().is_none_or(|before| *before == creator), || {
            format!("{account} went from {before:?} to {creator}")
        })
    }

    /// Whether Stripe's lists show the account of a claim: they do not show disconnected accounts.
    pub(crate) fn is_claim_of_connected(&self, pk: &str) -> bool {
        pk.strip_prefix("ACCOUNT#").is_some_and(|account| !self.accounts.gone.contains(account))
    }

    /// Creators one of whose accounts was disconnected.
    pub(crate) fn creators_without_account(&self) -> Vec<String> {
        let lost = |theirs: &BTreeSet<String>| !theirs.is_disjoint(&self.accounts.gone);
        let lost = self.accounts.opened.iter().filter(|(_, theirs)| lost(theirs));
        lost.map(|(creator, _)| creator.clone()).collect()
    }

    /// At the end, every account at Stripe is its creator's, and is stored as Stripe shows it.
    pub(super) fn accounts_agree(&self, backends: &mut Backends, now_ms: i64) -> Checked {
        let mut at_stripe = BTreeSet::new();
        for account in backends.list("/v1/accounts", now_ms) {
            let (Some(id), Some(creator)) =
                (account["id"].as_str(), account["metadata"]["creator_id"].as_str())
            else {
                continue;
            };
            let row = backends.table.row(&format!("CREATOR#{creator}"), "RECEIVER");
            let receiver: Option<Receiver> = read(row, "receiver")?;
            let stored = receiver.and_then(|receiver| receiver.account);
            let stored = stored.filter(|stored| stored.id.as_str() == id);
            let stored = stored.ok_or_else(|| format!("{id} is not the account of {creator}"))?;
            // v1 lists what is past due among what is currently due.
            let requirements = &stored.requirements;
            let due: BTreeSet<&String> =
                requirements.currently_due.iter().chain(&requirements.past_due).collect();
            let theirs = (
                account["capabilities"]["transfers"] == "active",
                account["payouts_enabled"] == true,
                account["details_submitted"] == true,
                account["requirements"]["currently_due"].as_array().map_or(0, Vec::len),
            );
            let ours = (stored.transfers_active, stored.payouts_enabled, stored.details_submitted, due.len());
            ensure(ours == theirs && !stored.disconnected, || {
                format!("{id} of {creator} is {theirs:?} and stored as {stored:?}")
            })?;
            at_stripe.insert(id.to_owned());
        }
        has_one_of(&backends.table, &at_stripe)
    }
}

/// Every receiver's account is claimed by them.
pub(super) fn has_claim(table: &Table, receiver: &Receiver) -> Checked {
    let Some(account) = &receiver.account else { return Ok(()) };
    let row = table.row(&format!("ACCOUNT#{}", account.id), "CREATOR");
    let claims = row.and_then(|row| text(row, "creator_id")) == Some(receiver.creator.as_str());
    ensure(claims, || format!("{} has {} without its claim", receiver.creator, account.id))
}

fn has_one_of(table: &Table, at_stripe: &BTreeSet<String>) -> Checked {
    for ((pk, sk), row) in table.rows() {
        if !pk.starts_with("CREATOR#") || sk != "RECEIVER" {
            continue;
        }
        let account = read::<Receiver>(Some(row), "receiver")?.and_then(|receiver| receiver.account);
        ensure(account.is_none_or(|account| at_stripe.contains(account.id.as_str())), || {
            format!("{pk} has an account that is not at Stripe")
        })?;
    }
    Ok(())
}
