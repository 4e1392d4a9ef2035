//! The Customer of a sender at Stripe: the cards that the sender keeps are attached to it.

use crate::idempotency_key_age::KeyAge;
use crate::ids::{CustomerId, IdempotencyKey, UserId};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The latest request for a sender's Customer, stored before Stripe is called, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderCustomer {
    /// Counts the sender's requests, from 1. Stripe replays a refusal under its key, so the request after one takes the
    /// next number.
    pub number: u32,
    pub requested_at: Timestamp,
    pub outcome: CustomerOutcome,
}

/// What became of a request for a Customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerOutcome {
    /// Nobody knows; the same request may be sent again.
    Pending,
    Made(CustomerId),
    /// Stripe refused it, or has no Customer of it.
    NotMade,
}

/// The next step to a sender's Customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextCustomerStep {
    Use(CustomerId),
    /// Store this request, then send it.
    Start(SenderCustomer),
    /// Send the request again, under the same key.
    Resume(SenderCustomer),
}

impl SenderCustomer {
    /// The next step for a sender, where Stripe no longer has the Customer `gone`.
    #[must_use]
    pub fn next(earlier: Option<&Self>, gone: Option<&CustomerId>, now: Timestamp) -> NextCustomerStep {
        let number = earlier.map_or(0, |request| request.number);
        let start = || {
            let number = number.saturating_add(1);
            NextCustomerStep::Start(Self { number, requested_at: now, outcome: CustomerOutcome::Pending })
        };
        let Some(request) = earlier else { return start() };
        match &request.outcome {
            CustomerOutcome::Pending => NextCustomerStep::Resume(request.clone()),
            CustomerOutcome::Made(customer) if Some(customer) != gone => {
                NextCustomerStep::Use(customer.clone())
            }
            CustomerOutcome::Made(_) | CustomerOutcome::NotMade => start(),
        }
    }

    /// The Customer, if there is one.
    #[must_use]
    pub fn customer(&self) -> Option<&CustomerId> {
        match &self.outcome {
            CustomerOutcome::Made(customer) => Some(customer),
            CustomerOutcome::Pending | CustomerOutcome::NotMade => None,
        }
    }

    /// The same request with its outcome.
    #[must_use]
    pub fn with(&self, outcome: CustomerOutcome) -> Self {
        Self { outcome, ..self.clone() }
    }

    /// The request's idempotency key. Its time keeps deployments apart that share a Stripe account and have a sender with
    /// the same id.
    #[must_use]
    pub fn key(&self, sender: &UserId) -> IdempotencyKey {
        IdempotencyKey::parse(&format!("{}/customer/{}", sender.digest(), self.tag()))
            .expect("a digest, a word and two numbers are visible and short")
    }

    /// The value in the Customer's metadata that identifies this request, with its sender.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("{}-{}", self.number, self.requested_at.millis())
    }

    /// Whether the request may still be sent under its key.
    #[must_use]
    pub fn key_age(&self, now: Timestamp) -> KeyAge {
        KeyAge::of(self.requested_at, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUESTED_AT: Timestamp = Timestamp::from_seconds(1_000);

    fn customer(id: &str) -> CustomerId {
        CustomerId::parse(id).expect("id")
    }

    fn request(number: u32, outcome: CustomerOutcome) -> SenderCustomer {
        SenderCustomer { number, requested_at: REQUESTED_AT, outcome }
    }

    #[test]
    fn an_unanswered_request_keeps_its_key_and_an_answered_one_is_used() {
        let pending = request(2, CustomerOutcome::Pending);
        let later = REQUESTED_AT.plus_seconds(90_000);
        let next = SenderCustomer::next(Some(&pending), None, later);
        assert_eq!(next, NextCustomerStep::Resume(pending));
        let made = request(2, CustomerOutcome::Made(customer("cus_1")));
        for gone in [None, Some(customer("cus_0"))] {
            let next = SenderCustomer::next(Some(&made), gone.as_ref(), later);
            assert_eq!(next, NextCustomerStep::Use(customer("cus_1")));
        }
    }

    #[test]
    fn a_customer_that_is_gone_and_a_refused_request_are_followed_by_the_next_number() {
        let made = request(2, CustomerOutcome::Made(customer("cus_1")));
        let refused = request(2, CustomerOutcome::NotMade);
        let third = NextCustomerStep::Start(request(3, CustomerOutcome::Pending));
        assert_eq!(SenderCustomer::next(Some(&made), Some(&customer("cus_1")), REQUESTED_AT), third);
        assert_eq!(SenderCustomer::next(Some(&refused), None, REQUESTED_AT), third);
        let first = NextCustomerStep::Start(request(1, CustomerOutcome::Pending));
        assert_eq!(SenderCustomer::next(None, None, REQUESTED_AT), first);
    }

    #[test]
    fn no_two_requests_share_a_key_and_none_names_the_sender() {
        let key = |number, sender: &str| {
            let sender = UserId::parse(sender).expect("id");
            request(number, CustomerOutcome::Pending).key(&sender).to_string()
        };
        assert_ne!(key(1, "sam"), key(2, "sam"));
        assert_ne!(key(1, "sam"), key(1, "kim"));
        assert!(key(1, "sam").ends_with("/customer/1-1000000") && !key(1, "sam").contains("sam"));
    }

    #[test]
    fn only_a_made_customer_is_the_senders() {
        let pending = request(2, CustomerOutcome::Pending);
        let made = pending.with(CustomerOutcome::Made(customer("cus_1")));
        assert_eq!(made, request(2, CustomerOutcome::Made(customer("cus_1"))));
        assert_eq!((made.customer(), pending.customer()), (Some(&customer("cus_1")), None));
        assert_eq!(made.with(CustomerOutcome::NotMade).customer(), None);
    }
}
