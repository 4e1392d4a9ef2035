//! Points in time. The domain has no clock: the caller passes the time.

use serde::{Deserialize, Serialize};
use std::fmt;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A point in time: milliseconds since the Unix epoch, UTC. Its text is RFC 3339 with milliseconds, so that texts sort
/// in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// A text or number is not a point in time between the years 0 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time")]
pub struct TimestampError;

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;
const YEAR_0_MS: i64 = -62_167_219_200_000;
const YEAR_10000_MS: i64 = 253_402_300_800_000;

impl Timestamp {
    /// From milliseconds since the Unix epoch, clamped to the years 0–9999.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis <= YEAR_0_MS {
            Self(YEAR_0_MS)
        } else if millis >= YEAR_10000_MS {
            Self(YEAR_10000_MS - 1)
        } else {
            Self(millis)
        }
    }

    /// From seconds since the Unix epoch, the unit of Stripe's times.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self::from_millis(seconds.saturating_mul(1_000))
    }

    /// Returns milliseconds since the Unix epoch.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Returns whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Adds seconds, which may be negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_millis(self.0.saturating_add(seconds.saturating_mul(1_000)))
    }

    /// The day, `YYYY-MM-DD`.
    #[must_use]
    pub fn date(self) -> String {
        self.to_string()[..10].to_owned()
    }

    /// The hour of the day, 0–23.
    #[must_use]
    pub fn hour(self) -> u8 {
        let hour = self.seconds().rem_euclid(DAY_S) / HOUR_S;
        u8::try_from(hour).expect("a day has 24 hours")
    }

    /// The time at which this day began, in UTC.
    #[must_use]
    pub fn start_of_day(self) -> Self {
        self.next_day().plus_seconds(-DAY_S)
    }

    /// The time at which the next hour begins.
    #[must_use]
    pub fn next_hour(self) -> Self {
        self.start_of_next(HOUR_S)
    }

    /// The time at which the next day begins, in UTC.
    #[must_use]
    pub fn next_day(self) -> Self {
        self.start_of_next(DAY_S)
    }

    fn start_of_next(self, seconds: i64) -> Self {
        Self::from_seconds((self.seconds().div_euclid(seconds) + 1) * seconds)
    }

    /// The time at which a UTC day, `YYYY-MM-DD`, begins; `None` for another text.
    #[must_use]
    pub fn of_day(text: &str) -> Option<Self> {
        Self::parse(&format!("{text}T00:00:00Z")).ok().filter(|day| day.date() == text)
    }

    /// Parses RFC 3339 in any offset.
    ///
    /// # Errors
    /// [`TimestampError`] when the text is not RFC 3339.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimestampError)?;
        let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(millis).map(Self::from_millis).map_err(|_| TimestampError)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp(self.seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(UtcOffset::UTC);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            self.0.rem_euclid(1_000),
        )
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;
    fn try_from(text: String) -> Result<Self, TimestampError> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> String {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_rfc_3339_and_read_back() {
        let time = Timestamp::from_millis(1_795_473_008_045);
        assert_eq!(time.to_string(), "2026-11-23T22:30:08.045Z");
        assert_eq!(Timestamp::parse("2026-11-23T22:30:08.045Z"), Ok(time));
        assert_eq!(Timestamp::parse("2026-11-23T23:30:08.045+01:00"), Ok(time));
        assert_eq!(time.date(), "2026-11-23");
    }

    #[test]
    fn hours_and_days_start_on_time_before_the_epoch_too() {
        let [time, full, before] =
            ["2026-11-23T22:30:08.045Z", "2026-11-23T23:00:00Z", "1969-12-31T23:59:59Z"]
                .map(|text| Timestamp::parse(text).expect("time"));
        assert_eq!((time.hour(), full.hour(), before.hour()), (22, 23, 23));
        assert_eq!(time.next_hour(), full);
        assert_eq!(full.next_hour(), full.next_day());
        assert_eq!(full.next_day().to_string(), "2026-11-24T00:00:00.000Z");
        assert_eq!((before.next_hour().seconds(), before.next_day().seconds()), (0, 0));
        assert_eq!(time.start_of_day().to_string(), "2026-11-23T00:00:00.000Z");
        let start = time.start_of_day();
        assert_eq!((start.start_of_day(), before.start_of_day().seconds()), (start, -DAY_S));
    }

    #[test]
    fn times_before_the_epoch_and_beyond_the_calendar_do_not_panic() {
        assert_eq!(Timestamp::from_millis(-1).to_string(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_seconds(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_seconds(i64::MIN).to_string(), "0000-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::from_millis(5).plus_seconds(i64::MAX).date(), "9999-12-31");
    }

    #[test]
    fn texts_that_are_not_times_are_refused() {
        for bad in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01"] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_is_a_date_and_begins_at_midnight() {
        assert_eq!(Timestamp::of_day("1970-01-02"), Some(Timestamp::from_seconds(DAY_S)));
        for bad in ["", "1970-1-2", "1970-02-30", "1970-01-02T00:00:00Z", "19700102"] {
            assert_eq!(Timestamp::of_day(bad), None, "{bad}");
        }
    }
}
