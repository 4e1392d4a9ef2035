//! Counting, which counts exactly once whatever is repeated, late, reordered or concurrent.

use crate::fixtures::{account, at, creator, enabled_with, given, numbered, unknown, usd};
use crate::table::{Item, Table, number, text};
use payments::*;
use payments_store::{Applied, CountedItem, Reconciliation, Recorded, Stored};
use std::collections::BTreeMap;

const GENERATION: u64 = 1;

fn wave(name: &str) -> WaveName {
    WaveName::parse(name).expect("name")
}

fn in_wave(n: u32, name: &str) -> Payment {
    let mut payment = numbered(n);
    let by = Admission::Wave(wave(name));
    payment.terms.allowed = Some(Allowed { by, rollout_version: 1, receiver_version: 1, wave_resumes: 0 });
    payment
}

fn refund(creator: i64) -> Fact {
    let split = RefundSplit { creator, platform: 0, request: None };
    Fact::Refund(RefundFact::AtStripe(RefundId::parse("re_1").expect("id"), split, RefundStatus::Succeeded))
}

/// Returns the payment after each of these facts, as versions 1, 2, …
fn versions(payment: &Payment, facts: &[Fact]) -> Vec<Stored<Payment>> {
    let mut versions = vec![Stored { value: payment.clone(), version: 1 }];
    for (at, _) in facts.iter().enumerate() {
        let last = versions.last().expect("the first");
        let after = last.value.join(&facts[at..=at]).expect("news").after;
        versions.push(Stored { version: last.version + 1, value: after });
    }
    versions
}

async fn count(table: &Table, payments: &[Stored<Payment>]) {
    table.store.count(GENERATION, payments.iter().map(CountedItem::of_payment)).await.expect("counted");
}

async fn totals(table: &Table) -> Totals {
    let totals = table.store.creator_totals(&creator("ana")).await.expect("read");
    totals.get(&usd()).copied().unwrap_or_default()
}

async fn counters(table: &Table, name: &str) -> WaveCounters {
    table.store.wave_counters(&wave(name)).await.expect("read")
}

#[tokio::test]
async fn nothing_was_counted_where_nothing_is_written() {
    let table = Table::fresh().await;
    assert_eq!(table.store.creator_totals(&creator("ana")).await.expect("read"), BTreeMap::new());
    assert_eq!(counters(&table, "a").await, WaveCounters::default());
    assert_eq!(table.store.generations().await.expect("read").value, CountGenerations::default());
}

#[tokio::test]
async fn a_payment_that_waits_for_a_card_leaves_no_mark() {
    let table = Table::fresh().await;
    count(&table, &versions(&numbered(1), &[])).await;
    assert!(table.items(&format!("COUNTED#PAYMENT#{}", numbered(1).id())).await.is_empty());
}

#[tokio::test]
async fn every_version_in_any_order_and_any_number_of_times_counts_as_the_last() {
    let failed = Fact::Charge(ChargeId::parse("ch_1").expect("id"), ChargeOutcome::Failed);
    let versions = versions(&in_wave(1, "a"), &[failed, Fact::Succeeded, refund(400)]);
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2]] {
        let table = Table::fresh().await;
        for at in order.into_iter().chain(order) {
            count(&table, &versions[at..=at]).await;
        }
        let expected =
            Totals { received: 1_000, refunded: 400, to_recover: 400, count: 1, ..Totals::default() };
        assert_eq!(totals(&table).await, expected, "{order:?}");
        let counters = counters(&table, "a").await;
        let rates = Rates { payments: 1, charges: 2, failed_charges: 1, ..Rates::default() };
        assert_eq!((counters.rates(), counters.first_payments), (rates, 1), "{order:?}");
        assert_eq!(counters.volume, BTreeMap::from([(usd(), 1_000)]));
    }
}

#[tokio::test]
async fn many_payments_of_one_creator_make_one_write_of_the_totals_by_transaction() {
    let table = Table::fresh().await;
    let settled: Vec<_> =
        (0..250).map(|n| versions(&in_wave(n, "a"), &[Fact::Succeeded]).remove(1)).collect();
    count(&table, &settled).await;
    assert_eq!(totals(&table).await, Totals { received: 250_000, count: 250, ..Totals::default() });
    let counters = counters(&table, "a").await;
    assert_eq!((counters.rates().payments, counters.first_payments), (250, 1));
    let writes = |items: Vec<Item>| -> u64 {
        items.iter().map(|item| item["version"].as_n().expect("number").parse::<u64>().expect("number")).sum()
    };
    assert!(writes(table.items("TOTALS#ana").await) <= 3);
    assert!(writes(table.items("WAVECOUNT#a").await) <= 3);
}

#[tokio::test]
async fn payments_of_many_creators_are_counted_for_each() {
    let table = Table::fresh().await;
    let of = |n: u32| {
        let mut payment = in_wave(n, "a");
        payment.terms.creator = creator(&format!("creator-{}", n % 70));
        versions(&payment, &[Fact::Succeeded]).remove(1)
    };
    count(&table, &(0..140).map(of).collect::<Vec<_>>()).await;
    for n in 0..70 {
        let totals = table.store.creator_totals(&creator(&format!("creator-{n}"))).await.expect("read");
        assert_eq!(totals[&usd()].received, 2_000);
    }
    let counters = counters(&table, "a").await;
    assert_eq!((counters.rates().payments, counters.first_payments), (140, 70));
}

#[tokio::test]
async fn batches_side_by_side_lose_and_double_nothing() {
    let table = Table::fresh().await;
    let settled: Vec<_> =
        (0..120).map(|n| versions(&in_wave(n, "a"), &[Fact::Succeeded]).remove(1)).collect();
    // Four readers have all the items, divided differently.
    let (table, settled) = (&table, &settled);
    let batches = |size: usize| async move {
        for batch in settled.chunks(size) {
            count(table, batch).await;
        }
    };
    tokio::join!(batches(120), batches(7), batches(40), batches(25));
    assert_eq!(totals(table).await, Totals { received: 120_000, count: 120, ..Totals::default() });
    let counters = counters(table, "a").await;
    assert_eq!((counters.rates().payments, counters.first_payments), (120, 1));
}

#[tokio::test]
async fn a_creator_counts_with_the_waves_on_whose_lists_the_creator_is() {
    let table = Table::fresh().await;
    let item = |receiver: &Receiver| CountedItem::of_receiver(receiver, &Policy::default());
    let mut receiver = unknown("ana");
    receiver.waves = [wave("a"), wave("b")].into();
    receiver.version = 1;
    table.store.count(GENERATION, [item(&receiver)]).await.expect("counted");
    let mut onboarded = enabled_with(&receiver, "acct_ana");
    onboarded.account = Some(account("acct_ana"));
    onboarded.waves.remove(&wave("b"));
    table.store.count(GENERATION, [item(&onboarded)]).await.expect("counted");
    table.store.count(GENERATION, [item(&receiver)]).await.expect("counted");
    let seen = |counters: WaveCounters| (counters.invited, counters.onboarded);
    assert_eq!(seen(counters(&table, "a").await), (1, 1));
    assert_eq!(seen(counters(&table, "b").await), (0, 0));
}

#[tokio::test]
async fn a_creator_on_more_lists_than_one_transaction_takes_is_counted_in_all() {
    let table = Table::fresh().await;
    let mut receiver = unknown("ana");
    receiver.waves = (0..95).map(|n| wave(&format!("w{n}"))).collect();
    receiver.version = 1;
    table
        .store
        .count(GENERATION, [CountedItem::of_receiver(&receiver, &Policy::default())])
        .await
        .expect("counted");
    for n in 0..95 {
        assert_eq!(counters(&table, &format!("w{n}")).await.invited, 1, "{n}");
    }
}

#[tokio::test]
async fn a_dispute_counts_with_the_payments_that_were_allowed_under_the_same_resumption() {
    let table = Table::fresh().await;
    let dispute = DisputeFunds {
        dispute: DisputeId::parse("dp_1").expect("id"),
        charged: 1_061,
        creator: 1_000,
        fee: 0,
        fee_currency: usd(),
        raw_amount: None,
    };
    let withdrawn = Fact::Dispute(DisputeFact::Funds(TransactionId::parse("txn_1").expect("id"), dispute));
    let early = versions(&in_wave(1, "a"), &[Fact::Succeeded, withdrawn]);
    let mut payment = in_wave(2, "a");
    payment.terms.allowed.iter_mut().for_each(|allowed| allowed.wave_resumes = 12);
    count(&table, &early[1..=1]).await;
    count(&table, &versions(&payment, &[Fact::Succeeded])[1..]).await;
    count(&table, &early[2..]).await;
    let counters = counters(&table, "a").await;
    let rates = |disputed_payments| Rates { payments: 1, disputed_payments, charges: 1, ..Rates::default() };
    assert_eq!(counters.cohorts, BTreeMap::from([(0, rates(1)), (12, rates(0))]));
}

#[tokio::test]
async fn a_mark_that_cannot_be_read_is_never_taken_for_none() {
    let table = Table::fresh().await;
    let settled = versions(&numbered(1), &[Fact::Succeeded]);
    let mark = Item::from([("version".to_owned(), text("one"))]);
    table.put(&format!("COUNTED#PAYMENT#{}", numbered(1).id()), "1#STATE", mark).await;
    let item = CountedItem::of_payment(&settled[1]);
    let left_out = table.store.count(GENERATION, [item.clone()]).await.expect("counted").items;
    assert_eq!(totals(&table).await, Totals::default());
    let [(left, error)] = left_out.as_slice() else { panic!("{left_out:?}") };
    assert!(left.is_of_same_item(&item) && error.unreadable_item().is_some());
    let other = versions(&numbered(2), &[Fact::Succeeded]);
    let both = [item, CountedItem::of_payment(&other[1])];
    assert_eq!(table.store.count(GENERATION, both).await.expect("counted").items.len(), 1);
    assert_eq!(totals(&table).await.count, 1, "it holds up no other");
}

#[tokio::test]
async fn a_sum_that_cannot_be_read_holds_up_nothing_since_another_shard_takes_its_share() {
    let table = Table::fresh().await;
    for shard in (0..16).step_by(2) {
        let damaged = Item::from([("version".to_owned(), text("one"))]);
        table.put("TOTALS#ana", &format!("{GENERATION}#usd#{shard:02}"), damaged).await;
    }
    for number in 1..=8 {
        count(&table, &versions(&numbered(number), &[Fact::Succeeded])[1..]).await;
    }
    let sums = table.items("TOTALS#ana").await;
    let counted = |sum: &Item| sum.get("totals")?.as_m().ok()?.get("count")?.as_n().ok()?.parse::<i64>().ok();
    assert_eq!(sums.iter().filter_map(counted).sum::<i64>(), 8);
}

/// Writes a payment that succeeds.
async fn settle(table: &Table, payment: &Payment) -> Stored<Payment> {
    let Ok(Recorded::New(new)) = table.store.record_payment(payment).await else { panic!("recorded") };
    match table.store.apply_facts(new, at(0), given(vec![Fact::Succeeded])).await {
        Ok(Applied::Changed { payment, .. }) => payment,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn counted_anew_while_payments_go_on_the_totals_are_those_of_the_table() {
    let table = Table::fresh().await;
    for n in 0..6 {
        let settled = settle(&table, &in_wave(n, "a")).await;
        // The stream has delivered two of them.
        if n < 2 {
            count(&table, &[settled]).await;
        }
    }
    // One item cannot be read, and another has nothing to count.
    let broken = Item::from([("version".to_owned(), number(1))]);
    table.put("PAYMENT#pay_broken", "STATE", broken).await;
    table.store.record_payment(&in_wave(6, "a")).await.expect("recorded");

    let stored = table.store.generations().await.expect("read");
    let mut generations = stored.value.with_rebuild(at(1));
    table
        .store
        .save_reconciliation(Reconciliation::Counts, &generations, stored.version)
        .await
        .expect("saved");
    let mut news = Some(in_wave(7, "a"));
    while let Some(rebuild) = generations.rebuild.clone() {
        let page =
            table.store.counted_page(rebuild.cursor.as_deref(), 4, &Policy::default()).await.expect("page");
        if let Some(payment) = news.take() {
            let settled = settle(&table, &payment).await;
            for generation in generations.current() {
                let item = CountedItem::of_payment(&settled);
                table.store.count(generation, [item]).await.expect("counted");
            }
        }
        let items = page.items.len() as u64;
        table.store.count(rebuild.generation, page.items).await.expect("counted");
        generations = generations.advanced(items, page.unreadable, page.next_cursor, at(2));
        // The old counts are read until the new ones are complete.
        if generations.rebuild.is_some() {
            assert_eq!(totals(&table).await.count, 3);
        }
    }
    let stored = table.store.generations().await.expect("read");
    table
        .store
        .save_reconciliation(Reconciliation::Counts, &generations, stored.version)
        .await
        .expect("saved");
    assert_eq!(totals(&table).await, Totals { received: 7_000, count: 7, ..Totals::default() });
    let counters = counters(&table, "a").await;
    assert_eq!((counters.rates().payments, counters.first_payments), (7, 1));
    assert_eq!(generations.last.expect("done").unreadable, 1);
}
