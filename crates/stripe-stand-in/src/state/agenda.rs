//! The changes that are still to come, by time.

use crate::objects::records::Records;
use crate::objects::scheduled::{Change, Scheduled};
use crate::state::request::Request;
use std::collections::BTreeSet;

/// Changes not made yet: (when, which). Derived from the schedule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda(pub(crate) BTreeSet<(i64, String)>);

impl Agenda {
    pub(crate) fn of(records: &Records) -> Self {
        let open = records.scheduled.rows().iter().filter(|(_, scheduled)| !scheduled.done);
        Self(open.map(|(id, scheduled)| (scheduled.at_ms, id.clone())).collect())
    }
}

/// Makes `change` happen `after_ms` from now.
pub(crate) fn schedule(request: &mut Request<'_>, after_ms: i64, change: Change) {
    let at_ms = request.now_ms.saturating_add(after_ms);
    let id = request.mint("due_", 12);
    request.sandbox.agenda.0.insert((at_ms, id.clone()));
    request.sandbox.records.scheduled.put(&id, Scheduled { at_ms, change, done: false });
}
