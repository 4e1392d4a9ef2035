//! Derives the events of each record, and publishes them.

use crate::process_records::Failed;
use crate::publish_with_retry::publish_with_retry;
use crate::{App, stream_record::Record};
use payments::{AuditTampered, Event, Policy, Tampering};
use payments_events::Published;
use payments_services::causes;
use payments_store::{ChangeKind, StreamChange};

pub(crate) async fn publish(app: &App, records: &[Record]) -> Result<(), Failed> {
    let Some(bus) = &app.bus else { return Ok(()) };
    let told = records.iter().enumerate();
    let told =
        told.flat_map(|(at, record)| events(record, &app.policy).into_iter().map(move |event| (at, event)));
    let (places, events): (Vec<usize>, Vec<Event>) = told.unzip();
    let published = publish_with_retry(&events, |events| async move { bus.publish(&events).await }).await;
    let failed = places.into_iter().zip(published).find_map(|(at, published)| match published {
        Published::Done => None,
        Published::Unavailable(cause) | Published::Refused(cause) => {
            Some(Failed { at, cause: format!("an event is not published: {}", causes(&cause)) })
        }
    });
    failed.map_or(Ok(()), Err)
}

/// Derives the events that the rest of the app receives for a record.
fn events(record: &Record, policy: &Policy) -> Vec<Event> {
    let at = record.written_at;
    match &record.change {
        StreamChange::Payment { before, after } => Event::of_payment(before.as_deref(), &after.value, at),
        StreamChange::Receiver { before, after } => {
            Event::of_receiver(before.as_deref(), after, policy, at).into_iter().collect()
        }
        StreamChange::Payout(payout) => Event::of_payout(payout, at).into_iter().collect(),
        StreamChange::Rollout { before, after } => Event::of_rollout(before, after, at),
        StreamChange::Tampered { partition, sort } => {
            let tampering = match record.kind {
                ChangeKind::Remove => Tampering::Removed,
                ChangeKind::Insert | ChangeKind::Modify => Tampering::Changed,
            };
            let what = AuditTampered { partition: partition.clone(), sort: sort.clone(), tampering };
            vec![Event::of_tampering(what, &record.sequence_number, at)]
        }
        StreamChange::Feedback(given) => vec![Event::of_feedback(&given.value, given.version, at)],
        StreamChange::Nothing => Vec::new(),
    }
}
