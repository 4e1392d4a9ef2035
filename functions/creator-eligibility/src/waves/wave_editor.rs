//! A wave while an operator works on it: as it was last read or written, and what is written next.

use payments::{
    AuditedBy, CreatorId, ListChange, Reason, Receiver, Rollout, WAVES_MAX, Wave, WaveDetails,
    WaveDifference, WaveEdit, WaveName,
};
use payments_http::{Caller, Problem, StatusCode};
use payments_services::Services;
use payments_store::{Backoff, LIST_CHUNK, ListedReceiver, Saved};

pub(super) struct WaveEditor<'a> {
    services: &'a Services,
    caller: &'a Caller,
    reason: &'a Reason,
    name: &'a WaveName,
    /// The version that the operator demands, before the first write.
    expected: Option<u64>,
    /// The tries that are left, since the last write.
    backoff: Backoff,
    pub(super) rollout: Rollout,
    pub(super) details: Option<WaveDetails>,
}

impl<'a> WaveEditor<'a> {
    /// Reads the wave.
    ///
    /// # Errors
    /// 412, when it does not have the expected version; 0 is that of a wave which is not there yet.
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

    /// The details as the next write leaves them.
    pub(super) fn next_details(&self) -> WaveDetails {
        let new = || WaveDetails::new(self.name.clone(), self.services.clock.now(), self.caller.user.clone());
        self.details.clone().unwrap_or_else(new).changed()
    }

    /// Whether the wave takes a change as it is now.
    ///
    /// # Errors
    /// 409, when it is rolled back and more is asked than to take creators off its lists, or when it would be one wave
    /// too many.
    pub(super) fn admits(&self, edit: &WaveEdit) -> Result<(), Problem> {
        if self.is_rolled_back() {
            return if edit.only_removes() { Ok(()) } else { Err(rolled_back()) };
        }
        let is_new = self.rule().is_none();
        if is_new && self.rollout.waves.len() >= WAVES_MAX { Err(too_many_waves()) } else { Ok(()) }
    }

    /// The rollout after a change.
    fn edited(&self, edit: &WaveEdit) -> Rollout {
        let rule = self.rule().cloned().unwrap_or_else(|| Wave::new(self.name.clone())).changed(edit.rule);
        if self.is_rolled_back() || self.rule() == Some(&rule) {
            self.rollout.clone()
        } else {
            self.rollout.with_wave(rule)
        }
    }

    /// What a change comes to for the receivers that it names.
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

    /// Writes a rule in place of the one that is there, unless nothing changes. `of` is asked again when somebody else
    /// wrote first.
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

    /// Writes a rollout and the wave's details; false when somebody else wrote first, and all is read anew.
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

    /// Writes the receivers that change, as many at once as a transaction takes. Whoever is listed already is not
    /// written again, so that repeating a request finishes it.
    pub(super) async fn write_lists(
        &mut self,
        edit: &WaveEdit,
        receivers: Vec<Receiver>,
    ) -> Result<(), Problem> {
        let changes = |receiver: &Receiver| self.listed(edit, receiver).is_some();
        let receivers: Vec<Receiver> = receivers.into_iter().filter(changes).collect();
        for chunk in receivers.chunks(LIST_CHUNK) {
            let mut chunk = chunk.to_vec();
            while !self.write_chunk(edit, &chunk).await? {
                let creators: Vec<CreatorId> =
                    chunk.iter().map(|receiver| receiver.creator.clone()).collect();
                let read =
                    self.services.store.receivers(&creators, self.services.config.default_currency).await;
                chunk = read?;
            }
        }
        Ok(())
    }

    /// False when somebody else wrote first.
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

    /// The change to one receiver with its record, if there is one.
    fn listed(&self, edit: &WaveEdit, before: &Receiver) -> Option<ListedReceiver> {
        let after = before.with_list_change(self.name, edit.of(&before.creator)?)?;
        let audit = self.audited().receiver_change(before, &after);
        Some(ListedReceiver { before: before.clone(), after, audit })
    }

    /// Reads the wave anew after somebody else wrote first: the wave, the rollout or one of the receivers. Who demands
    /// a version demands that nobody else writes the wave until all is done.
    async fn read_anew(&mut self) -> Result<(), Problem> {
        self.backoff.lost("change a wave").await?;
        let known = self.version();
        let read = self.services.store.rollout_and_wave(self.name).await;
        (self.rollout, self.details) = read?;
        let is_other = self.expected.is_some() && self.version() != known;
        if is_other { Err(Problem::precondition_failed()) } else { Ok(()) }
    }
}

pub(super) fn rolled_back() -> Problem {
    let detail = "The wave is rolled back for good. Open another one, under another name; all that this one still \
                  takes is to remove creators.";
    Problem::new(StatusCode::CONFLICT, "wave_rolled_back", "The wave is rolled back", detail)
}

fn too_many_waves() -> Problem {
    let detail = format!("There can be {WAVES_MAX} waves that are not rolled back. Roll one back first.");
    Problem::new(StatusCode::CONFLICT, "too_many_waves", "Too many waves", detail)
        .limit(i64::try_from(WAVES_MAX).unwrap_or(i64::MAX))
}
