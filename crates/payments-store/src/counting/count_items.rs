//! Counts items, with one transaction of marks and sums after another.

use super::{CountedItem, SHARDS, counted_item::Mark, sums::Sums};
use crate::{
    Store, StoreError,
    backoff::Backoff,
    keys::Key,
    transaction::{Condition, Sent},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::Contribution;
use std::collections::{BTreeMap, VecDeque};

const OPERATION: &str = "count items";
/// The tries of a transaction. Concurrent batches change the same sums, and the next try uses other shards.
const TRIES: u32 = 16;
/// The number of marks that are read at once, and the most that one transaction writes. A transaction has at most 100
/// actions and a batch at most 100 keys.
const MARKS: usize = 96;
/// The number of items that a transaction writes.
const ACTIONS: usize = 100;
/// The number of waves whose counters one item changes at once; a change of more lists takes several steps.
const WAVES: usize = 40;

/// An item whose mark shows that it has to be counted.
struct Due {
    item: CountedItem,
    mark: Mark,
    after: Mark,
}

/// What a count leaves out, because this release cannot read an item that it needs.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// The items whose marks cannot be read. They are not counted.
    pub items: Vec<(CountedItem, StoreError)>,
    /// The sums that cannot be read. Another shard has taken what was for them.
    pub sums: Vec<StoreError>,
}

impl Store {
    /// Counts items in a generation of counts, each in its greatest version here, unless that version or a later one is
    /// counted already. An item or a sum that cannot be read holds up no other.
    ///
    /// # Errors
    /// [`StoreError`]; some items may be counted, and counting all of them again is safe.
    pub async fn count(
        &self,
        generation: u64,
        items: impl IntoIterator<Item = CountedItem>,
    ) -> Result<LeftOut, StoreError> {
        let mut waiting = latest(items);
        let mut left_out = LeftOut::default();
        let mut backoff = Backoff::tries(TRIES);
        // Each transaction uses the next shard, starting from a random one, so concurrent batches rarely collide and no
        // shard gets all writes.
        let mut shard = fastrand::u8(0..SHARDS);
        while !waiting.is_empty() {
            let due = self.due_for_counting(generation, &mut waiting, &mut left_out.items).await?;
            let (taken, sums) = pack(due, Sums::new(generation, shard), &mut waiting);
            shard = (shard + 1) % SHARDS;
            if taken.is_empty() {
                continue;
            }
            let sent = match self.write_counts(generation, &taken, sums).await {
                Err(error) if error.unreadable_item().is_some() => {
                    left_out.sums.push(error);
                    Sent::Busy
                }
                sent => sent?,
            };
            match sent {
                Sent::Done => {
                    let steps = taken.into_iter().filter(|due| due.after.counted < due.item.version);
                    steps.for_each(|due| waiting.push_front(due.item));
                    backoff = Backoff::tries(TRIES);
                }
                Sent::Failed(_) | Sent::Busy => {
                    taken.into_iter().rev().for_each(|due| waiting.push_front(due.item));
                    backoff.lost(OPERATION).await?;
                }
            }
        }
        Ok(left_out)
    }

    /// Returns the next items that are not yet counted, with their marks, and leaves out those whose marks cannot be read.
    async fn due_for_counting(
        &self,
        generation: u64,
        waiting: &mut VecDeque<CountedItem>,
        left_out: &mut Vec<(CountedItem, StoreError)>,
    ) -> Result<VecDeque<Due>, StoreError> {
        let next: Vec<CountedItem> = waiting.drain(..waiting.len().min(MARKS)).collect();
        let mark = |item: &CountedItem| Key::mark(&item.key, generation);
        let mut marks = self.find(next.iter().map(mark)).await?;
        let mut due = VecDeque::with_capacity(next.len());
        for item in next {
            let known = match Mark::read(marks.take(&mark(&item))) {
                Ok(known) => known,
                Err(error) => {
                    left_out.push((item, error));
                    continue;
                }
            };
            if let Some(contribution) = item.contribution.as_ref().filter(|_| known.counted < item.version) {
                let step = contribution.step_from(&known.contribution, WAVES);
                let counted = if step == *contribution { item.version } else { known.counted };
                let after = Mark { version: known.version + 1, counted, contribution: step };
                due.push_back(Due { item, mark: known, after });
            }
        }
        Ok(due)
    }

    async fn write_counts(&self, generation: u64, taken: &[Due], sums: Sums) -> Result<Sent, StoreError> {
        let mut found = self.find(sums.keys()).await?;
        let mut actions: Vec<TransactWriteItem> = Vec::with_capacity(ACTIONS);
        for due in taken {
            let item = due.after.item(Key::mark(&due.item.key, generation))?;
            actions.push(self.put(item, Condition::Version(due.mark.version))?);
        }
        for (item, condition) in sums.items(|key| found.take(key))? {
            actions.push(self.put(item, condition)?);
        }
        self.send(OPERATION, actions).await
    }
}

/// Takes as many items as one transaction can write, and puts the rest back at the front.
fn pack(mut due: VecDeque<Due>, mut sums: Sums, waiting: &mut VecDeque<CountedItem>) -> (Vec<Due>, Sums) {
    let mut taken = Vec::new();
    while let Some(next) = due.pop_front() {
        let moved: Contribution = next.after.contribution.difference_from(&next.mark.contribution);
        if taken.len() + 1 + sums.len_with(&moved) > ACTIONS {
            due.push_front(next);
            break;
        }
        sums.add(moved);
        taken.push(next);
    }
    due.into_iter().rev().for_each(|due| waiting.push_front(due.item));
    (taken, sums)
}

/// Returns each item once, in its greatest version. A creator's payments are adjacent, so that they change one sum.
fn latest(items: impl IntoIterator<Item = CountedItem>) -> VecDeque<CountedItem> {
    let mut latest: BTreeMap<Key, CountedItem> = BTreeMap::new();
    for item in items {
        match latest.get(&item.key) {
            Some(known) if known.version >= item.version => {}
            _ => drop(latest.insert(item.key.clone(), item)),
        }
    }
    let mut items: Vec<CountedItem> = latest.into_values().collect();
    let creator =
        |item: &CountedItem| item.contribution.as_ref().and_then(|it| it.totals.keys().next()).cloned();
    items.sort_by_cached_key(creator);
    items.into()
}
