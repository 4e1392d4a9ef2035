//! At the end each sender's list has every payment of theirs that has an intent, and each creator's those that settled: each
//! once, over pages.

use super::Simulation;
use payments::{CreatorId, ListReader, Payment, PaymentFilter, PaymentId, PaymentList, PaymentQuery, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// Few, so that a schedule's payments take several pages.
const PAGE: u8 = 2;

impl Simulation {
    /// Pages through every list.
    pub(super) async fn lists_agree(&mut self) -> Result<(), String> {
        let (mut sent, mut received) = (BTreeMap::new(), BTreeMap::new());
        for payment in self.invariants.payments() {
            let Payment { terms, state, .. } = payment;
            let of_sender: &mut BTreeSet<PaymentId> = sent.entry(terms.sender.clone()).or_default();
            of_sender.extend(state.intent.iter().map(|_| payment.id().clone()));
            let of_creator: &mut BTreeSet<PaymentId> = received.entry(terms.creator.clone()).or_default();
            of_creator.extend(state.succeeded.then(|| payment.id().clone()));
        }
        let sent = sent.into_iter().map(|(sender, ids): (UserId, _)| (PaymentList::SentBy(sender), ids));
        let received = received
            .into_iter()
            .map(|(creator, ids): (CreatorId, _)| (PaymentList::ReceivedBy(creator), ids));
        for (list, expected) in sent.chain(received).collect::<Vec<_>>() {
            let read = self.whole_list(list.clone()).await?;
            let once: BTreeSet<PaymentId> = read.iter().cloned().collect();
            if once != expected || read.len() != once.len() {
                return Err(format!("{list:?} is {read:?} and should have {expected:?}, each once"));
            }
        }
        Ok(())
    }

    async fn whole_list(&mut self, list: PaymentList) -> Result<Vec<PaymentId>, String> {
        let filter = PaymentFilter::default();
        let query = PaymentQuery { list, reader: ListReader::Owner, from: None, to: None, filter };
        let store = self.services.store.clone();
        let reading = async {
            let (mut ids, mut cursor): (_, Option<String>) = (Vec::new(), None);
            loop {
                let page = store.list_payments(&query, PAGE, cursor.as_deref()).await?;
                ids.extend(page.items.iter().map(|stored| stored.value.id().clone()));
                cursor = page.next_cursor;
                if cursor.is_none() {
                    return Ok(ids);
                }
            }
        };
        let read: Result<_, payments_store::StoreError> = self.without_faults("a list", reading).await?;
        read.map_err(|error| error.to_string())
    }
}
