//! Consistent reads of one item, or of several items in one batch.

use crate::{
    Cause, Store, StoreError,
    backoff::Backoff,
    keys::{Item, Key},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::pin::Pin;

/// The tries to have every key processed.
const TRIES: u32 = 6;
/// The most keys of one batch.
const BATCH: usize = 100;
const OPERATION: &str = "read items";

/// The items found, by key. A missing key means that there is no item, because a `Found` exists only once DynamoDB has
/// processed every key.
pub(crate) struct Found(HashMap<Key, Item>);

/// On the heap, because it may contain others.
pub(crate) type Finding<'a> = Pin<Box<dyn Future<Output = Result<Found, StoreError>> + Send + 'a>>;

impl Found {
    pub(crate) fn take(&mut self, key: &Key) -> Option<Item> {
        self.0.remove(key)
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Item> {
        self.0.get(key)
    }
}

impl Store {
    /// Reads one key consistently.
    pub(crate) async fn find_one(
        &self,
        operation: &'static str,
        key: Key,
    ) -> Result<Option<Item>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key.attributes()));
        let answer = Box::pin(get.consistent_read(true).send()).await;
        let item = answer.map_err(|error| StoreError::from_sdk(operation, error))?.item;
        item.iter().for_each(|item| self.last_read.note(item));
        Ok(item)
    }

    /// Reads different keys consistently, in batches side by side.
    pub(crate) fn find(&self, keys: impl IntoIterator<Item = Key>) -> Finding<'_> {
        self.find_all(keys.into_iter().map(Key::attributes).collect())
    }

    fn find_all(&self, mut wanted: Vec<Item>) -> Finding<'_> {
        let others = wanted.split_off(wanted.len().min(BATCH));
        if others.is_empty() {
            return Box::pin(self.find_batch(wanted));
        }
        Box::pin(async move {
            let (mut found, others) = tokio::try_join!(self.find_all(wanted), self.find_all(others))?;
            found.0.extend(others.0);
            Ok(found)
        })
    }

    /// Reads up to 100 keys, in as many requests as DynamoDB needs to process them.
    ///
    /// A batch is not one view of the table
    /// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation>): a payment
    /// may be recorded after its terms were looked for and before its state is read. Terms that are missing beside a state
    /// are therefore read again, once.
    async fn find_batch(&self, mut wanted: Vec<Item>) -> Result<Found, StoreError> {
        let mut found = HashMap::new();
        let mut backoff = Backoff::tries(TRIES);
        let mut is_again = false;
        loop {
            while !wanted.is_empty() {
                wanted = self.find_some(wanted, &mut found).await?;
                if !wanted.is_empty() && !backoff.again().await {
                    return Err(StoreError::Unavailable { operation: OPERATION, cause: Cause::Unprocessed });
                }
            }
            wanted = missing_terms(&found);
            if wanted.is_empty() || is_again {
                return Ok(Found(found));
            }
            is_again = true;
        }
    }

    /// Reads any number of items consistently by what their keys are of. What `read` cannot read is left out.
    pub(crate) async fn find_each<Id: Clone + Ord, T>(
        &self,
        ids: &BTreeSet<Id>,
        key: impl Fn(&Id) -> Key,
        read: impl Fn(Option<Item>) -> Option<T>,
    ) -> Result<BTreeMap<Id, T>, StoreError> {
        let mut found = self.find(ids.iter().map(&key)).await?;
        Ok(ids.iter().filter_map(|id| Some((id.clone(), read(found.take(&key(id)))?))).collect())
    }

    /// Reads one key as a batch, which is retried like the others.
    pub(crate) async fn find_only(&self, key: Key) -> Result<Option<Item>, StoreError> {
        Ok(self.find([key.clone()]).await?.take(&key))
    }

    /// Sends one request, adds the items to `found` and returns the keys that DynamoDB left unprocessed.
    async fn find_some(
        &self,
        wanted: Vec<Item>,
        found: &mut HashMap<Key, Item>,
    ) -> Result<Vec<Item>, StoreError> {
        let keys =
            KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build().map_err(
                |error| StoreError::Refused { operation: OPERATION, cause: Cause::Request(error.into()) },
            )?;
        let get = self.client.batch_get_item().request_items(&self.table, keys);
        let mut answer =
            Box::pin(get.send()).await.map_err(|error| StoreError::from_sdk(OPERATION, error))?;
        let items = answer.responses.as_mut().and_then(|tables| tables.remove(&self.table));
        items.iter().flatten().for_each(|item| self.last_read.note(item));
        found.extend(items.unwrap_or_default().into_iter().filter_map(|item| Some((Key::of(&item)?, item))));
        let left = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.table));
        Ok(left.map(|left| left.keys).unwrap_or_default())
    }
}

/// The keys of the terms that are missing beside a payment's state.
fn missing_terms(found: &HashMap<Key, Item>) -> Vec<Item> {
    let terms = found.keys().filter(|key| key.is_state()).map(|key| key.clone().terms_beside());
    terms.filter(|terms| !found.contains_key(terms)).map(Key::attributes).collect()
}
