//! Lists are retrieved one page at a time. An object that cannot be parsed does not hide the others.

use crate::call::Call;
use crate::{Claim, Session, StripeError, UnreadableJson};
use payments::{CreatedRange, PageEnd};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use stripe_types::{RangeBoundsTs, RangeQueryTs};

/// The most objects on a page, which is Stripe's own limit.
pub(crate) const PAGE_MAX: i64 = 100;

/// The time in which the objects of a list were created, by Stripe's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first second, since the epoch.
    pub from_s: i64,
    /// The first second after the window; none leaves the end open.
    pub until_s: Option<i64>,
}

impl From<CreatedRange> for Window {
    fn from(range: CreatedRange) -> Self {
        Self { from_s: range.from_s, until_s: Some(range.until_s) }
    }
}

impl From<Window> for RangeQueryTs {
    fn from(window: Window) -> Self {
        Self::Bounds(RangeBoundsTs {
            gte: Some(window.from_s),
            lt: window.until_s,
            ..RangeBoundsTs::default()
        })
    }
}

/// A page of a list, newest first.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub unreadable: Vec<UnreadableObject>,
    /// What the next page is asked for with: in v1 the id after which it begins, in v2 its query. None on the last page.
    pub next: Option<String>,
    /// When the last object was created, in seconds since the epoch, where v1 says so.
    pub reached_s: Option<i64>,
}

impl<T> Page<T> {
    /// Where the page ends, if more objects follow.
    #[must_use]
    pub fn end(&self) -> Option<PageEnd> {
        self.next.clone().map(|id| PageEnd { id, created_s: self.reached_s })
    }

    pub(crate) fn map<U>(self, change: impl Fn(T) -> U) -> Page<U> {
        let data = self.data.into_iter().map(change).collect();
        Page { data, unreadable: self.unreadable, next: self.next, reached_s: self.reached_s }
    }
}

/// An object of a list cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableObject {
    pub id: String,
    pub claim: Claim,
    /// The position is counted within the object.
    pub why: UnreadableJson,
}

impl UnreadableObject {
    pub(crate) fn new(id: String, json: &RawValue, error: &serde_json::Error) -> Self {
        Self { id, claim: claim_of(json.get()), why: UnreadableJson::from(error) }
    }
}

/// An object's JSON as sent, with its id and its time.
pub(crate) struct Listed {
    pub(crate) id: String,
    /// In seconds since the epoch.
    pub(crate) created_s: Option<i64>,
    pub(crate) json: Box<RawValue>,
}

pub(crate) fn identified(json: &RawValue) -> serde_json::Result<Identified> {
    serde_json::from_str(json.get())
}

#[derive(Deserialize)]
struct RawPage {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    has_more: bool,
}

/// What every object has, whatever else it is.
#[derive(Deserialize)]
pub(crate) struct Identified {
    pub(crate) id: String,
    #[serde(default)]
    created: Value,
}

impl Session {
    /// Retrieves a page and parses each object on its own.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        request: impl Into<Call>,
    ) -> Result<Page<T>, StripeError> {
        self.page_of(request, |listed| serde_json::from_str(listed.json.get())).await
    }

    /// Retrieves a page and parses each object with `read`.
    pub(crate) async fn page_of<T>(
        &self,
        request: impl Into<Call>,
        read: impl Fn(&Listed) -> serde_json::Result<T>,
    ) -> Result<Page<T>, StripeError> {
        let raw: RawPage = self.call(request.into(), None).await?;
        let mut page = Page { data: Vec::new(), unreadable: Vec::new(), next: None, reached_s: None };
        for json in raw.data {
            // The next page cannot be requested without an id, so the whole page fails.
            let Identified { id, created } =
                identified(&json).map_err(|error| StripeError::Unreadable(UnreadableJson::from(&error)))?;
            page.next = raw.has_more.then(|| id.clone());
            page.reached_s = created.as_i64();
            let listed = Listed { id, created_s: page.reached_s, json };
            match read(&listed) {
                Ok(object) => page.data.push(object),
                Err(error) => page.unreadable.push(UnreadableObject::new(listed.id, &listed.json, &error)),
            }
        }
        Ok(page)
    }
}

/// A balance transaction is whose its source is.
fn claim_of(json: &str) -> Claim {
    let object: Value = serde_json::from_str(json).unwrap_or_default();
    let source = object.get("source").filter(|source| source.is_object());
    Claim::of(source.unwrap_or(&object))
}

/// Builds a list request for the page after an object, or for the first page.
macro_rules! page_after {
    ($request:expr, $after:expr) => {{
        let request = $request.limit($crate::list_pages::PAGE_MAX);
        match $after {
            Some(id) => request.starting_after(id).build(),
            None => request.build(),
        }
    }};
}
pub(crate) use page_after;
