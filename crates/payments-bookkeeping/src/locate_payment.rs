//! Finds the payment of a received object: whose it is, before what it says.

use crate::{Bookkeeping, BookkeepingError, ReadAhead};
use payments::{AccountId, IntentId, Payment};
use payments_store::{PaymentAndSenderHold, Stored};
use payments_stripe::{Claim, ClaimKind, EventClaim, StripeError};

/// The payment that an object belongs to.
pub(crate) enum Located {
    Payment(Box<PaymentAndSenderHold>),
    /// The object is of this deployment, and names a payment that has no row.
    Missing,
    NotOurs,
}

impl Bookkeeping<'_> {
    /// Finds the payment by the id in the object's metadata, otherwise by the intent in the table, since metadata can be
    /// edited, otherwise by the intent at Stripe. What another deployment wrote is not ours, unless the intent is. Where metadata
    /// names a payment with another intent, the table decides whose this intent is.
    pub(crate) async fn locate(self, claim: &Claim, read: &ReadAhead) -> Result<Located, BookkeepingError> {
        let named = self.named(claim, read).await?;
        let Some(intent) = &claim.intent else { return Ok(named) };
        let has_another = |found: &PaymentAndSenderHold| {
            found.payment.value.state.intent.as_ref().is_some_and(|known| known != intent)
        };
        let found = match &named {
            Located::Payment(found) if has_another(found) => self.in_table(claim, intent, read).await?,
            Located::Payment(_) => None,
            Located::Missing | Located::NotOurs => match self.by_intent(claim, intent, read).await? {
                Located::NotOurs => None,
                found @ (Located::Payment(_) | Located::Missing) => Some(found),
            },
        };
        Ok(found.unwrap_or(named))
    }

    /// Every payment has a row before Stripe hears of it, so one that has none is only ours if this deployment says so.
    async fn named(self, claim: &Claim, read: &ReadAhead) -> Result<Located, BookkeepingError> {
        let deployment = &self.services.config.deployment;
        let Some(id) = claim.payment.as_ref().filter(|_| !claim.is_of_other(deployment)) else {
            return Ok(Located::NotOurs);
        };
        let known = match read.payment(id) {
            Some(known) => known.clone(),
            None => self.services.store.payment(id).await?,
        };
        Ok(match known {
            Some(stored) => Located::Payment(Box::new(stored.into())),
            None if claim.is_of(deployment) => Located::Missing,
            None => Located::NotOurs,
        })
    }

    async fn by_intent(
        self,
        claim: &Claim,
        intent: &IntentId,
        read: &ReadAhead,
    ) -> Result<Located, BookkeepingError> {
        if let Some(found) = self.in_table(claim, intent, read).await? {
            return Ok(found);
        }
        let is_of_other = claim.is_of_other(&self.services.config.deployment);
        match claim.kind {
            ClaimKind::Refund | ClaimKind::Dispute | ClaimKind::FraudWarning if !is_of_other => {
                self.by_stripe(intent).await
            }
            ClaimKind::Refund | ClaimKind::Dispute | ClaimKind::FraudWarning | ClaimKind::Named => {
                Ok(Located::NotOurs)
            }
        }
    }

    /// The payment that the table knows the intent of.
    async fn in_table(
        self,
        claim: &Claim,
        intent: &IntentId,
        read: &ReadAhead,
    ) -> Result<Option<Located>, BookkeepingError> {
        let store = &self.services.store;
        let carried = match read.carried(intent) {
            Some(carried) => carried.clone(),
            None => store.carried_by(intent).await?,
        };
        let Some(carried) = carried else { return Ok(None) };
        if let Some(known) = read.payment(&carried.payment_id) {
            let known = known.clone().map(|stored| Located::Payment(Box::new(stored.into())));
            return Ok(Some(known.unwrap_or(Located::Missing)));
        }
        // Only a dispute changes the sender's hold.
        let sender = carried.sender_id.as_ref().filter(|_| claim.kind == ClaimKind::Dispute);
        let found = store.payment_and_sender_hold(&carried.payment_id, sender).await?;
        Ok(Some(found.map_or(Located::Missing, |found| Located::Payment(Box::new(found)))))
    }

    /// The row may not contain its intent yet, but the intent names its payment.
    async fn by_stripe(self, intent: &IntentId) -> Result<Located, BookkeepingError> {
        match self.stripe().await?.retrieve_intent_claim(intent).await {
            Ok(claim) => self.named(&claim, &ReadAhead::default()).await,
            Err(StripeError::Refused(_)) => Ok(Located::NotOurs),
            Err(error) => Err(error.into()),
        }
    }

    /// The payment that an object belongs to, if it is one of the platform's.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub async fn payment_of(self, claim: &Claim) -> Result<Option<Stored<Payment>>, BookkeepingError> {
        Ok(match self.locate(claim, &ReadAhead::default()).await? {
            Located::Payment(found) => Some(found.payment),
            Located::Missing | Located::NotOurs => None,
        })
    }

    /// Whether an object that cannot be read is of one of the platform's payments.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub async fn is_ours(self, claim: &Claim) -> Result<bool, BookkeepingError> {
        Ok(match self.locate(claim, &ReadAhead::default()).await? {
            Located::Payment(_) | Located::Missing => true,
            Located::NotOurs => false,
        })
    }

    /// Whether an event that cannot be read is of one of the platform's payments, or about one of its creators'
    /// accounts.
    pub(crate) async fn is_event_ours(self, claim: &EventClaim) -> Result<bool, BookkeepingError> {
        if claim.livemode.is_some_and(|livemode| livemode != self.services.config.livemode) {
            return Ok(false);
        }
        match claim.account.as_deref().map(AccountId::parse) {
            Some(Ok(account)) => Ok(self.services.store.creator_of(&account).await?.is_some()),
            Some(Err(_)) => Ok(false),
            None => self.is_ours(&claim.object).await,
        }
    }
}
