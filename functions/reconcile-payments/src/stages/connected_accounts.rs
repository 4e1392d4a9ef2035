//! The stages `accounts` and `accounts_v2`: find changes of connected accounts that the webhook missed. A page of a
//! hundred accounts of v1 is compared with the receivers in two reads of the table, and only an account that differs is
//! refreshed. v2's list shows nothing of an account but its metadata, so each of ours is refreshed.
//!
//! Stripe does not list an account that was disconnected. The disconnection is noticed by its event, when the creator
//! visits the onboarding, or when an operator names the account again.

use super::expired_cursor::{page_of, page_of_v2};
use crate::ReconciliationError;
use crate::differences::{unappliable, unclaimed, unreadable};
use crate::note_unreadable::note_unreadable;
use crate::run_progress::RunProgress;
use payments::{
    AccountId, AccountSnapshot, AccountsApi, CreatorId, Findings, NextPage, Receiver, Stage, Timestamp,
};
use payments_bookkeeping::{BookkeepingError, refresh_account_by_id};
use payments_services::{Services, causes};
use payments_store::StoreError;
use payments_stripe::{Page, StripeError, Window};
use std::collections::{BTreeMap, BTreeSet};

/// How a listed account compares with its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// No creator has claimed it, and no creator's account request waits for it; or the other API reads it.
    NotOurs,
    AsKnown,
    /// It differs from the receiver or can differ, or it answers an account request that was interrupted.
    Differs,
}

/// Compares v1's accounts, page after page, and refreshes those that differ until the time is over.
pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    while progress.run.open_stages().contains(&Stage::Accounts) && progress.now() < until {
        let next = page(progress, until).await?;
        progress.advance(Stage::Accounts, next).await?;
    }
    Ok(())
}

/// Refreshes v2's accounts, page after page, until the time is over.
pub(crate) async fn work_v2(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    while progress.run.open_stages().contains(&Stage::AccountsV2) && progress.now() < until {
        let next = page_v2(progress, until).await?;
        progress.advance(Stage::AccountsV2, next).await?;
    }
    Ok(())
}

async fn page(progress: &mut RunProgress<'_>, until: Timestamp) -> Result<NextPage, ReconciliationError> {
    let ever = Window { from_s: 0, until_s: Some(progress.run.to.seconds() + 1) };
    let cursor = progress.run.cursor(Stage::Accounts).map(str::to_owned);
    let answer = progress.services.stripe_session().await?.list_accounts(ever, cursor.as_deref()).await;
    let Some(page) = page_of(cursor.as_deref(), answer)? else { return Ok(NextPage::First) };
    refresh_page(progress, page, AccountsApi::V1, cursor, until).await
}

async fn page_v2(progress: &mut RunProgress<'_>, until: Timestamp) -> Result<NextPage, ReconciliationError> {
    if !reads_v2(progress.services) {
        return Ok(NextPage::None);
    }
    let cursor = progress.run.cursor(Stage::AccountsV2).map(str::to_owned);
    let answer = progress.services.stripe_session().await?.list_accounts_v2(cursor.as_deref()).await;
    let Some(page) = page_of_v2(cursor.as_deref(), answer)? else { return Ok(NextPage::First) };
    refresh_page(progress, page, AccountsApi::V2, cursor, until).await
}

async fn refresh_page(
    progress: &mut RunProgress<'_>,
    page: Page<AccountSnapshot>,
    api: AccountsApi,
    cursor: Option<String>,
    until: Timestamp,
) -> Result<NextPage, ReconciliationError> {
    let services = progress.services;
    let (known, unreadable_items) = KnownAccounts::of(services, &page.data).await?;
    let (mut ours, mut left_over) = (0, Vec::new());
    for account in &page.data {
        match known.compare(account) {
            Compared::NotOurs => {}
            Compared::AsKnown => ours += 1,
            // The next slice reads this page again.
            Compared::Differs if progress.now() >= until => {
                return Ok(cursor.map_or(NextPage::First, NextPage::After));
            }
            Compared::Differs => match refresh_account_by_id(services, &account.id, api).await {
                Ok(Some(changed)) => {
                    ours += 1;
                    progress.findings().counts.add_mended(changed);
                }
                Ok(None) => left_over.push(unclaimed(&account.id)),
                Err(error) => note_account(progress.findings(), &account.id, error)?,
            },
        }
    }
    let findings = progress.findings();
    findings.counts.accounts += ours;
    unreadable_items.into_iter().try_for_each(|error| note_unreadable(findings, error))?;
    page.unreadable.iter().map(unreadable).chain(left_over).for_each(|difference| findings.note(difference));
    Ok(page.next.into())
}

/// Notes an account that Stripe refuses to show, or whose creator cannot be read, and leaves it out. Any other error stops
/// the slice.
///
/// # Errors
/// The error, if it is not about this account alone.
pub(crate) fn note_account(
    findings: &mut Findings,
    account: &AccountId,
    error: BookkeepingError,
) -> Result<(), ReconciliationError> {
    match error {
        BookkeepingError::Stripe(refused @ StripeError::Refused(_)) => {
            findings.note(unappliable(account.to_string(), causes(&refused), None));
            Ok(())
        }
        other @ (BookkeepingError::Store(_)
        | BookkeepingError::Stripe(_)
        | BookkeepingError::Session(_)
        | BookkeepingError::Mismatch { .. }
        | BookkeepingError::SnapshotError(_)) => note_unreadable(findings, other),
    }
}

/// The claims and receivers that a page is compared with.
struct KnownAccounts {
    claims: BTreeMap<AccountId, CreatorId>,
    receivers: BTreeMap<CreatorId, Receiver>,
}

impl KnownAccounts {
    /// Also returns the errors of the claims and receivers that this release cannot read; their accounts compare as not
    /// ours.
    async fn of(
        services: &Services,
        accounts: &[AccountSnapshot],
    ) -> Result<(Self, Vec<StoreError>), ReconciliationError> {
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id.clone()).collect();
        let (claims, mut unreadable) = services.store.creators_of(&ids).await?;
        let creators: BTreeSet<CreatorId> =
            accounts.iter().filter_map(|account| creator(&claims, account)).collect();
        let creators: Vec<CreatorId> = creators.into_iter().collect();
        let (receivers, unreadable_receivers) = services.store.readable_receivers(&creators).await?;
        unreadable.extend(unreadable_receivers);
        let receivers = receivers.into_iter().map(|receiver| (receiver.creator.clone(), receiver)).collect();
        Ok((Self { claims, receivers }, unreadable))
    }

    fn compare(&self, account: &AccountSnapshot) -> Compared {
        let creator = creator(&self.claims, account);
        let Some(receiver) = creator.and_then(|creator| self.receivers.get(&creator)) else {
            return Compared::NotOurs;
        };
        if !self.claims.contains_key(&account.id) {
            // Another deployment on the same Stripe account may have a creator with the same id, so an account is ours
            // only if it answers the request that stands here.
            let asked =
                receiver.account_request.as_ref().filter(|asked| asked.parameters.kind.api() == account.api);
            let is_ours = asked.is_some_and(|request| account.answers(&receiver.creator, request));
            return if is_ours { Compared::Differs } else { Compared::NotOurs };
        }
        // A creator keeps the claim to an account after changing to another.
        let Some(known) = receiver.account.as_ref().filter(|known| known.id == account.id) else {
            return Compared::AsKnown;
        };
        match (known.api, account.api) {
            // v1's list can show an account of v2, which its own stage refreshes.
            (AccountsApi::V2, AccountsApi::V1) | (AccountsApi::V1, AccountsApi::V2) => Compared::NotOurs,
            (AccountsApi::V2, AccountsApi::V2) => Compared::Differs,
            (AccountsApi::V1, AccountsApi::V1) if known.updated(account) == *known => Compared::AsKnown,
            (AccountsApi::V1, AccountsApi::V1) => Compared::Differs,
        }
    }
}

/// Returns the creator who claimed the account, or else the one that its metadata names.
fn creator(claims: &BTreeMap<AccountId, CreatorId>, account: &AccountSnapshot) -> Option<CreatorId> {
    claims.get(&account.id).cloned().or_else(|| account.creator.clone())
}

/// Whether the deployment reads v2's lists. A deployment with accounts of v1 may run on a platform, or with a key,
/// that is refused them.
pub(crate) fn reads_v2(services: &Services) -> bool {
    services.config.account_kind.api() == AccountsApi::V2
}
