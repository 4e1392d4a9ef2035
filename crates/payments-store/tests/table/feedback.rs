//! Feedback, which each user gives once about each subject and which is read by wave.

use crate::fixtures::{at, numbered, user};
use crate::table::{Table, number, text};
use crate::waves::opened;
use payments::{Admission, Allowed, Feedback, FeedbackText, Opinion, Rating, Timestamp, WaveName};
use payments_store::StoreError;

fn wave(name: &str) -> WaveName {
    WaveName::parse(name).expect("name")
}

fn opinion(rating: u8) -> Opinion {
    Opinion { rating: Rating::new(rating).expect("rating"), text: FeedbackText::parse("Lovely").ok() }
}

/// Feedback of `sam` about payment number `n`, which wave `a` opened that many seconds later.
fn about(n: u32, rating: u8, now: Timestamp) -> Feedback {
    let mut payment = numbered(n);
    payment.terms.created_at = at(i64::from(n));
    payment.terms.allowed = Some(Allowed {
        by: Admission::Wave(wave("a")),
        rollout_version: 1,
        receiver_version: 1,
        wave_resumes: 0,
    });
    Feedback::about_payment(user("sam"), &payment, opinion(rating), now).expect("theirs")
}

#[tokio::test]
async fn feedback_is_kept_once_and_replaced_by_another_opinion() {
    let table = Table::fresh().await;
    let first = table.store.give_feedback(&about(1, 2, at(10))).await.expect("given");
    assert_eq!(first.version, 1);
    let again = table.store.give_feedback(&about(1, 2, at(20))).await.expect("given");
    assert_eq!(again, first, "the same opinion stays as it was given");
    let other = table.store.give_feedback(&about(1, 5, at(30))).await.expect("given");
    assert_eq!((other.version, other.value.opinion.rating.get()), (2, 5));
    let page = table.store.feedback(Some(&wave("a")), 10, None).await.expect("read");
    assert_eq!(page.items, [other]);
}

#[tokio::test]
async fn feedback_is_read_by_wave_newest_first_and_page_by_page() {
    let table = Table::fresh().await;
    for n in 1..=5 {
        table.store.give_feedback(&about(n, 3, at(100))).await.expect("given");
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = table.store.feedback(Some(&wave("a")), 2, cursor.as_deref()).await.expect("read");
        seen.extend(page.items.into_iter().map(|stored| stored.value.about));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
        let elsewhere = table.store.feedback(None, 2, cursor.as_deref()).await;
        assert!(matches!(elsewhere, Err(StoreError::InvalidCursor)), "a cursor is of one wave");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(at));
    for other in [None, Some(&wave("b"))] {
        assert_eq!(table.store.feedback(other, 10, None).await.expect("read").items, []);
    }
}

#[tokio::test]
async fn people_can_read_feedback_and_what_no_wave_opened_has_a_place_of_its_own() {
    let table = Table::fresh().await;
    let mut feedback = about(1, 4, at(10));
    feedback.wave = None;
    table.store.give_feedback(&feedback).await.expect("given");
    let item = table.item("FEEDBACK#-", &format!("{}#{}", at(1), feedback.id)).await.expect("item");
    let expected =
        [("type", text("feedback")), ("rating", number(4)), ("by", text("sam")), ("version", number(1))];
    for (name, value) in expected {
        assert_eq!(item.get(name), Some(&value), "{name}");
    }
    assert_eq!(table.store.feedback(None, 10, None).await.expect("read").items.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn opinions_given_at_once_leave_one_of_them() {
    let table = Table::fresh().await;
    let tasks: Vec<_> = (1..=3)
        .map(|rating| {
            let store = table.store.clone();
            tokio::spawn(async move { store.give_feedback(&about(1, rating, at(10))).await })
        })
        .collect();
    let mut versions = Vec::new();
    for task in tasks {
        versions.push(task.await.expect("task").expect("given").version);
    }
    versions.sort_unstable();
    assert_eq!(versions, [1, 2, 3]);
    assert_eq!(table.store.feedback(Some(&wave("a")), 10, None).await.expect("read").items.len(), 1);
}

#[tokio::test]
async fn all_feedback_is_read_in_one_order_across_waves_and_none_is_doubled_or_left_out() {
    let table = Table::fresh().await;
    let waves: Vec<String> = (0..12).map(|n| format!("wave-{n}")).collect();
    for (second, name) in waves.iter().enumerate() {
        opened(&table, name, i64::try_from(second).expect("small")).await;
    }
    for n in 1..=40_u32 {
        let mut feedback = about(n, 3, at(100));
        feedback.wave = waves.get(n as usize % 13).map(|name| wave(name));
        table.store.give_feedback(&feedback).await.expect("given");
    }
    // The same user's feedback of the same day, given again after a change of waves: the later one counts.
    let mut moved = about(40, 1, at(200));
    moved.wave = Some(wave("wave-5"));
    table.store.give_feedback(&moved).await.expect("given");
    for limit in [1, 7, 40, 100] {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = table.store.all_feedback(limit, cursor.as_deref()).await.expect("read");
            assert!(page.items.len() <= usize::from(limit));
            seen.extend(
                page.items.into_iter().map(|stored| (stored.value.about, stored.value.opinion.rating.get())),
            );
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let expected: Vec<_> = (1..=40).rev().map(|n| (at(n), if n == 40 { 1 } else { 3 })).collect();
        assert_eq!(seen, expected, "{limit} at a time");
    }
}
