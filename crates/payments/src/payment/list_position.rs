//! Places in a list of payments, newest first. A place never changes, so what settles or is created while somebody pages moves
//! nothing.

use crate::ids::PaymentId;
use crate::timestamp::Timestamp;
use std::fmt;

/// The place of a payment in a list: a time that is written once, and the id, by which payments of one time are in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListPosition {
    pub at: Timestamp,
    pub payment_id: PaymentId,
}

impl ListPosition {
    /// Parses the text of a place, and accepts no other text for it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('#')?;
        let place = Self { at: Timestamp::parse(at).ok()?, payment_id: PaymentId::parse(id).ok()? };
        (place.to_string() == text).then_some(place)
    }
}

/// All times and all ids have the same length, so the texts are in the order of the places.
impl fmt::Display for ListPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.at, self.payment_id)
    }
}

/// Merges the newest places of each part of a list into the newest `limit` of all, and says whether there are more. Each part
/// has its newest `limit + 1`, or else all that it has.
#[must_use]
pub fn newest(parts: impl IntoIterator<Item = Vec<ListPosition>>, limit: usize) -> (Vec<ListPosition>, bool) {
    let mut places: Vec<ListPosition> = parts.into_iter().flatten().collect();
    places.sort_unstable_by(|one, other| other.cmp(one));
    places.dedup();
    let more = places.len() > limit;
    places.truncate(limit);
    (places, more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn place(at: i64, id: u32) -> ListPosition {
        let payment_id = PaymentId::parse(&format!("pay_{id:032x}")).expect("an id");
        ListPosition { at: Timestamp::from_millis(at), payment_id }
    }

    fn places() -> impl Strategy<Value = BTreeSet<ListPosition>> {
        btree_set((0..50_i64, any::<u32>()).prop_map(|(at, id)| place(at, id)), 0..120)
    }

    /// The newest of a part before a place, as an index answers.
    fn part(all: &[ListPosition], before: Option<&ListPosition>, limit: usize) -> Vec<ListPosition> {
        let mut part: Vec<_> =
            all.iter().filter(|place| before.is_none_or(|before| *place < before)).cloned().collect();
        part.sort_unstable_by(|one, other| other.cmp(one));
        part.truncate(limit);
        part
    }

    proptest! {
        #[test]
        fn pages_over_any_division_into_parts_are_the_list_once_and_newest_first(
            all in places(), division in vec(0..4_usize, 120), limit in 1..20_usize,
        ) {
            let mut parts = vec![Vec::new(); 4];
            for (place, part) in all.iter().zip(division) {
                parts[part].push(place.clone());
            }
            let mut read: Vec<ListPosition> = Vec::new();
            loop {
                let newest_of_each = parts.iter().map(|all| part(all, read.last(), limit + 1));
                let (page, more) = newest(newest_of_each, limit);
                prop_assert!(page.len() <= limit && (!more || page.len() == limit));
                read.extend(page);
                if !more {
                    break;
                }
            }
            prop_assert_eq!(read, all.into_iter().rev().collect::<Vec<_>>());
        }

        #[test]
        fn texts_are_in_the_order_of_the_places_and_read_back(one in places()) {
            let texts: Vec<String> = one.iter().map(ToString::to_string).collect();
            prop_assert!(texts.is_sorted());
            prop_assert!(texts.iter().zip(&one).all(|(text, place)| ListPosition::parse(text).as_ref() == Some(place)));
        }

        #[test]
        fn what_arrives_while_somebody_pages_hides_and_doubles_nothing(
            there in places(), later in places(), limit in 1..20_usize,
        ) {
            let mut all: Vec<ListPosition> = there.iter().cloned().collect();
            let mut later = later.into_iter();
            let mut read: Vec<ListPosition> = Vec::new();
            loop {
                let (page, more) = newest([part(&all, read.last(), limit + 1)], limit);
                read.extend(page);
                if !more {
                    break;
                }
                all.extend(later.by_ref().take(3));
            }
            let once: BTreeSet<&ListPosition> = read.iter().collect();
            prop_assert_eq!(once.len(), read.len());
            prop_assert!(there.iter().all(|place| once.contains(place)));
        }
    }

    #[test]
    fn a_full_page_is_the_last_one_when_nothing_is_left() {
        let all: Vec<_> = (1..=3).rev().map(|at| place(at, 0)).collect();
        assert_eq!(newest([all.clone()], 3), (all.clone(), false));
        assert_eq!(newest([all.clone()], 2), (all[..2].to_vec(), true));
    }

    #[test]
    fn a_text_that_no_place_has_is_none() {
        let id = "pay_0123456789abcdef0123456789abcdef";
        assert!(ListPosition::parse(&format!("2026-11-23T22:30:08.045Z#{id}")).is_some());
        for bad in ["", "#", id, "2026-11-23T22:30:08.045Z#pay_1"] {
            assert_eq!(ListPosition::parse(bad), None, "{bad}");
        }
        for unusual in ["2026-11-23T22:30:08Z", "2026-11-23T23:30:08.045+01:00"] {
            assert_eq!(ListPosition::parse(&format!("{unusual}#{id}")), None, "{unusual}");
        }
    }
}
