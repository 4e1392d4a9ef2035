//! Creators' accounts: one creator has one account, and an account one creator, here and at Stripe.

use super::admin::read;
use super::items::text;
use super::{Checked, Invariants, hold};
use crate::table::Table;
use crate::world::World;
use ::payments::Receiver;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use stripe_stand_in::Call;

/// What is known of accounts so far.
#[derive(Clone, Default)]
pub(super) struct Accounts {
    /// Those that Stripe opened, by the creator whom they name.
    opened: BTreeMap<String, BTreeSet<String>>,
    /// Those that were taken away from the platform.
    gone: BTreeSet<String>,
    /// Whose they are, by our word.
    claims: BTreeMap<String, String>,
}

impl Invariants {
    /// What is there when a schedule begins.
    pub(super) fn accounts_begin(&mut self, table: &Table) {
        for (pk, sk) in table.rows().keys() {
            let Some(account) = pk.strip_prefix("ACCOUNT#") else { continue };
            let creator = table.row(pk, sk).and_then(|row| text(row, "creator_id")).unwrap_or_default();
            self.accounts.claims.insert(account.to_owned(), creator.to_owned());
            self.accounts.opened.entry(creator.to_owned()).or_default().insert(account.to_owned());
        }
    }

    /// After a call to Stripe took effect: nobody has two accounts that are connected to us.
    pub(super) fn account_called(&mut self, call: &Call, object: &Value) -> Checked {
        let id = object["id"].as_str().unwrap_or_default();
        if call.path.starts_with("/stand_in/accounts/") && call.path.ends_with("/deauthorize") {
            self.accounts.gone.insert(id.to_owned());
        }
        let Some(creator) = object["metadata"]["creator_id"].as_str().filter(|_| call.path == "/v1/accounts")
        else {
            return Ok(());
        };
        let theirs = self.accounts.opened.entry(creator.to_owned()).or_default();
        theirs.insert(id.to_owned());
        let connected: Vec<&String> = theirs.difference(&self.accounts.gone).collect();
        hold(connected.len() <= 1, || format!("{creator} has {connected:?}"))
    }

    /// After a write of a claim: it is of the creator for whom Stripe opened the account, for good.
    pub(super) fn claim(&mut self, table: &Table, pk: &str) -> Checked {
        let Some(account) = pk.strip_prefix("ACCOUNT#") else { return Ok(()) };
        let row = table.row(pk, "CREATOR").ok_or_else(|| format!("{pk} is gone"))?;
        let creator = text(row, "creator_id").unwrap_or_default().to_owned();
        let opened = self.accounts.opened.get(&creator).is_some_and(|theirs| theirs.contains(account));
        hold(opened, || format!("{account} was not opened for {creator}"))?;
        let before = self.accounts.claims.insert(account.to_owned(), creator.clone());
        hold(before.as_ref().is_none_or(|before| *before == creator), || {
            format!("{account} went from {before:?} to {creator}")
        })
    }

    /// The creators of whose accounts one was taken away.
    pub(crate) fn left_alone(&self) -> Vec<String> {
        let lost = |theirs: &BTreeSet<String>| !theirs.is_disjoint(&self.accounts.gone);
        let lost = self.accounts.opened.iter().filter(|(_, theirs)| lost(theirs));
        lost.map(|(creator, _)| creator.clone()).collect()
    }

    /// At the end every account at Stripe is its creator's, and known as it is there.
    pub(super) fn accounts_agree(&self, world: &mut World, now_ms: i64) -> Checked {
        let mut at_stripe = BTreeSet::new();
        for account in world.list("/v1/accounts", now_ms) {
            let (Some(id), Some(creator)) =
                (account["id"].as_str(), account["metadata"]["creator_id"].as_str())
            else {
                continue;
            };
            let row = world.table.row(&format!("CREATOR#{creator}"), "RECEIVER");
            let receiver: Option<Receiver> = read(row, "receiver")?;
            let known = receiver.and_then(|receiver| receiver.account);
            let known = known.filter(|known| known.id.as_str() == id);
            let known = known.ok_or_else(|| format!("{id} is not known of {creator}"))?;
            let theirs = (
                account["capabilities"]["transfers"] == "active",
                account["payouts_enabled"] == true,
                account["details_submitted"] == true,
                account["requirements"]["currently_due"].as_array().map_or(0, Vec::len),
            );
            let ours = (
                known.transfers_active,
                known.payouts_enabled,
                known.details_submitted,
                known.requirements.currently_due.len(),
            );
            hold(ours == theirs && !known.disconnected, || {
                format!("{id} of {creator} is {theirs:?} and known as {known:?}")
            })?;
            at_stripe.insert(id.to_owned());
        }
        has_one_of(&world.table, &at_stripe)
    }
}

/// Every receiver's account is claimed by them.
pub(super) fn has_claim(table: &Table, receiver: &Receiver) -> Checked {
    let Some(account) = &receiver.account else { return Ok(()) };
    let row = table.row(&format!("ACCOUNT#{}", account.id), "CREATOR");
    let claims = row.and_then(|row| text(row, "creator_id")) == Some(receiver.creator.as_str());
    hold(claims, || format!("{} has {} without its claim", receiver.creator, account.id))
}

fn has_one_of(table: &Table, at_stripe: &BTreeSet<String>) -> Checked {
    for ((pk, sk), row) in table.rows() {
        if !pk.starts_with("CREATOR#") || sk != "RECEIVER" {
            continue;
        }
        let account = read::<Receiver>(Some(row), "receiver")?.and_then(|receiver| receiver.account);
        hold(account.is_none_or(|account| at_stripe.contains(account.id.as_str())), || {
            format!("{pk} has an account that is not at Stripe")
        })?;
    }
    Ok(())
}
