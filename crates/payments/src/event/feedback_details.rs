//! What the event of feedback contains.

use crate::ids::{CreatorId, FeedbackId, PaymentId, WaveName};
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
