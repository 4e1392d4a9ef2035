//! Feedback of senders and creators, filed under the wave that it concerns.

use crate::ids::{CreatorId, FeedbackId, PaymentId, UserId, WaveName};
use crate::payment::{Payment, Status};
use crate::receiving::{Receiver, Rollout};
use crate::text_limits::FeedbackText;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A rating, from 1 (bad) to 5 (good).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8")]
pub struct Rating(u8);

/// A number is not a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rating is a whole number from 1 to 5")]
pub struct RatingError;

/// Feedback of one user about one payment, or about a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    pub id: FeedbackId,
    /// None when no wave opened receiving.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wave: Option<WaveName>,
    /// The time that it is filed under: its payment's creation, or the start of its day.
    pub about: Timestamp,
    pub by: UserId,
    /// None for general feedback.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub payment_id: Option<PaymentId>,
    /// The payment's creator.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub creator: Option<CreatorId>,
    pub opinion: Opinion,
    /// When it was given or last changed.
    pub given_at: Timestamp,
}

/// A rating, and a text if the user wrote one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub rating: Rating,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<FeedbackText>,
}

impl Rating {
    /// # Errors
    /// [`RatingError`] outside 1 to 5.
    pub fn new(rating: u8) -> Result<Self, RatingError> {
        if (1..=5).contains(&rating) { Ok(Self(rating)) } else { Err(RatingError) }
    }

    /// Returns the number, 1–5.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Rating {
    type Error = RatingError;
    fn try_from(rating: u8) -> Result<Self, RatingError> {
        Self::new(rating)
    }
}

impl Feedback {
    /// Feedback about a payment, filed under the payment's wave. `None` unless the user is its sender, or its creator once
    /// it has succeeded: nobody else learns that the payment exists.
    #[must_use]
    pub fn about_payment(by: UserId, payment: &Payment, opinion: Opinion, now: Timestamp) -> Option<Self> {
        let terms = &payment.terms;
        let as_creator = payment.status() == Status::Succeeded && terms.creator.is_user(&by);
        (terms.sender == by || as_creator).then(|| Self {
            id: FeedbackId::derive(&by, payment.id().as_str()),
            wave: terms.wave().cloned(),
            about: terms.created_at,
            by,
            payment_id: Some(payment.id().clone()),
            creator: Some(terms.creator.clone()),
            opinion,
            given_at: now,
        })
    }

    /// General feedback, filed under the user's own wave if they are a creator in one. One per user and day.
    #[must_use]
    pub fn in_general(
        by: UserId,
        as_receiver: &Receiver,
        rollout: &Rollout,
        opinion: Opinion,
        now: Timestamp,
    ) -> Self {
        // Every user id falls under some percentage, but only a stored receiver is a creator.
        let is_creator = as_receiver.version > 0 && as_receiver.creator.is_user(&by);
        let wave = rollout.waves.iter().find(|wave| is_creator && wave.includes(as_receiver));
        Self {
            id: FeedbackId::derive(&by, &now.date()),
            wave: wave.map(|wave| wave.name.clone()),
            about: now.start_of_day(),
            by,
            payment_id: None,
            creator: None,
            opinion,
            given_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CreatorId;
    use crate::payment::{Fact, tests::payment};
    use crate::receiving::{Admission, Allowed, Percentage, Wave};

    const NOW: Timestamp = Timestamp::from_seconds(200_000);

    fn opinion(rating: u8) -> Opinion {
        Opinion { rating: Rating::new(rating).expect("rating"), text: FeedbackText::parse("Lovely").ok() }
    }

    fn user(id: &str) -> UserId {
        UserId::parse(id).expect("id")
    }

    fn name(text: &str) -> WaveName {
        WaveName::parse(text).expect("name")
    }

    #[test]
    fn a_rating_is_from_1_to_5() {
        for rating in 0..=7 {
            assert_eq!(
                Rating::new(rating).map(Rating::get).ok(),
                (1..=5).contains(&rating).then_some(rating)
            );
        }
    }

    #[test]
    fn feedback_about_a_payment_is_filed_under_the_wave_that_opened_it() {
        let mut payment = payment();
        let about = |payment: &Payment| Feedback::about_payment(user("sam"), payment, opinion(5), NOW);
        assert_eq!(about(&payment).expect("allowed").wave, None);
        let by = Admission::Wave(name("first"));
        payment.terms.allowed =
            Some(Allowed { by, rollout_version: 1, receiver_version: 1, wave_resumes: 0 });
        let feedback = about(&payment).expect("allowed");
        assert_eq!((feedback.wave, feedback.about), (Some(name("first")), payment.terms.created_at));
        assert_eq!(feedback.payment_id.as_ref(), Some(payment.id()));
    }

    #[test]
    fn a_payment_is_rated_by_its_sender_and_by_its_creator_once_it_has_settled() {
        let open = payment();
        let paid = open.join(&[Fact::Succeeded]).expect("a change").after;
        let may = |by: &str, payment| Feedback::about_payment(user(by), payment, opinion(1), NOW).is_some();
        assert!(may("sam", &open) && may("sam", &paid));
        assert!(!may("ana", &open) && may("ana", &paid));
        assert!(!may("eve", &open) && !may("eve", &paid));
    }

    #[test]
    fn a_user_gives_one_feedback_per_payment_and_one_general_per_day() {
        let paid = payment().join(&[Fact::Succeeded]).expect("a change").after;
        let id = |by: &str, rating| {
            Feedback::about_payment(user(by), &paid, opinion(rating), NOW).expect("allowed").id
        };
        assert_eq!(id("sam", 1), id("sam", 5));
        assert_ne!(id("sam", 1), id("ana", 1));
        let sam = Receiver::unknown(CreatorId::parse("sam").expect("id"));
        let at = |now| Feedback::in_general(user("sam"), &sam, &Rollout::default(), opinion(3), now);
        let (first, same_day, next_day) = (at(NOW), at(NOW.plus_seconds(60)), at(NOW.next_day()));
        assert_eq!((&first.id, first.about), (&same_day.id, same_day.about));
        assert_eq!(first.about.to_string(), "1970-01-03T00:00:00.000Z");
        assert_ne!(first.id, next_day.id);
    }

    #[test]
    fn general_feedback_of_a_creator_is_filed_under_their_oldest_wave_and_of_a_sender_under_none() {
        let percentage = Percentage::new(100).expect("percentage");
        let waves = vec![Wave::new(name("listed")), Wave { percentage, ..Wave::new(name("everyone")) }];
        let rollout = Rollout { waves, ..Rollout::default() };
        let mut ana = Receiver::unknown(CreatorId::parse("ana").expect("id"));
        let wave = |receiver: &Receiver, by: &str| {
            Feedback::in_general(user(by), receiver, &rollout, opinion(3), NOW).wave
        };
        assert_eq!(wave(&ana, "ana"), None);
        ana.version = 1;
        assert_eq!(wave(&ana, "ana"), Some(name("everyone")));
        ana.waves.insert(name("listed"));
        assert_eq!(wave(&ana, "ana"), Some(name("listed")));
        assert_eq!(wave(&ana, "sam"), None);
    }
}
