//! The wave that one request edits: as it was last read or written, and the next write to it.

use payments::{
    AuditedBy, CreatorId, ListChange, Reason, Receiver, Rollout, Wave, WaveDetails, WaveDifference, WaveEdit,
    WaveName,
};
use payments_http::{Caller, Problem};
use payments_services::Services;
use payments_store::{Backoff, ListedReceiver, RECEIVERS_PER_TRANSACTION, Saved};

pub(super) struct WaveEditor<'a> {
    services: &'a Services,
    caller: &'a Caller,
    reason: &'a Reason,
    name: &'a WaveName,
    /// From `If-Match`; checked at the start and after each lost race.
    expected: Option<u64>,
    /// The attempts left for the next write; renewed by each write that succeeds.
    backoff: Backoff,
    pub(super) rollout: Rollout,
    pub(super) details: Option<WaveDetails>,
}

impl<'a> WaveEditor<'a> {
    /// Reads the wave.
    ///
    /// # Errors
    /// 412, when the wave is not at the expected version; version 0 expects that there is no such wave yet.
    pub(super) async fn open(
        services: &'a Services,
        caller: &'a Caller,
        reason: &'a Reason,
        name: &'a WaveName,
        expected: Option<u64>,
    ) -> Result<Self, Problem> {
        let (rollout, details) = services.store.rollout_and_wave(name).await?;
        let editor = Self {
            services,
            caller,
            reason,
            name,
            expected,
            backoff: Backoff::of_change(),
            rollout,
            details,
        };
        match expected {
            Some(version) if version != editor.version() => Err(Problem::precondition_failed()),
            Some(_) | None => Ok(editor),
        }
    }

    pub(super) fn version(&self) -> u64 {
        self.details.as_ref().map_or(0, |details| details.version)
    }

    pub(super) fn rule(&self) -> Option<&Wave> {
        self.rollout.wave(self.name)
    }

    pub(super) fn is_rolled_back(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.rolled_back.is_some())
    }

    /// Returns the details that the next write stores, with the version incremented.
    pub(super) fn next_details(&self) -> WaveDetails {
        let new = || WaveDetails::new(self.name.clone(), self.services.clock.now(), self.caller.user.clone());
        self.details.clone().unwrap_or_else(new).changed()
    }

    /// Returns the rollout after an edit; it stays the same if the rule does.
    fn edited(&self, edit: &WaveEdit) -> Rollout {
        let rule = self.rule().cloned().unwrap_or_else(|| Wave::new(self.name.clone())).changed(edit.rule);
        if self.is_rolled_back() || self.rule() == Some(&rule) {
            self.rollout.clone()
        } else {
            self.rollout.with_wave(rule)
        }
    }

    /// Returns what an edit changes for the receivers that it names.
    pub(super) fn difference(&self, edit: &WaveEdit, receivers: &[Receiver]) -> WaveDifference {
        let changed = receivers.iter().map(|before| {
            let after =
                edit.of(&before.creator).and_then(|change| before.with_list_change(self.name, change));
            (before.clone(), after.unwrap_or_else(|| before.clone()))
        });
        let changed: Vec<_> = changed.collect();
        let rollouts = (&self.rollout, &self.edited(edit));
        WaveDifference::between(
            self.name,
            rollouts,
            &changed,
            &self.services.config.policy,
            self.services.clock.now(),
        )
    }

    /// Writes the rule that `of` returns for the current one, unless nothing changes. After a lost race `of` is called
    /// again.
    pub(super) async fn write_rule(
        &mut self,
        edit: &WaveEdit,
        of: impl Fn(Option<&Wave>) -> Wave,
    ) -> Result<(), Problem> {
        loop {
            self.admits(edit)?;
            let rule = of(self.rule());
            if self.is_rolled_back() || (self.details.is_some() && self.rule() == Some(&rule)) {
                return Ok(());
            }
            if self.write(self.rollout.with_wave(rule), self.next_details()).await? {
                return Ok(());
            }
        }
    }

    /// Writes a rollout and the wave's details. Returns false after a lost race, with both read again.
    pub(super) async fn write(&mut self, after: Rollout, details: WaveDetails) -> Result<bool, Problem> {
        let by = self.audited();
        let audit = by.rule_change(self.name, self.rule(), after.wave(self.name));
        match self.services.store.change_rule(&self.rollout, &after, &details, &audit).await? {
            Saved::Done { .. } => {
                (self.rollout, self.details) = (after, Some(details));
                self.backoff = Backoff::of_change();
                Ok(true)
            }
            Saved::Raced => self.read_anew().await.map(|()| false),
        }
    }

    /// Writes the receivers that change, in as few transactions as possible. A receiver that already is as requested is
    /// not written again, so repeating a request completes it.
    pub(super) async fn write_lists(
        &mut self,
        edit: &WaveEdit,
        receivers: Vec<Receiver>,
    ) -> Result<(), Problem> {
        let changes = |receiver: &Receiver| self.listed(edit, receiver).is_some();
        let receivers: Vec<Receiver> = receivers.into_iter().filter(changes).collect();
        for chunk in receivers.chunks(RECEIVERS_PER_TRANSACTION) {
            let mut chunk = chunk.to_vec();
            while !self.write_chunk(edit, &chunk).await? {
                let creators: Vec<CreatorId> =
                    chunk.iter().map(|receiver| receiver.creator.clone()).collect();
                let read = self.services.store.receivers(&creators).await;
                chunk = read?;
            }
        }
        Ok(())
    }

    /// Writes one transaction. Returns false after a lost race.
    async fn write_chunk(&mut self, edit: &WaveEdit, chunk: &[Receiver]) -> Result<bool, Problem> {
        self.admits(edit)?;
        let receivers: Vec<_> = chunk.iter().filter_map(|receiver| self.listed(edit, receiver)).collect();
        if receivers.is_empty() {
            return Ok(true);
        }
        let named = receivers.iter().map(|listed| &listed.after.creator);
        let lists: Vec<(CreatorId, ListChange)> =
            named.filter_map(|creator| Some((creator.clone(), edit.of(creator)?))).collect();
        let details = self.next_details();
        let audit = self.audited().list_change(self.name, &lists);
        match self.services.store.change_lists(&details, &receivers, &audit).await? {
            Saved::Done { .. } => {
                self.details = Some(details);
                self.backoff = Backoff::of_change();
                Ok(true)
            }
            Saved::Raced => self.read_anew().await.map(|()| false),
        }
    }

    fn audited(&self) -> AuditedBy {
        self.services.audited(self.caller.user.clone(), self.reason.clone())
    }

    /// Returns the receiver before and after the edit with its audit entry; `None` if it does not change.
    fn listed(&self, edit: &WaveEdit, before: &Receiver) -> Option<ListedReceiver> {
        let after = before.with_list_change(self.name, edit.of(&before.creator)?)?;
        let audit = self.audited().receiver_change(before, &after);
        Some(ListedReceiver { before: before.clone(), after, audit })
    }

    /// Reads the wave again after a lost race over the wave, the rollout or a receiver. `If-Match` holds until the edit
    /// is complete: if someone else wrote the wave itself, the edit stops with 412.
    async fn read_anew(&mut self) -> Result<(), Problem> {
        self.backoff.lost("change a wave").await?;
        let known = self.version();
        let read = self.services.store.rollout_and_wave(self.name).await;
        (self.rollout, self.details) = read?;
        let is_other = self.expected.is_some() && self.version() != known;
        if is_other { Err(Problem::precondition_failed()) } else { Ok(()) }
    }
}
