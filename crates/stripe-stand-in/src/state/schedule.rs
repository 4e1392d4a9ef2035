//! Changes that are due later, by time.

use crate::objects::records::Records;
use crate::objects::scheduled::{Change, Scheduled};
use crate::state::request::Request;
use std::collections::BTreeSet;

/// Open changes as (due time, id), derived from the records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule(pub(crate) BTreeSet<(i64, String)>);

impl Schedule {
    pub(crate) fn of(records: &Records) -> Self {
        let open = records.scheduled.rows().iter().filter(|(_, scheduled)| !scheduled.done);
        Self(open.map(|(id, scheduled)| (scheduled.at_ms, id.clone())).collect())
    }
}

/// Schedules `change` in `after_ms` milliseconds.
pub(crate) fn schedule(request: &mut Request<'_>, after_ms: i64, change: Change) {
    let at_ms = request.now_ms.saturating_add(after_ms);
    let id = request.mint("due_", 12);
    request.sandbox.schedule.0.insert((at_ms, id.clone()));
    request.sandbox.records.scheduled.put(&id, Scheduled { at_ms, change, done: false });
}
