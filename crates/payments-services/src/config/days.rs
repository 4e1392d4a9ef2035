//! Durations that the environment gives in days.

const DAY_S: i64 = 86_400;
/// Most cards accept refunds for 180 days.
const REFUND_WINDOW_MAX_DAYS: i64 = 180;
/// Ten years: longer than anything that Stripe keeps of a dispute.
const HOLD_MAX_DAYS: i64 = 3_650;

pub(super) fn refund_window_s(days: &str) -> Option<i64> {
    seconds(days, REFUND_WINDOW_MAX_DAYS)
}

pub(super) fn hold_after_lost_s(days: &str) -> Option<i64> {
    seconds(days, HOLD_MAX_DAYS)
}

fn seconds(days: &str, max_days: i64) -> Option<i64> {
    days.parse().ok().filter(|days| (0..=max_days).contains(days)).map(|days: i64| days * DAY_S)
}

#[cfg(test)]
mod tests {
    use super::hold_after_lost_s;

    #[test]
    fn a_lost_dispute_holds_its_sender_for_up_to_ten_years() {
        assert_eq!((hold_after_lost_s("0"), hold_after_lost_s("3650")), (Some(0), Some(3_650 * 86_400)));
        for wrong in ["-1", "3651", "for ever", ""] {
            assert_eq!(hold_after_lost_s(wrong), None, "{wrong}");
        }
    }
}
