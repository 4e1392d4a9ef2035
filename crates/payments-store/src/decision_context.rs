//! Everything that the decision about a payment depends on, in one read.

use crate::{
    Counted, Store, StoreError, Stored,
    blocks::read_block,
    keys::Key,
    payments::read_payment,
    receivers::read_receiver,
    rollout::{any_copy, read_rollout},
    senders::read_hold,
};
use payments::{
    CreatorId, Currency, EligibilityInput, Money, Payment, PaymentId, Policy, Receiver, Rollout, Timestamp,
    Usages, UserId,
};

/// What surrounds a payment from a sender to a creator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionContext {
    /// Who would receive.
    pub receiver: Receiver,
    /// How far receiving is open.
    pub rollout: Rollout,
    /// Whether the creator blocked the sender.
    pub sender_blocked: bool,
    /// Whether the sender is held from sending.
    pub sender_held: bool,
    /// What the sender has sent today, as far as it is limited.
    pub usages: Usages,
    /// The payment that was asked for, if it is recorded already.
    pub earlier: Option<Stored<Payment>>,
}

impl DecisionContext {
    /// Asks whether this sender may pay this creator, and an amount if one was chosen.
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
            sender_held: self.sender_held,
            usages: Some(&self.usages),
            chosen,
            ..EligibilityInput::of(&self.receiver, &self.rollout, policy, now)
        }
    }
}

impl Store {
    /// Reads consistently, at once, what surrounds a payment; `earlier` is the id that it would have. A
    /// creator who was never written is [`Receiver::unknown`] with the default currency.
    ///
    /// # Errors
    /// [`StoreError`]; what could not be read is never taken for absent.
    pub async fn decision_context(
        &self,
        creator: &CreatorId,
        sender: &UserId,
        earlier: Option<&PaymentId>,
        counted: &Counted<'_>,
        default_currency: Currency,
    ) -> Result<DecisionContext, StoreError> {
        let [receiver, rollout] = [Key::receiver(creator), any_copy()];
        let [block, hold] = [Key::block(creator, sender), Key::hold(sender)];
        let earlier = earlier.map(Key::payment);
        let scopes = counted.scopes(sender, creator);
        let keys =
            [&receiver, &rollout, &block, &hold].into_iter().chain(&earlier).chain(scopes.keys()).cloned();
        let mut found = self.find(keys).await?;
        Ok(DecisionContext {
            receiver: read_receiver(found.take(&receiver), creator, default_currency)?,
            rollout: read_rollout(found.take(&rollout))?,
            sender_blocked: read_block(found.take(&block))?.value,
            sender_held: read_hold(found.take(&hold))?.value.holds(),
            usages: scopes.usages(&mut found)?,
            earlier: earlier.and_then(|key| found.take(&key)).map(read_payment).transpose()?,
        })
    }

    /// Reads consistently, at once, what a creator's eligibility depends on.
    ///
    /// # Errors
    /// [`StoreError`]; what could not be read is never taken for absent.
    pub async fn receiver_and_rollout(
        &self,
        creator: &CreatorId,
        default_currency: Currency,
    ) -> Result<(Receiver, Rollout), StoreError> {
        let [receiver, rollout] = [Key::receiver(creator), any_copy()];
        let mut found = self.find([receiver.clone(), rollout.clone()]).await?;
        Ok((
            read_receiver(found.take(&receiver), creator, default_currency)?,
            read_rollout(found.take(&rollout))?,
        ))
    }
}
