//! Pages of v2, newest first: the address of the next page takes the place of a cursor (docs.stripe.com/api-v2-overview).

use crate::operations::listing;
use crate::operations::v2::body::invalid;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Bound;

const AFTER: &str = "page_after_";

const BEFORE: &str = "page_before_";

/// The page that a call asks for.
pub(crate) struct Pages {
    /// Path and query of the list, without the page.
    url: String,
    limit: usize,
    token: Option<String>,
}

impl Pages {
    /// Takes `limit` and `page`. The addresses of other pages repeat the rest of the query.
    pub(crate) fn take(path: &str, query: &mut Params) -> Result<Self, StripeError> {
        let token = query.string("page")?;
        let pairs: Vec<(&str, &str)> = query.iter().collect();
        let rest = serde_urlencoded::to_string(pairs).unwrap_or_default();
        let url = if rest.is_empty() { format!("{path}?") } else { format!("{path}?{rest}&") };
        let limit = listing::limit(query)?;
        Ok(Self { url, limit, token })
    }

    pub(crate) fn page<T>(
        &self,
        rows: &BTreeMap<String, T>,
        wanted: impl Fn(&T) -> bool,
        json: impl Fn(&T) -> Value,
    ) -> Result<Value, StripeError> {
        let bounds = |token: &str| -> Result<(Bound<String>, Bound<String>, bool), StripeError> {
            let unknown = || invalid(format!("Invalid page: {token}")).param("page");
            if let Some(id) = token.strip_prefix(AFTER) {
                return Ok((Bound::Unbounded, Bound::Excluded(id.to_owned()), false));
            }
            let id = token.strip_prefix(BEFORE).ok_or_else(unknown)?;
            Ok((Bound::Excluded(id.to_owned()), Bound::Unbounded, true))
        };
        let (from, to, oldest_first) =
            self.token.as_deref().map_or(Ok((Bound::Unbounded, Bound::Unbounded, false)), bounds)?;
        let range = rows.range((from, to)).filter(|(_, row)| wanted(row));
        let at_most = self.limit + 1;
        let mut found: Vec<(&String, &T)> =
            if oldest_first { range.take(at_most).collect() } else { range.rev().take(at_most).collect() };
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        if oldest_first {
            found.reverse();
        }
        let at = |prefix: &str, id: Option<&(&String, &T)>| {
            id.map(|(id, _)| format!("{}page={prefix}{id}", self.url))
        };
        let next = if has_more || oldest_first { at(AFTER, found.last()) } else { None };
        let is_first = self.token.is_none() || (oldest_first && !has_more);
        let previous = if is_first { None } else { at(BEFORE, found.first()) };
        let data: Vec<Value> = found.iter().map(|(_, row)| json(row)).collect();
        Ok(json!({"data": data, "next_page_url": next, "previous_page_url": previous}))
    }
}
