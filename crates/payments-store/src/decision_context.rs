//! Everything that the decision about a payment depends on, in one batch read.

use crate::{
    Counted, Store, StoreError, Stored,
    blocks::read_block,
    keys::Key,
    receivers::read_receiver,
    rollout_copies::any_copy,
    sender_customers::{ReadCustomer, read_customer},
    sender_holds::read_hold,
};
use payments::{
    CreatorId, EligibilityInput, Money, Payment, PaymentId, Policy, Receiver, Rollout, SenderHold, Timestamp,
    Usages, UserId,
};

/// The stored state that decides whether a sender may pay a creator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionContext {
    pub receiver: Receiver,
    pub rollout: Rollout,
    pub sender_blocked: bool,
    pub sender_hold: SenderHold,
    /// The counts of today that a limit applies to.
    pub usages: Usages,
    /// The payment of this request, if it is recorded already.
    pub earlier: Option<Stored<Payment>>,
}

impl DecisionContext {
    /// Makes the question whether this sender may pay this creator, with the chosen amount if there is one.
    #[must_use]
    pub fn question<'a>(
        &'a self,
        sender: &'a UserId,
        chosen: Option<Money>,
        policy: &'a Policy,
        now: Timestamp,
    ) -> EligibilityInput<'a> {
        EligibilityInput {
            sender: Some(sender),
            sender_blocked: self.sender_blocked,
            sender_held: self.sender_hold.held(policy.hold_after_lost_s, now).is_some(),
            usages: Some(&self.usages),
            chosen,
            ..EligibilityInput::of(&self.receiver, &self.rollout, policy, now)
        }
    }
}

impl Store {
    /// Reads the context of a payment consistently in one batch; `earlier` is the id that the payment would have. A
    /// creator without an item is [`Receiver::unknown`].
    ///
    /// # Errors
    /// [`StoreError`]; an item that cannot be read is an error, never an absent item.
    pub async fn decision_context(
        &self,
        creator: &CreatorId,
        sender: &UserId,
        earlier: Option<&PaymentId>,
        counted: &Counted<'_>,
    ) -> Result<DecisionContext, StoreError> {
        Ok(self.read_context(creator, sender, earlier, counted, false).await?.0)
    }

    /// Does what [`Store::decision_context`] does, and reads the sender's Customer in the same batch. No decision depends
    /// on the Customer, so one that cannot be read is an error of its own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decision_context_and_customer(
        &self,
        creator: &CreatorId,
        sender: &UserId,
        earlier: &PaymentId,
        counted: &Counted<'_>,
    ) -> Result<(DecisionContext, ReadCustomer), StoreError> {
        self.read_context(creator, sender, Some(earlier), counted, true).await
    }

    async fn read_context(
        &self,
        creator: &CreatorId,
        sender: &UserId,
        earlier: Option<&PaymentId>,
        counted: &Counted<'_>,
        with_customer: bool,
    ) -> Result<(DecisionContext, ReadCustomer), StoreError> {
        let [receiver, rollout] = [Key::receiver(creator), any_copy()];
        let customer = with_customer.then(|| Key::sender_customer(sender));
        let [block, hold] = [Key::block(creator, sender), Key::hold(sender)];
        let scopes = counted.scopes(sender, creator);
        let keys = [&receiver, &rollout, &block, &hold].into_iter().chain(&customer).chain(scopes.keys());
        let earlier_keys = earlier.into_iter().flat_map(Key::items_of_payment);
        let mut found = self.find(keys.cloned().chain(earlier_keys)).await?;
        let customer = read_customer(customer.and_then(|key| found.take(&key)));
        let context = DecisionContext {
            receiver: read_receiver(found.take(&receiver), creator)?,
            rollout: self.readable_rollout(found.take(&rollout)).await?,
            sender_blocked: read_block(found.take(&block))?.value,
            sender_hold: read_hold(found.take(&hold))?.value,
            usages: scopes.usages(&mut found)?,
            earlier: earlier.map_or(Ok(None), |id| found.take_payment(id))?,
        };
        Ok((context, customer))
    }

    /// Reads what a creator's eligibility depends on, consistently and in one batch.
    ///
    /// # Errors
    /// [`StoreError`]; an item that cannot be read is an error, never an absent item.
    pub async fn receiver_and_rollout(&self, creator: &CreatorId) -> Result<(Receiver, Rollout), StoreError> {
        let [receiver, rollout] = [Key::receiver(creator), any_copy()];
        let mut found = self.find([receiver.clone(), rollout.clone()]).await?;
        Ok((
            read_receiver(found.take(&receiver), creator)?,
            self.readable_rollout(found.take(&rollout)).await?,
        ))
    }
}
