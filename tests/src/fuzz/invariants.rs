//! What holds of each payment after any events.

use super::corpus::Corpus;
use crate::Breakable;
use payments::{DifferenceKind, LedgerAccount, PaymentId, same_entries};
use std::collections::BTreeMap;

/// Every entry sums to zero, the stored entries are those of the state, and no creator is below zero.
pub(super) async fn check(stack: &Breakable, corpus: &Corpus, seed: u64) {
    for id in &corpus.payments {
        let id = PaymentId::parse(id).expect("an id");
        let (stored, entries) = stack.services.store.ledger(&id).await.expect("read").expect("a payment");
        let mut creator = 0;
        for entry in &entries {
            let mut sums = BTreeMap::new();
            for posting in &entry.postings {
                *sums.entry(posting.currency.code()).or_insert(0) += posting.amount;
                if matches!(posting.account, LedgerAccount::Creator(_)) {
                    creator += posting.amount;
                }
            }
            assert!(sums.values().all(|sum| *sum == 0), "seed {seed}: {id}: {entry:?}");
        }
        assert!(creator >= 0, "seed {seed}: {id}: the creator has {creator}: {:?}", stored.value.state);
        let implied = payments::entries(&stored.value);
        assert!(same_entries(&entries, &implied), "seed {seed}: {id}: {entries:?}, not {implied:?}");
        let below = |kind| kind == DifferenceKind::CreatorBelowZero;
        let is_below = stored.value.differences().iter().any(|difference| below(difference.kind));
        assert!(!is_below, "seed {seed}: {id}: {:?}", stored.value.state);
    }
}
