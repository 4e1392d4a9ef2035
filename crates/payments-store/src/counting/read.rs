//! Reading the sums.

use super::{SHARDS, sums::read_sum};
use crate::{
    Reconciliation, Saved, Store, StoreError, Stored,
    item::{Item, NewItem, kind, read},
    keys::{Key, PARTITION_KEY, SORT_KEY, in_generation, totals_partition},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{CreatorId, Currency, Generations, Totals, WaveCounters, WaveName};
use std::collections::BTreeMap;

const READ: &str = "read a creator's totals";

/// What a wave came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaveCount {
    /// From its beginning.
    pub total: WaveCounters,
    /// When it was last resumed: what had come before does not halt it again.
    pub when_resumed: WaveCounters,
}

impl WaveCount {
    /// What it came to since it was last resumed.
    #[must_use]
    pub fn since_resumed(&self) -> WaveCounters {
        self.total.clone() - self.when_resumed.clone()
    }
}

impl Store {
    /// Reads consistently which counts are read and made; version 0 where nothing was ever counted anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn generations(&self) -> Result<Stored<Generations>, StoreError> {
        let stored = self.reconciliation(Reconciliation::Counts).await?;
        Ok(stored.unwrap_or_else(|| Stored { value: Generations::default(), version: 0 }))
    }

    /// Writes which counts are read and made, if they are still as they were at `version`.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn save_generations(&self, value: &Generations, version: u64) -> Result<Saved, StoreError> {
        self.save_reconciliation(Reconciliation::Counts, value, version).await
    }

    /// A creator's totals by currency, as far as the stream has brought them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn creator_totals(
        &self,
        creator: &CreatorId,
    ) -> Result<BTreeMap<Currency, Totals>, StoreError> {
        let serving = self.generations().await?.value.serving;
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(format!(
                "{PARTITION_KEY} = :creator AND begins_with({SORT_KEY}, :generation)"
            ))
            .expression_attribute_values(":creator", AttributeValue::S(totals_partition(creator)))
            .expression_attribute_values(":generation", AttributeValue::S(in_generation(serving)))
            .consistent_read(true);
        let mut pages = query.into_paginator().send();
        let mut totals = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| StoreError::from_sdk(READ, error))?;
            for mut item in page.items.unwrap_or_default() {
                let currency: Currency = read(&mut item, kind::TOTALS, "currency")?;
                let (_, moved) = read_sum::<Totals>(Some(item), kind::TOTALS, "totals")?;
                let there: &mut Totals = totals.entry(currency).or_default();
                *there = *there + moved;
            }
        }
        Ok(totals)
    }

    /// What a wave came to, as far as the stream has brought it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wave_counters(&self, wave: &WaveName) -> Result<WaveCount, StoreError> {
        let serving = self.generations().await?.value.serving;
        let shards = || (0..SHARDS).map(|shard| Key::wave_count(wave, serving, shard));
        let baseline = Key::wave_baseline(wave);
        let mut found = self.find(shards().chain([baseline.clone()])).await?;
        let when_resumed = match found.take(&baseline) {
            Some(mut item) => read(&mut item, kind::WAVE_BASELINE, "counters")?,
            None => WaveCounters::default(),
        };
        let mut total = WaveCounters::default();
        for key in shards() {
            total = total + read_sum(found.take(&key), kind::WAVE_COUNT, "counters")?.1;
        }
        Ok(WaveCount { total, when_resumed })
    }
}

/// What a wave had come to when it was resumed; written with the resumption.
pub(crate) fn baseline_item(wave: &WaveName, counters: &WaveCounters) -> Result<Item, StoreError> {
    Ok(NewItem::new(Key::wave_baseline(wave), kind::WAVE_BASELINE)
        .text("wave", wave)
        .value("counters", counters)?
        .build())
}
