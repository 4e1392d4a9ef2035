//! Reads the payments of a whole page of objects in batches, before the objects are applied one by one.

use crate::{Bookkeeping, BookkeepingError};
use payments::{DeploymentId, IntentId, Payment, PaymentId};
use payments_store::{Carried, Stored};
use payments_stripe::Claim;
use std::collections::{BTreeMap, BTreeSet};

/// What was read for a page. Whatever it lacks, such as an item that this release cannot read, is read with its object.
///
/// A payment in it can be older than its row: facts that it contains are in the row as well, and others are written only under
/// its version.
#[derive(Debug, Clone, Default)]
pub struct ReadAhead {
    payments: BTreeMap<PaymentId, Option<Stored<Payment>>>,
    carried: BTreeMap<IntentId, Option<Carried>>,
}

impl ReadAhead {
    /// The payment that an object belongs to, if it has a row.
    #[must_use]
    pub fn payment_of(&self, claim: &Claim, deployment: &DeploymentId) -> Option<&Stored<Payment>> {
        let has_row = |id: &PaymentId| self.payment(id)?.as_ref();
        let named = named(claim, deployment).and_then(has_row);
        named.or_else(|| has_row(&self.carried(claim.intent.as_ref()?)?.as_ref()?.payment_id))
    }

    /// What was read for some objects of the page.
    #[must_use]
    pub fn part<'c>(&self, claims: impl IntoIterator<Item = &'c Claim>) -> Self {
        let mut part = Self::default();
        for claim in claims {
            if let Some((intent, carried)) =
                claim.intent.as_ref().and_then(|intent| self.carried.get_key_value(intent))
            {
                part.carried.insert(intent.clone(), carried.clone());
                part.copy(self, carried.as_ref().map(|carried| &carried.payment_id));
            }
            part.copy(self, claim.payment.as_ref());
        }
        part
    }

    /// Replaces a payment by what it is now.
    pub fn update(&mut self, payment: Stored<Payment>) {
        self.payments.insert(payment.value.id().clone(), Some(payment));
    }

    pub(crate) fn forget(&mut self, payment: &PaymentId) {
        self.payments.remove(payment);
    }

    pub(crate) fn payment(&self, id: &PaymentId) -> Option<&Option<Stored<Payment>>> {
        self.payments.get(id)
    }

    pub(crate) fn carried(&self, intent: &IntentId) -> Option<&Option<Carried>> {
        self.carried.get(intent)
    }

    fn copy(&mut self, from: &Self, payment: Option<&PaymentId>) {
        if let Some((id, known)) = payment.and_then(|id| from.payments.get_key_value(id)) {
            self.payments.insert(id.clone(), known.clone());
        }
    }
}

impl Bookkeeping<'_> {
    /// Reads the payments that claims lead to: those that they name, and those of their intents.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub async fn read_ahead<'c>(
        self,
        claims: impl IntoIterator<Item = &'c Claim> + Clone,
    ) -> Result<ReadAhead, BookkeepingError> {
        let (store, deployment) = (&self.services.store, &self.services.config.deployment);
        let ids: BTreeSet<PaymentId> =
            claims.clone().into_iter().filter_map(|claim| named(claim, deployment).cloned()).collect();
        let mut read = ReadAhead { payments: store.payments(&ids).await?, carried: BTreeMap::new() };
        let is_found = |claim: &&Claim| read.payment_of(claim, deployment).is_some();
        let others = claims.into_iter().filter(|claim| !is_found(claim));
        let intents: BTreeSet<IntentId> = others.filter_map(|claim| claim.intent.clone()).collect();
        read.carried = store.carried_by_all(&intents).await?;
        let carried = read.carried.values().flatten().map(|carried| carried.payment_id.clone());
        let ids: BTreeSet<PaymentId> = carried.filter(|id| !read.payments.contains_key(id)).collect();
        read.payments.extend(store.payments(&ids).await?);
        Ok(read)
    }
}

/// The payment that a claim of this deployment, or of none, names.
fn named<'c>(claim: &'c Claim, deployment: &DeploymentId) -> Option<&'c PaymentId> {
    claim.payment.as_ref().filter(|_| !claim.is_of_other(deployment))
}
