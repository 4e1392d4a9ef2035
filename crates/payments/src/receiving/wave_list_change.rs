//! A change to a wave's lists for one creator: what it does, and whether it can only close receiving.

use crate::ids::WaveName;
use crate::receiving::Receiver;

/// A change to a wave's lists for one creator, who is on one of the two lists or on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListChange {
    /// Puts the creator on the wave's list; the wave no longer denies them.
    Add,
    /// Takes the creator off both lists.
    Remove,
    /// Denies receiving to the creator, whatever else allows it.
    Deny,
}

impl ListChange {
    /// The change's name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Deny => "deny",
        }
    }

    /// Whether the change can only close receiving to a creator. Changes that close are written before those that open,
    /// so that an edit that stops midway admits nobody whom the whole edit would not.
    #[must_use]
    pub fn restricts(self, receiver: &Receiver, wave: &WaveName) -> bool {
        match self {
            Self::Deny => true,
            Self::Remove => !receiver.denied_by.contains(wave),
            Self::Add => false,
        }
    }
}

impl Receiver {
    /// The receiver after a change to a wave's lists; `None` when nothing changes. A creator is on at most one of a
    /// wave's two lists, so joining one takes them off the other.
    #[must_use]
    pub fn with_list_change(&self, wave: &WaveName, change: ListChange) -> Option<Self> {
        let mut after = self.clone();
        match change {
            ListChange::Add => {
                after.waves.insert(wave.clone());
                after.denied_by.remove(wave);
            }
            ListChange::Remove => {
                after.waves.remove(wave);
                after.denied_by.remove(wave);
            }
            ListChange::Deny => {
                after.waves.remove(wave);
                after.denied_by.insert(wave.clone());
            }
        }
        (after != *self).then(|| Self { version: self.version + 1, ..after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiving::receiver::tests::unknown;
    use std::collections::BTreeSet;

    #[test]
    fn a_creator_is_on_at_most_one_list_of_a_wave_and_other_waves_stay_as_they_are() {
        let [a, b] = ["a", "b"].map(|name| WaveName::parse(name).expect("name"));
        let ana = unknown().with_list_change(&b, ListChange::Deny).expect("denied");
        let listed = ana.with_list_change(&a, ListChange::Add).expect("listed");
        let denied = listed.with_list_change(&a, ListChange::Deny).expect("denied");
        assert!(denied.waves.is_empty() && denied.denied_by == BTreeSet::from([a.clone(), b.clone()]));
        let relisted = denied.with_list_change(&a, ListChange::Add).expect("listed again");
        assert_eq!(
            (&relisted.waves, &relisted.denied_by, relisted.version),
            (&listed.waves, &listed.denied_by, 4)
        );
        let removed = denied.with_list_change(&a, ListChange::Remove).expect("removed");
        assert_eq!(Receiver { version: ana.version, ..removed }, ana);
    }

    #[test]
    fn a_list_change_without_effect_is_no_change() {
        let a = WaveName::parse("a").expect("name");
        assert_eq!(unknown().with_list_change(&a, ListChange::Remove), None);
        for change in [ListChange::Add, ListChange::Deny] {
            let once = unknown().with_list_change(&a, change).expect("changed");
            assert_eq!((once.version, once.with_list_change(&a, change)), (1, None));
        }
    }
}
