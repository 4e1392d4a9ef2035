//! The event of feedback.

use crate::event::{Event, EventPayload, FeedbackGiven};
use crate::payment::Feedback;
use crate::timestamp::Timestamp;

impl Event {
    /// The event of a version of feedback.
    #[must_use]
    pub fn of_feedback(feedback: &Feedback, version: u64, at: Timestamp) -> Self {
        let given = FeedbackGiven {
            feedback_id: feedback.id.clone(),
            rating: feedback.opinion.rating.get(),
            has_text: feedback.opinion.text.is_some(),
            wave: feedback.wave.clone(),
            creator_id: feedback.creator.clone(),
            payment_id: feedback.payment_id.clone(),
            version,
        };
        Self::new(at, EventPayload::FeedbackGiven(given), format!("{}/{version}", feedback.id))
    }
}
