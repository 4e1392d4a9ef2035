//! AWS's formats of time.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

const CLF: &[BorrowedFormatItem<'_>] =
    format_description!("[day]/[month repr:short]/[year]:[hour]:[minute]:[second] +0000");
const RFC_3339: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// `2020-03-12T19:03:58Z`: the time of an event of EventBridge.
pub(crate) fn rfc3339(now: OffsetDateTime) -> String {
    now.to_offset(UtcOffset::UTC).format(RFC_3339).unwrap_or_default()
}

/// `12/Mar/2020:19:03:58 +0000`: an event's `requestContext.time`.
pub(crate) fn clf(now: OffsetDateTime) -> String {
    now.to_offset(UtcOffset::UTC).format(CLF).unwrap_or_default()
}

/// Milliseconds since 1970: an event's `requestContext.timeEpoch`.
pub(crate) fn epoch_ms(now: OffsetDateTime) -> i64 {
    i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}
