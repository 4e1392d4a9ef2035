//! Applies authentic events, whether they were delivered, listed as undelivered, or parked.

use crate::{Bookkeeping, BookkeepingError, Outcome, ReadAhead, refresh_account_by_id};
use payments::{AccountId, AccountsApi, CreatorPayout, EventId, Payout};
use payments_services::{Metric, causes, count, count_setup_fault, log_event, log_payment};
use payments_store::ParkedEvent;
use payments_stripe::{StripeEvent, ThinEvent, parse_event};

/// The result of applying an authentic event.
#[derive(Debug)]
pub enum EventOutcome {
    /// The facts are stored with their payment or creator. The flag says whether any was new.
    Applied(bool),
    /// As for [`EventOutcome::Applied`], but the follow-up failed. The payment stays due for it.
    FollowUpFailed(bool, BookkeepingError),
    /// The event belongs to none of the platform's payments and creators.
    NotOurs,
    /// The event cannot be parsed or applied, and must be parked.
    Unappliable(ParkedEvent),
}

impl Bookkeeping<'_> {
    /// Applies an event from the body that was signed, then follows up on its payment. It is parked if an item
    /// that it needs cannot be read, because Stripe's next delivery could not apply it either.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub async fn apply_event(self, body: &[u8]) -> Result<EventOutcome, BookkeepingError> {
        Self { one_event: true, ..self }.apply_event_to(body, &mut ReadAhead::default()).await
    }

    /// Does what [`Bookkeeping::apply_event`] does, with what was read for a whole page. It is brought up to date.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub async fn apply_event_to(
        self,
        body: &[u8],
        read: &mut ReadAhead,
    ) -> Result<EventOutcome, BookkeepingError> {
        let (id, kind, applied) = match ThinEvent::parse(body) {
            Some(event) => {
                event.id.iter().filter(|_| self.one_event).for_each(log_event);
                let applied = self.apply_thin_event(&event).await;
                (event.id, Some(event.event_type), applied)
            }
            None => self.apply_snapshot_event(body, read).await,
        };
        let unreadable = match &applied {
            Ok(EventOutcome::FollowUpFailed(_, error)) | Err(error) => {
                error.unreadable_item().map(|_| causes(error))
            }
            Ok(EventOutcome::Applied(_) | EventOutcome::NotOurs | EventOutcome::Unappliable(_)) => None,
        };
        match unreadable {
            Some(reason) => {
                // Stripe is told that all is well, so nothing else tells that this version is broken.
                if self.one_event {
                    count_setup_fault();
                }
                Ok(self.unappliable(body, id, kind, reason))
            }
            None => applied,
        }
    }

    /// Applies an event that holds its object, and returns its id and type where they can be read.
    async fn apply_snapshot_event(
        self,
        body: &[u8],
        read: &mut ReadAhead,
    ) -> (Option<EventId>, Option<String>, Result<EventOutcome, BookkeepingError>) {
        let event = match parse_event(body) {
            Ok(event) => event,
            Err(error) => {
                let (id, kind) = (error.event_id.clone(), error.event_type.clone());
                return (id, kind, self.unreadable(body, error).await);
            }
        };
        if self.one_event {
            log_event(&event.id);
        }
        // Stripe also sends test-mode events to live Connect endpoints.
        let applied = if event.livemode == self.services.config.livemode {
            Box::pin(self.apply_parsed(&event, body, read)).await
        } else {
            count(Metric::WebhookWrongMode);
            Ok(EventOutcome::NotOurs)
        };
        (Some(event.id), Some(event.event_type), applied)
    }

    async fn apply_parsed(
        self,
        event: &StripeEvent,
        body: &[u8],
        read: &mut ReadAhead,
    ) -> Result<EventOutcome, BookkeepingError> {
        if let Some(account) = event.changed_account() {
            return self.refresh_named_account(account, AccountsApi::V1).await;
        }
        if let Some((account, payout)) = event.payout() {
            return self.record_payout(account, payout).await;
        }
        let outcome = match event.received_object() {
            None => Outcome::NotOurs,
            Some(received) => self.apply_object_to(&received, read).await?,
        };
        Ok(match outcome {
            Outcome::Applied(known) => {
                let (changed, payment) = (known.changed, known.payment.value.id().clone());
                if self.one_event {
                    log_payment(&payment);
                }
                if changed {
                    self.measure_settlement(&known.payment.value, event.created_s);
                }
                match self.follow_up(*known).await {
                    Ok(after) => {
                        read.update(after);
                        EventOutcome::Applied(changed)
                    }
                    Err(error) => {
                        read.forget(&payment);
                        EventOutcome::FollowUpFailed(changed, error)
                    }
                }
            }
            Outcome::NotOurs => not_ours(),
            Outcome::Unappliable(reason) => {
                self.unappliable(body, Some(event.id.clone()), Some(event.event_type.clone()), reason)
            }
        })
    }

    /// Refreshes the account that a thin event names. Its content is never trusted, so nothing of it can be unappliable.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub async fn apply_thin_event(self, event: &ThinEvent) -> Result<EventOutcome, BookkeepingError> {
        if event.livemode.is_some_and(|livemode| livemode != self.services.config.livemode) {
            count(Metric::WebhookWrongMode);
            return Ok(EventOutcome::NotOurs);
        }
        if event.is_ping() {
            count(Metric::WebhookPing);
            return Ok(EventOutcome::NotOurs);
        }
        match event.changed_account() {
            Some(account) => self.refresh_named_account(&account, AccountsApi::V2).await,
            None => Ok(not_ours()),
        }
    }

    /// Records a payout of a creator's account. Another account is somebody else's.
    async fn record_payout(
        self,
        account: &AccountId,
        payout: Payout,
    ) -> Result<EventOutcome, BookkeepingError> {
        let Some(creator) = self.services.store.creator_of(account).await? else { return Ok(not_ours()) };
        let recorded = self.services.store.record_payout(&CreatorPayout { creator, payout }).await?;
        Ok(EventOutcome::Applied(recorded))
    }

    async fn refresh_named_account(
        self,
        account: &AccountId,
        named_by: AccountsApi,
    ) -> Result<EventOutcome, BookkeepingError> {
        Ok(match refresh_account_by_id(self.services, account, named_by).await? {
            Some(changed) => EventOutcome::Applied(changed),
            None => not_ours(),
        })
    }
}

pub(crate) fn not_ours() -> EventOutcome {
    count(Metric::WebhookNotOurs);
    EventOutcome::NotOurs
}
