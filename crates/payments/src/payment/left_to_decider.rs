//! Who sends a transfer instruction: the process whose write decided it, and after a pause any other.

use crate::payment::TransferInstruction;
use crate::timestamp::Timestamp;

/// How long an instruction is left to the writer that decided it, in seconds: longer than that writer takes to send it.
/// Sending it twice is harmless, since both have one key, and costs a request.
const LEFT_TO_DECIDER_S: i64 = 5;

impl TransferInstruction {
    /// For how many milliseconds the instruction is still left to the process whose write decided it; 0 when any process
    /// may send it.
    #[must_use]
    pub fn left_to_decider_ms(&self, now: Timestamp) -> u64 {
        let left_ms = self.decided_at.plus_seconds(LEFT_TO_DECIDER_S).millis() - now.millis();
        // A decider whose clock is ahead has no more time than others.
        u64::try_from(left_ms.min(LEFT_TO_DECIDER_S * 1_000)).unwrap_or(0)
    }
}
