//! The event of feedback, and what it contains.

use crate::event::{Event, EventPayload};
use crate::ids::{CreatorId, FeedbackId, PaymentId, WaveName};
use crate::payment::Feedback;
use crate::timestamp::Timestamp;
use serde::Serialize;

/// The detail of `FeedbackGiven`: somebody gave feedback, or changed it. It has neither the words, which are free text and can
/// name people, nor the author, whom operators do not see either; `GET /v1/admin/feedback` has the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedbackGiven {
    pub feedback_id: FeedbackId,
    /// 1 to 5.
    pub rating: u8,
    pub has_text: bool,
    pub wave: Option<WaveName>,
    pub creator_id: Option<CreatorId>,
    pub payment_id: Option<PaymentId>,
    /// 1 for the first opinion; a later one replaces it.
    pub version: u64,
}

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
