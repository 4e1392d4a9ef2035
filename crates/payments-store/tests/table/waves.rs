//! Waves, whose rules and lists are written with their audit entries or not at all.

use crate::fixtures::{at, by_op, creator, unknown, user};
use crate::table::{Table, number, text};
use payments::*;
use payments_store::{ListedReceiver, RECEIVERS_PER_TRANSACTION, Saved, StoreError};

fn name(text: &str) -> WaveName {
    WaveName::parse(text).expect("name")
}

/// The first write of a wave that opens at this second.
pub(crate) async fn opened(table: &Table, wave: &str, second: i64) -> (Rollout, WaveDetails) {
    let wave = name(wave);
    let before = table.store.rollout().await.expect("read");
    let after = before.with_wave(Wave::new(wave.clone()));
    let details = WaveDetails::new(wave.clone(), at(second), user("op")).changed();
    let audit = by_op(second, 1).rule_change(&wave, None, after.wave(&wave));
    let written = table.store.change_rule(&before, &after, &details, &audit).await.expect("answered");
    assert!(matches!(written, Saved::Done { .. }));
    (after, details)
}

/// The change that adds a creator to a wave's list.
fn added(before: &Receiver, wave: &WaveName, id: u64) -> ListedReceiver {
    let after = before.with_list_change(wave, ListChange::Add).expect("a change");
    ListedReceiver {
        before: before.clone(),
        after: after.clone(),
        audit: by_op(9, id).receiver_change(before, &after),
    }
}

async fn add(table: &Table, details: &WaveDetails, receivers: &[ListedReceiver], id: u64) -> Saved {
    let lists: Vec<_> =
        receivers.iter().map(|listed| (listed.before.creator.clone(), ListChange::Add)).collect();
    let audit = by_op(9, id).list_change(&details.name, &lists);
    table.store.change_lists(details, receivers, &audit).await.expect("answered")
}

async fn audited(table: &Table, subject: AuditSubject) -> usize {
    table.store.audit(&subject, 100, None).await.expect("read").items.len()
}

#[tokio::test]
async fn a_wave_is_written_with_its_rule_in_every_copy_its_details_its_place_in_the_list_and_its_record() {
    let table = Table::fresh().await;
    let wave = name("first");
    assert_eq!(table.store.rollout_and_wave(&wave).await.expect("read"), (Rollout::default(), None));
    let (rollout, details) = opened(&table, "first", 1).await;
    for _ in 0..48 {
        let read = table.store.rollout_and_wave(&wave).await.expect("read");
        assert_eq!(read, (rollout.clone(), Some(details.clone())));
    }
    let item = table.item("WAVE#first", "DETAILS").await.expect("item");
    assert_eq!((&item["type"], &item["state"], &item["version"]), (&text("wave"), &text("open"), &number(1)));
    assert_eq!(audited(&table, AuditSubject::Wave(wave)).await, 1);
}

#[tokio::test]
async fn a_rule_from_an_outdated_sight_of_the_rollout_or_of_the_wave_is_raced_without_a_trace() {
    let table = Table::fresh().await;
    let wave = name("first");
    let (rollout, details) = opened(&table, "first", 1).await;
    let wider = rollout.with_wave(Wave { halted: true, ..Wave::new(wave.clone()) });
    let audit = || by_op(2, 7).rule_change(&wave, rollout.wave(&wave), wider.wave(&wave));
    let change = async |before: &Rollout, details: WaveDetails| {
        table.store.change_rule(before, &wider, &details, &audit()).await.expect("answered")
    };
    assert_eq!(change(&Rollout::default(), details.changed()).await, Saved::Raced);
    assert_eq!(change(&rollout, details.clone()).await, Saved::Raced);
    let read = table.store.rollout_and_wave(&wave).await.expect("read");
    assert_eq!(read, (rollout.clone(), Some(details.clone())));
    assert_eq!(audited(&table, AuditSubject::Wave(wave.clone())).await, 1);
    assert!(matches!(change(&rollout, details.changed()).await, Saved::Done { .. }));
}

#[tokio::test]
async fn as_many_creators_as_a_transaction_takes_are_listed_at_once_each_with_a_record() {
    let table = Table::fresh().await;
    let (_, details) = opened(&table, "first", 1).await;
    let creators: Vec<_> = (0..RECEIVERS_PER_TRANSACTION).map(|n| creator(&format!("creator-{n}"))).collect();
    let before = table.store.receivers(&creators).await.expect("read");
    let receivers: Vec<_> = before.iter().map(|receiver| added(receiver, &details.name, 5)).collect();
    assert!(matches!(add(&table, &details.changed(), &receivers, 5).await, Saved::Done { .. }));
    let after = table.store.receivers(&creators).await.expect("read");
    assert!(after.iter().all(|receiver| receiver.waves.contains(&details.name) && receiver.version == 1));
    for creator in creators {
        assert_eq!(audited(&table, AuditSubject::Creator(creator)).await, 1);
    }
    assert_eq!(audited(&table, AuditSubject::Wave(details.name)).await, 2);
}

#[tokio::test]
async fn lists_are_raced_whole_when_the_wave_or_one_of_the_receivers_was_changed() {
    let table = Table::fresh().await;
    let (_, details) = opened(&table, "first", 1).await;
    let [ana, bo] = ["ana", "bo"].map(unknown);
    let wave = details.name.clone();
    let first = [added(&ana, &wave, 1)];
    assert!(matches!(add(&table, &details.changed(), &first, 2).await, Saved::Done { .. }));
    let both = [added(&ana, &wave, 3), added(&bo, &wave, 3)];
    assert_eq!(add(&table, &details.changed().changed(), &both, 3).await, Saved::Raced, "ana was changed");
    let second = [added(&bo, &wave, 4)];
    assert_eq!(add(&table, &details.changed(), &second, 4).await, Saved::Raced, "the wave was changed");
    assert_eq!(table.store.receiver(&creator("bo")).await.expect("read"), bo);
    assert_eq!(audited(&table, AuditSubject::Creator(creator("bo"))).await, 0);
    assert_eq!(audited(&table, AuditSubject::Wave(wave)).await, 2);
}

#[tokio::test]
async fn receivers_are_read_in_their_order_also_beyond_one_batch() {
    let table = Table::fresh().await;
    let (_, details) = opened(&table, "first", 1).await;
    let last = unknown("creator-249");
    assert!(matches!(
        add(&table, &details.changed(), &[added(&last, &details.name, 2)], 2).await,
        Saved::Done { .. }
    ));
    let creators: Vec<_> = (0..250).map(|n| creator(&format!("creator-{n}"))).collect();
    let read = table.store.receivers(&creators).await.expect("read");
    assert!(read.iter().map(|receiver| &receiver.creator).eq(&creators));
    let listed: Vec<_> = read.iter().filter(|receiver| !receiver.waves.is_empty()).collect();
    assert_eq!((listed.len(), &listed[0].creator), (1, &last.creator));
}

#[tokio::test]
async fn all_waves_are_listed_newest_first_also_those_that_are_rolled_back() {
    let table = Table::fresh().await;
    assert_eq!(table.store.waves(9, None).await.expect("read").0.items, []);
    for (second, wave) in ["c", "a", "b"].into_iter().enumerate() {
        opened(&table, wave, i64::try_from(second).expect("small")).await;
    }
    let (rollout, details) = table.store.rollout_and_wave(&name("a")).await.expect("read");
    let (after, details) = (rollout.without_wave(&name("a")), details.expect("details"));
    let rule = rollout.wave(&name("a")).expect("a rule").clone();
    let ended = details.changed().ended(RolledBack { at: at(5), by: user("op"), rule: rule.clone() });
    let audit = by_op(5, 1).rule_change(&name("a"), Some(&rule), None);
    let written = table.store.change_rule(&rollout, &after, &ended, &audit).await.expect("answered");
    assert!(matches!(written, Saved::Done { .. }));
    let (first, read) = table.store.waves(2, None).await.expect("read");
    assert_eq!(read, after);
    let told: Vec<_> =
        first.items.iter().map(|wave| (wave.name.as_str(), wave.rolled_back.is_some())).collect();
    assert_eq!(told, [("b", false), ("a", true)]);
    let (second, _) = table.store.waves(2, first.next_cursor.as_deref()).await.expect("read");
    assert_eq!((second.items[0].name.as_str(), second.next_cursor), ("c", None));
    let foreign = table.store.waves(2, Some("AAAAAAAAAAAAAAAA")).await.expect_err("not a cursor");
    assert!(matches!(foreign, StoreError::InvalidCursor));
}
