//! The quarantine, which parks events once, lists them by day, finds them by name and marks them when they are
//! redriven.

mod parked_event;

pub use parked_event::{Parked, ParkedEvent, ParkedSummary, RedriveOutcome, Redriven};

use crate::{
    Page, ParkedId, Saved, Store, StoreError, Stored,
    backoff::Backoff,
    item::{kind, read},
    keys::{Item, Key, PARKED_EVENT, parked_partition},
    transaction::Condition,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
pub(crate) use parked_event::read_parked;
use parked_event::{KEPT_DAYS, parked_day_item, parked_item, read_summary};
use payments::Timestamp;

const PARK: &str = "park an event";
const READ: &str = "read parked events";
const MARK: &str = "mark an event as redriven";
/// The tries of parking an event that another writer parks or redrives, or that expires, at the same time.
const TRIES: u32 = 6;
const SUMMARY: &str = "PK, SK, event_id, event_type, reason, received_at, body_bytes, redriven";

impl Store {
    /// Parks an event for 90 days. A parked event stays unchanged; a redriven one becomes open again with the new
    /// reason.
    ///
    /// # Errors
    /// [`StoreError`]; parking the event again is safe.
    pub async fn park(&self, event: &ParkedEvent) -> Result<(), StoreError> {
        let new = Stored { value: Parked::new(event), version: 1 };
        let mut backoff = Backoff::tries(TRIES);
        loop {
            if self.park_new(&new, || Condition::Absent).await? {
                return Ok(());
            }
            let done = match self.parked_event(&new.value.summary.id, event.received_at).await? {
                Some(there) => self.reopen(there, &new.value).await?,
                // The event's item has expired, but the item with its day has not.
                None => self.park_new(&new, || Condition::None).await?,
            };
            if done {
                return Ok(());
            }
            backoff.lost(PARK).await?;
        }
    }

    /// Parks an event and returns whether the condition held.
    async fn park_new(
        &self,
        new: &Stored<Parked>,
        condition: impl Fn() -> Condition,
    ) -> Result<bool, StoreError> {
        let actions = vec![
            self.put(parked_item(new)?, condition())?,
            self.put(parked_day_item(&new.value), condition())?,
        ];
        Ok(self.write_all(PARK, actions).await?.is_empty())
    }

    /// Opens a redriven event again and returns whether it is open afterwards.
    async fn reopen(&self, there: Stored<Parked>, again: &Parked) -> Result<bool, StoreError> {
        if there.value.summary.redriven.is_none() {
            return Ok(true);
        }
        let Stored { mut value, version } = there;
        value.summary.redriven = None;
        value.summary.reason.clone_from(&again.summary.reason);
        Ok(matches!(self.save_parked(PARK, value, version).await?, Saved::Done { .. }))
    }

    /// Marks an event as redriven; an event with the mark is not written again.
    ///
    /// # Errors
    /// [`StoreError`]; marking the event again is safe.
    pub async fn mark_redriven(
        &self,
        parked: &Stored<Parked>,
        at: Timestamp,
        outcome: RedriveOutcome,
    ) -> Result<Saved, StoreError> {
        let Stored { value, version } = parked;
        if value.summary.redriven.is_some() {
            return Ok(Saved::Done { version: *version });
        }
        let mut value = value.clone();
        value.summary.redriven = Some(Redriven { at, outcome });
        self.save_parked(MARK, value, *version).await
    }

    async fn save_parked(
        &self,
        operation: &'static str,
        parked: Parked,
        version: u64,
    ) -> Result<Saved, StoreError> {
        let condition = if version == 0 { Condition::Unversioned } else { Condition::Version(version) };
        let item = parked_item(&Stored { value: parked, version: version + 1 })?;
        self.save(operation, item, condition, version + 1).await
    }

    /// Finds a parked event by its name, whatever its day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn parked_event(
        &self,
        id: &ParkedId,
        now: Timestamp,
    ) -> Result<Option<Stored<Parked>>, StoreError> {
        let days = match self.find_only(Key::parked_day(id)).await? {
            Some(mut item) => vec![read(&mut item, kind::PARKED_DAY, "day")?],
            // The event was parked before its day was stored, so it may be on any day.
            None => days(now).collect(),
        };
        let mut found = self.find(days.iter().map(|day| Key::parked(day, id))).await?;
        let there = days.into_iter().find_map(|day| Some((found.take(&Key::parked(&day, id))?, day)));
        there.map(|(item, day)| read_parked(day, item)).transpose()
    }

    /// Lists up to `limit` (at least 1) parked events after `cursor`, newest day first. Each day costs a request, so an empty list
    /// costs 92, a millisecond or two each. A page can still be short: when it ends with the last event of a day, nobody has
    /// looked whether there are earlier ones.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub async fn parked(
        &self,
        now: Timestamp,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<ParkedSummary>, StoreError> {
        let limit = usize::from(limit.max(1));
        let mut place =
            cursor.map(|cursor| Place::read(cursor, now)).transpose()?.or_else(|| Place::first(now));
        let (mut items, mut unreadable) = (Vec::new(), 0);
        while let Some(here) = place.take_if(|_| items.len() < limit) {
            let (mut found, behind) = self.parked_on(&here, limit - items.len()).await?;
            for item in &mut found {
                match read_summary(item) {
                    Ok(summary) => items.push(summary),
                    Err(_) => unreadable += 1,
                }
            }
            place = match behind {
                Some(behind) => Some(Place { behind: Some(behind), ..here }),
                None => days(now).find(|day| *day < here.day).map(|day| Place { day, behind: None }),
            };
        }
        Ok(Page { items, next_cursor: place.map(|place| place.cursor()), unreadable })
    }

    /// Reads some events of one day without their bodies. Also returns the name to continue after, if the day may have
    /// more.
    async fn parked_on(
        &self,
        place: &Place,
        limit: usize,
    ) -> Result<(Vec<Item>, Option<ParkedId>), StoreError> {
        let start = place.behind.as_ref().map(|behind| Key::parked(&place.day, behind).attributes());
        let query = self
            .query_partition(parked_partition(&place.day))
            .projection_expression(SUMMARY)
            .set_exclusive_start_key(start)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let answer = Box::pin(query.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let name = |key: &Item| ParkedId::parse(Key::of(key)?.sk.strip_prefix(PARKED_EVENT)?).ok();
        let behind = answer
            .last_evaluated_key
            .map(|key| name(&key).ok_or(StoreError::corrupt(kind::PARKED_EVENT, "event_id")));
        Ok((answer.items.unwrap_or_default(), behind.transpose()?))
    }
}

/// Returns the days that may have events, newest first. It adds one day because TTL deletes late.
fn days(now: Timestamp) -> impl Iterator<Item = String> {
    (0..=KEPT_DAYS + 1).map(move |back| now.plus_seconds(-back * 86_400).date())
}

/// A position in the list.
struct Place {
    day: String,
    /// The last name of this day in the previous page.
    behind: Option<ParkedId>,
}

impl Place {
    fn first(now: Timestamp) -> Option<Self> {
        days(now).next().map(|day| Self { day, behind: None })
    }

    fn cursor(&self) -> String {
        let behind = self.behind.as_ref().map(ToString::to_string).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(format!("{} {behind}", self.day))
    }

    /// Reads a cursor and accepts only days of the list and valid names.
    fn read(cursor: &str, now: Timestamp) -> Result<Self, StoreError> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
            let (day, behind) = text.split_once(' ')?;
            let behind = if behind.is_empty() { None } else { Some(ParkedId::parse(behind).ok()?) };
            days(now).any(|known| known == day).then(|| Self { day: day.to_owned(), behind })
        };
        read().ok_or(StoreError::InvalidCursor)
    }
}
