//! Disputes wait for evidence until a deadline. One that nobody answers is lost.

use crate::ids::DisputeId;
use crate::payment::{DisputeStatus, DisputeSummary, Disputes};
use crate::timestamp::Timestamp;

/// How long before a dispute's deadline the alarm is raised.
pub const DISPUTE_ALARM_BEFORE_S: i64 = 48 * 3_600;

impl Disputes {
    /// The disputes that still need a response, with their deadlines.
    fn unanswered(&self) -> impl Iterator<Item = (&DisputeId, Timestamp)> {
        let needs_response = |summary: &DisputeSummary| {
            let status = summary.status;
            status == DisputeStatus::NeedsResponse || status == DisputeStatus::WarningNeedsResponse
        };
        let unanswered = self.summaries.iter().filter(move |(_, summary)| needs_response(summary));
        unanswered.filter_map(|(id, summary)| Some((id, summary.due_by?)))
    }

    /// The disputes that need a response within the time of the alarm.
    pub fn due_soon(&self, now: Timestamp) -> impl Iterator<Item = (&DisputeId, Timestamp)> {
        let soon = now.plus_seconds(DISPUTE_ALARM_BEFORE_S);
        self.unanswered().filter(move |(_, due_by)| now < *due_by && *due_by <= soon)
    }

    /// The times at which alarms about deadlines are due.
    pub(crate) fn alarms(&self) -> impl Iterator<Item = Timestamp> {
        self.unanswered().map(|(_, due_by)| due_by.plus_seconds(-DISPUTE_ALARM_BEFORE_S))
    }

    /// The dispute to show where there is room for one: an open one with the earliest deadline, otherwise the latest.
    #[must_use]
    pub fn most_urgent(&self) -> Option<&DisputeSummary> {
        let by_deadline = |summary: &&DisputeSummary| (summary.due_by.is_none(), summary.due_by);
        let open = self.open().map(|(_, summary)| summary).min_by_key(by_deadline);
        open.or_else(|| self.summaries.values().max_by_key(|summary| &summary.stamp))
    }

    /// Whether a chargeback is open, also before its withdrawal is known. A refund then would pay the cardholder twice.
    pub(crate) fn has_open_chargeback(&self) -> bool {
        self.open().any(|(_, summary)| match summary.status {
            DisputeStatus::NeedsResponse | DisputeStatus::UnderReview | DisputeStatus::Other => true,
            DisputeStatus::WarningNeedsResponse
            | DisputeStatus::WarningUnderReview
            | DisputeStatus::WarningClosed
            | DisputeStatus::Prevented
            | DisputeStatus::Won
            | DisputeStatus::Lost => false,
        })
    }
}
