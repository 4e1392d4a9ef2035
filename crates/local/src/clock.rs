//! The forms in which API Gateway writes the time.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

const CLF: &[BorrowedFormatItem<'_>] =
    format_description!("[day]/[month repr:short]/[year]:[hour]:[minute]:[second] +0000");

/// `12/Mar/2020:19:03:58 +0000`: an event's `requestContext.time`.
pub(crate) fn clf(now: OffsetDateTime) -> String {
    now.to_offset(UtcOffset::UTC).format(CLF).unwrap_or_default()
}

/// Milliseconds since 1970: an event's `requestContext.timeEpoch`.
pub(crate) fn epoch_ms(now: OffsetDateTime) -> i64 {
    i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}
