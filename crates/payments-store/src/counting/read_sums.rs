//! Reads the sums.

use super::{SHARDS, sums::read_sum};
use crate::{
    Reconciliation, Store, StoreError, Stored,
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
        Ok(self.reconciliation(Reconciliation::Counts).await?.unwrap_or_default())
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
            .query_partition(totals_partition(creator))
            .key_condition_expression(format!(
                "{PARTITION_KEY} = :partition AND begins_with({SORT_KEY}, :generation)"
            ))
            .expression_attribute_values(":generation", AttributeValue::S(in_generation(serving)));
        let items = query.into_paginator().items().send().try_collect().await;
        let mut totals = BTreeMap::new();
        for mut item in items.map_err(|error| StoreError::from_sdk(READ, error))? {
            let currency: Currency = read(&mut item, kind::TOTALS, "currency")?;
            let there: &mut Totals = totals.entry(currency).or_default();
            *there = *there + read(&mut item, kind::TOTALS, "totals")?;
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
            sum = sum + read_sum(found.take(&key), kind::WAVE_COUNT, "counters")?.value;
        }
        Ok(sum)
    }
}
