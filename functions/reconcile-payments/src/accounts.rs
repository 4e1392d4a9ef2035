//! Connected accounts as Stripe lists them: whatever no event told of them. A page of a hundred is compared with what is
//! known here in two reads of the table; only what differs is looked at by itself, as the webhook would.
//!
//! An account that is not connected to us any more is in no list. It is seen by its event, by its creator's visit to the
//! onboarding, and when an operator names it.

use crate::ReconciliationError;
use crate::list::page_of;
use crate::report::{unclaimed, unreadable};
use payments::{AccountId, CreatorId, NextPage, Receiver, Reconciliation, Timestamp};
use payments_bookkeeping::refresh_account_by_id;
use payments_services::Services;
use payments_stripe::{AccountObject, Window};
use std::collections::{BTreeMap, BTreeSet};

/// What a listed account is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// No creator of ours claims it, and none waits for it.
    NotOurs,
    /// Nothing is new about it.
    AsKnown,
    /// It differs from what is known, or answers a request of its creator that nobody claimed it for.
    Differs,
}

/// Compares a page, and looks at what differs until the time is over.
pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
    until: Timestamp,
) -> Result<NextPage, ReconciliationError> {
    let ever = Window { from_s: 0, until_s: Some(run.to.seconds() + 1) };
    let answer = services.stripe_session().await?.list_accounts(ever, run.cursor.as_deref()).await;
    let Some(page) = page_of(run, answer)? else { return Ok(NextPage::First) };
    let known = KnownAccounts::of(services, &page.data).await?;
    let (mut ours, mut left_over) = (0, Vec::new());
    for account in &page.data {
        match known.compare(account) {
            Compared::NotOurs => {}
            Compared::AsKnown => ours += 1,
            // The page again, by the next slice: what was looked at does not differ any more.
            Compared::Differs if services.clock.now() >= until => {
                return Ok(run.cursor.clone().map_or(NextPage::First, NextPage::After));
            }
            Compared::Differs => match refresh_account_by_id(services, &account.id).await? {
                Some(news) => {
                    ours += 1;
                    run.counts.changed += u64::from(news);
                }
                None => left_over.push(unclaimed(&account.id)),
            },
        }
    }
    run.counts.accounts += ours;
    page.unreadable.iter().map(unreadable).chain(left_over).for_each(|difference| run.note(difference));
    Ok(page.next.into())
}

/// What is known here of the accounts of a page.
struct KnownAccounts {
    claims: BTreeMap<AccountId, CreatorId>,
    receivers: BTreeMap<CreatorId, Receiver>,
}

impl KnownAccounts {
    async fn of(services: &Services, accounts: &[AccountObject]) -> Result<Self, ReconciliationError> {
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id.clone()).collect();
        let claims = services.store.creators_of(&ids).await?;
        let creators: BTreeSet<CreatorId> =
            accounts.iter().filter_map(|account| creator(&claims, account)).collect();
        let creators: Vec<CreatorId> = creators.into_iter().collect();
        let receivers = services.store.receivers(&creators, services.config.default_currency).await?;
        Ok(Self { claims, receivers: creators.into_iter().zip(receivers).collect() })
    }

    fn compare(&self, account: &AccountObject) -> Compared {
        let creator = creator(&self.claims, account);
        let Some(receiver) = creator.and_then(|creator| self.receivers.get(&creator)) else {
            return Compared::NotOurs;
        };
        if !self.claims.contains_key(&account.id) {
            // Of other deployments on the same Stripe account, which may know a creator by the same id, it is no request
            // that stands here.
            let answers = |request| account.answers(&receiver.creator, request);
            let is_ours = receiver.account_request.as_ref().is_some_and(answers);
            return if is_ours { Compared::Differs } else { Compared::NotOurs };
        }
        // A creator keeps the claim to an account that they have left.
        let Some(known) = receiver.account.as_ref().filter(|known| known.id == account.id) else {
            return Compared::AsKnown;
        };
        let seen = account.connected_or(&known.country, known.default_currency);
        if seen == *known { Compared::AsKnown } else { Compared::Differs }
    }
}

/// Whose it is: who claims it, or else whom it names.
fn creator(claims: &BTreeMap<AccountId, CreatorId>, account: &AccountObject) -> Option<CreatorId> {
    claims.get(&account.id).cloned().or_else(|| account.creator_id())
}
