//! Reads the sums.

use super::{SHARDS, sums::read_sum};
use crate::{
    Reconciliation, Saved, Store, StoreError, Stored,
    item::{kind, read},
    keys::{Key, PARTITION_KEY, SORT_KEY, in_generation, totals_partition},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{CountGenerations, CreatorId, Currency, Totals, WaveCounters, WaveName};
use std::collections::BTreeMap;

const READ: &str = "read a creator's totals";

impl Store {
    /// Reads consistently which generations of counts are read and rebuilt; version 0 means that there was no recount.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn generations(&self) -> Result<Stored<CountGenerations>, StoreError> {
        let stored = self.reconciliation(Reconciliation::Counts).await?;
        Ok(stored.unwrap_or_else(|| Stored { value: CountGenerations::default(), version: 0 }))
    }

    /// Writes which generations of counts are read and rebuilt, if they still have `version`.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn save_generations(
        &self,
        value: &CountGenerations,
        version: u64,
    ) -> Result<Saved, StoreError> {
        self.save_reconciliation(Reconciliation::Counts, value, version).await
    }

    /// Reads a creator's totals by currency, which include what the stream has delivered so far.
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

    /// Reads a wave's counters, which include what the stream has delivered so far.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wave_counters(&self, wave: &WaveName) -> Result<WaveCounters, StoreError> {
        let serving = self.generations().await?.value.serving;
        let shards = || (0..SHARDS).map(|shard| Key::wave_count(wave, serving, shard));
        let mut found = self.find(shards()).await?;
        let mut sum = WaveCounters::default();
        for key in shards() {
            sum = sum + read_sum(found.take(&key), kind::WAVE_COUNT, "counters")?.1;
        }
        Ok(sum)
    }
}
