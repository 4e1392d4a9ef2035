//! The run that a slice works on, and when its progress is saved.

use crate::{ReconciliationError, note_unreadable::note_unreadable, save_progress::save_progress};
use payments::{AccountId, AppliedEvents, Findings, NextPage, Reconciliation, Stage, Timestamp};
use payments_services::Services;
use payments_store::{Reconciliation as Note, Replaceable, Stored};
use std::collections::BTreeSet;

/// How many pages may pass before the progress is saved. A page that is repeated changes nothing.
const PAGES_UNSAVED: u32 = 16;

/// A run in the middle of a slice.
pub(crate) struct RunProgress<'a> {
    pub(crate) services: &'a Services,
    pub(crate) run: Reconciliation,
    version: u64,
    pages_unsaved: u32,
    findings_saved: Findings,
    /// The accounts that the slice's events named, for they name an account several times.
    pub(crate) refreshed: BTreeSet<AccountId>,
    pub(crate) applied: AppliedEvents,
    applied_before: Stored<AppliedEvents>,
}

impl<'a> RunProgress<'a> {
    pub(crate) async fn begin(
        services: &'a Services,
        stored: Stored<Reconciliation>,
    ) -> Result<Self, ReconciliationError> {
        // Events of a note that this release cannot read are compared again.
        let Replaceable { value, version, .. } =
            services.store.replaceable_reconciliation::<AppliedEvents>(Note::AppliedEvents).await?;
        let applied = value.unwrap_or_default();
        let findings_saved = stored.value.findings.clone();
        Ok(Self {
            services,
            run: stored.value,
            version: stored.version,
            pages_unsaved: 0,
            findings_saved,
            refreshed: BTreeSet::new(),
            applied_before: Stored { value: applied.clone(), version },
            applied,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.services.clock.now()
    }

    pub(crate) fn findings(&mut self) -> &mut Findings {
        &mut self.run.findings
    }

    /// Goes on where a stage's next page begins. A page that found something is saved at once: what it refreshed, one request
    /// each, is not refreshed again.
    pub(crate) async fn advance(&mut self, stage: Stage, next: NextPage) -> Result<(), ReconciliationError> {
        let now = self.now();
        self.run.advance(stage, next, now);
        if self.run.findings != self.findings_saved {
            self.pages_unsaved = PAGES_UNSAVED;
        }
        self.page_is_done().await
    }

    pub(crate) async fn page_is_done(&mut self) -> Result<(), ReconciliationError> {
        self.pages_unsaved += 1;
        if self.pages_unsaved >= PAGES_UNSAVED { self.save().await } else { Ok(()) }
    }

    /// Saves the progress, and the sums of hours that are whole if they are too many to keep with it.
    pub(crate) async fn save(&mut self) -> Result<(), ReconciliationError> {
        if self.pages_unsaved == 0 {
            return Ok(());
        }
        for hour in self.run.whole_hours() {
            if let Err(error) = self.services.store.save_statement_hour(&hour).await {
                note_unreadable(&mut self.run.findings, error)?;
            }
            self.run.forget_hour(hour.begins_at);
        }
        let saved = save_progress(self.services, Note::Current, self.run.clone(), self.version).await?;
        self.version = saved.version;
        self.pages_unsaved = 0;
        self.findings_saved = saved.value.findings;
        Ok(())
    }

    /// Saves which events were applied, if there are new ones.
    pub(crate) async fn save_applied(&mut self) -> Result<(), ReconciliationError> {
        if self.applied == self.applied_before.value {
            return Ok(());
        }
        self.applied.forget_before(self.run.listed_again_from().seconds());
        let (applied, version) = (self.applied.clone(), self.applied_before.version);
        self.applied_before = save_progress(self.services, Note::AppliedEvents, applied, version).await?;
        Ok(())
    }
}
