//! Sums: a creator's totals in one currency, a wave's counters, and the creators with a payment in a wave.

use crate::{
    StoreError, Stored,
    item::{NewItem, kind, read_stored},
    keys::{Item, Key},
    transaction::Condition,
};
use payments::{Contribution, CreatorId, Currency, FirstPayment, Totals, WaveCounters, WaveName};
use std::collections::{BTreeMap, BTreeSet};

/// The changes of the sums in one transaction, all in the same shard.
pub(super) struct Sums {
    generation: u64,
    shard: u8,
    totals: BTreeMap<(CreatorId, Currency), Totals>,
    waves: BTreeMap<WaveName, WaveCounters>,
    firsts: BTreeSet<FirstPayment>,
}

impl Sums {
    pub(super) fn new(generation: u64, shard: u8) -> Self {
        Self { generation, shard, totals: BTreeMap::new(), waves: BTreeMap::new(), firsts: BTreeSet::new() }
    }

    /// Returns the number of items to read and write if `moved` is added.
    pub(super) fn len_with(&self, moved: &Contribution) -> usize {
        let new_totals = pairs(moved).filter(|(pair, _)| !self.totals.contains_key(pair)).count();
        let new_waves = moved.waves.keys().filter(|wave| !self.waves.contains_key(wave)).count();
        let new_firsts = moved.first_payment.iter().filter(|first| !self.firsts.contains(first));
        // The first payment alone may add a wave, so one item is reserved for it.
        let waves_of_firsts = new_firsts.clone().count();
        self.len() + new_totals + new_waves + new_firsts.count() + waves_of_firsts
    }

    pub(super) fn len(&self) -> usize {
        self.totals.len() + self.waves.len() + 2 * self.firsts.len()
    }

    pub(super) fn add(&mut self, moved: Contribution) {
        for (pair, totals) in pairs(&moved) {
            let there = self.totals.entry(pair).or_default();
            *there = *there + totals;
        }
        for (wave, counters) in moved.waves {
            let there = self.waves.entry(wave).or_default();
            *there = std::mem::take(there) + counters;
        }
        self.firsts.extend(moved.first_payment);
    }

    /// Returns the keys of the items to read before the write.
    pub(super) fn keys(&self) -> Vec<Key> {
        let (generation, shard) = (self.generation, self.shard);
        let totals = self.totals.keys().map(|(of, currency)| Key::totals(of, generation, *currency, shard));
        let waves = self.waves_moved().into_iter().map(|wave| Key::wave_count(wave, generation, shard));
        let firsts = self.firsts.iter().map(|first| Key::first_payment(first, generation));
        totals.chain(waves).chain(firsts).collect()
    }

    /// Returns the waves that change, including those that change only by a first payment.
    fn waves_moved(&self) -> BTreeSet<&WaveName> {
        self.waves.keys().chain(self.firsts.iter().map(|first| &first.wave)).collect()
    }

    /// Makes the items to write from the items found. A creator with an earlier payment in a wave does not count again.
    pub(super) fn items(
        mut self,
        mut find: impl FnMut(&Key) -> Option<Item>,
    ) -> Result<Vec<(NewItem, Condition)>, StoreError> {
        let (generation, shard) = (self.generation, self.shard);
        let mut items = Vec::with_capacity(self.len());
        for first in std::mem::take(&mut self.firsts) {
            let key = Key::first_payment(&first, generation);
            if find(&key).is_none() {
                items.push((first_item(key, &first), Condition::Absent));
                self.waves.entry(first.wave).or_default().first_payments += 1;
            }
        }
        for ((creator, currency), moved) in self.totals {
            let key = Key::totals(&creator, generation, currency, shard);
            let Stored { value: sum, version } = read_sum::<Totals>(find(&key), kind::TOTALS, "totals")?;
            let item = NewItem::new(key, kind::TOTALS)
                .number("version", version + 1)
                .text("creator_id", &creator)
                .text("currency", currency)
                .value("totals", &(sum + moved))?;
            items.push((item, Condition::Version(version)));
        }
        for (wave, moved) in self.waves {
            let key = Key::wave_count(&wave, generation, shard);
            let Stored { value: sum, version } =
                read_sum::<WaveCounters>(find(&key), kind::WAVE_COUNT, "counters")?;
            let item = NewItem::new(key, kind::WAVE_COUNT)
                .number("version", version + 1)
                .text("wave", &wave)
                .value("counters", &(sum + moved))?;
            items.push((item, Condition::Version(version)));
        }
        Ok(items)
    }
}

fn pairs(moved: &Contribution) -> impl Iterator<Item = ((CreatorId, Currency), Totals)> {
    moved.totals.iter().flat_map(|(creator, by)| {
        by.iter().map(move |(currency, totals)| ((creator.clone(), *currency), *totals))
    })
}

fn first_item(key: Key, first: &FirstPayment) -> NewItem {
    NewItem::new(key, kind::FIRST_PAYMENT).text("wave", &first.wave).text("creator_id", &first.creator)
}

/// Reads a sum and its version; without an item, zero at version 0.
pub(super) fn read_sum<T: Default + serde::de::DeserializeOwned>(
    item: Option<Item>,
    kind: &'static str,
    field: &'static str,
) -> Result<Stored<T>, StoreError> {
    item.map_or_else(|| Ok(Stored::default()), |item| read_stored(item, kind, field))
}
