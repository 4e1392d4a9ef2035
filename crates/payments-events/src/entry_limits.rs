//! Converts events into entries of requests, within EventBridge's limits.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_smithy_types::DateTime;
use payments::{EVENT_SOURCE, Event};

/// The most entries of one request
/// (<https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>).
const ENTRIES_MAX: usize = 10;
/// The most bytes of all entries of one request
/// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html>).
const REQUEST_MAX_BYTES: usize = 256 * 1024;
/// The number of bytes that EventBridge counts for an entry's time.
const TIME_BYTES: usize = 14;

/// An event as an entry, with the size that EventBridge counts for it.
pub(crate) struct Entry {
    pub(crate) entry: PutEventsRequestEntry,
    bytes: usize,
}

impl Entry {
    pub(crate) fn of(event: &Event, bus: &str) -> Self {
        let (detail_type, detail) = (event.detail_type(), event.detail());
        let bytes = TIME_BYTES + EVENT_SOURCE.len() + detail_type.len() + detail.len();
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(bus)
            .source(EVENT_SOURCE)
            .time(DateTime::from_millis(event.at.millis()))
            .detail_type(detail_type)
            .detail(detail)
            .build();
        Self { entry, bytes }
    }

    /// Returns whether a request can contain the entry.
    pub(crate) fn fits(&self) -> bool {
        self.bytes <= REQUEST_MAX_BYTES
    }
}

/// Divides entries into requests and keeps their order; each entry has its index.
pub(crate) fn requests(
    entries: impl IntoIterator<Item = (usize, Entry)>,
) -> Vec<Vec<(usize, PutEventsRequestEntry)>> {
    let mut requests: Vec<Vec<_>> = Vec::new();
    let mut bytes = 0;
    for (place, Entry { entry, bytes: more }) in entries {
        match requests.last_mut() {
            Some(last) if last.len() < ENTRIES_MAX && bytes + more <= REQUEST_MAX_BYTES => {
                last.push((place, entry));
                bytes += more;
            }
            Some(_) | None => {
                requests.push(vec![(place, entry)]);
                bytes = more;
            }
        }
    }
    requests
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of entries in each request.
    fn divided(sizes: &[usize]) -> Vec<usize> {
        let entry = |bytes| Entry { entry: PutEventsRequestEntry::builder().build(), bytes };
        let entries = sizes.iter().map(|bytes| entry(*bytes)).enumerate();
        let requests = requests(entries);
        let places: Vec<usize> = requests.iter().flatten().map(|(place, _)| *place).collect();
        assert!(places.into_iter().eq(0..sizes.len()), "each once, in order");
        requests.iter().map(Vec::len).collect()
    }

    #[test]
    fn a_request_has_at_most_10_entries_and_256_kb() {
        assert_eq!(divided(&[]), [0; 0]);
        assert_eq!(divided(&[100; 10]), [10]);
        assert_eq!(divided(&[100; 21]), [10, 10, 1]);
        assert_eq!(divided(&[REQUEST_MAX_BYTES / 2; 3]), [2, 1]);
        assert_eq!(divided(&[REQUEST_MAX_BYTES - 1, 1, 1]), [2, 1]);
        assert_eq!(divided(&[REQUEST_MAX_BYTES; 2]), [1, 1]);
    }
}
