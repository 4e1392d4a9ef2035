//! What alarms depend on: changed audit and ledger entries, and halted waves.

use crate::stream_record::Record;
use payments::WaveName;
use payments_services::{Metric, count};
use payments_store::StreamChange;

/// Logs and counts what alarms depend on: changed audit or ledger entries, and halted waves.
pub(crate) fn measure(record: &Record) {
    match &record.change {
        StreamChange::Tampered { partition, .. } => {
            // The partition key contains a creator's id, which belongs in the event but not in the log.
            let kind = partition.split('#').next();
            let sequence_number = &record.sequence_number;
            tracing::error!(kind, sequence_number, "a record that is never to change was changed or removed");
            count(Metric::AuditTampered);
        }
        StreamChange::Rollout { before, after } => {
            let was_halted = |name: &WaveName| before.wave(name).is_some_and(|wave| wave.halted);
            for wave in after.waves.iter().filter(|wave| wave.halted && !was_halted(&wave.name)) {
                tracing::warn!(wave = %wave.name, "halted");
                count(Metric::WaveHalted);
            }
        }
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Payout(_)
        | StreamChange::Feedback(_)
        | StreamChange::Nothing => {}
    }
}
