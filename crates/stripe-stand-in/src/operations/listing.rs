//! Lists by cursor, newest first (docs.stripe.com/api/pagination).

use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Bound;

const DEFAULT_LIMIT: i64 = 10;

const MAX_LIMIT: i64 = 100;

enum Cursor {
    Newest,
    After(String),
    Before(String),
}

/// The parameters of a list: page size, cursor, and creation times.
pub(crate) struct Listing {
    limit: usize,
    cursor: Cursor,
    created: Vec<(Comparison, i64)>,
}

#[derive(Clone, Copy)]
enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

const CREATED: [(&str, Comparison); 5] = [
    ("created", Comparison::Equal),
    ("created[gt]", Comparison::Greater),
    ("created[gte]", Comparison::GreaterOrEqual),
    ("created[lt]", Comparison::Less),
    ("created[lte]", Comparison::LessOrEqual),
];

pub(crate) fn limit(params: &mut Params) -> Result<usize, StripeError> {
    let limit = params.integer("limit")?.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let bound = if limit < 1 { "greater than or equal to 1" } else { "less than or equal to 100" };
        return Err(StripeError::invalid(format!("This value must be {bound} (it currently is '{limit}')."))
            .code("parameter_invalid_integer")
            .param("limit"));
    }
    Ok(usize::try_from(limit).unwrap_or(1))
}

impl Listing {
    pub(crate) fn take(params: &mut Params) -> Result<Self, StripeError> {
        let limit = limit(params)?;
        let cursor = match (params.string("starting_after")?, params.string("ending_before")?) {
            (None, None) => Cursor::Newest,
            (Some(id), None) => Cursor::After(id),
            (None, Some(id)) => Cursor::Before(id),
            (Some(_), Some(_)) => {
                return Err(StripeError::invalid("You cannot pass both starting_after and ending_before."));
            }
        };
        let mut created = Vec::new();
        for (name, comparison) in CREATED {
            if let Some(seconds) = params.integer(name)? {
                created.push((comparison, seconds));
            }
        }
        Ok(Self { limit, cursor, created })
    }

    /// The cursor `starting_after`.
    pub(crate) fn starting_after(&self) -> Option<&str> {
        match &self.cursor {
            Cursor::After(id) => Some(id),
            Cursor::Newest | Cursor::Before(_) => None,
        }
    }

    fn includes_created(&self, created: i64) -> bool {
        self.created.iter().all(|&(comparison, bound)| match comparison {
            Comparison::Equal => created == bound,
            Comparison::Greater => created > bound,
            Comparison::GreaterOrEqual => created >= bound,
            Comparison::Less => created < bound,
            Comparison::LessOrEqual => created <= bound,
        })
    }

    /// The page of those `rows` that `wanted` accepts.
    ///
    /// # Errors
    /// The cursor names no row.
    pub(crate) fn page<T>(
        &self,
        url: &str,
        kind: &str,
        rows: &BTreeMap<String, T>,
        created: impl Fn(&T) -> i64,
        wanted: impl Fn(&T) -> bool,
        json: impl Fn(&T) -> Value,
    ) -> Result<Value, StripeError> {
        let accepts = |row: &T| self.includes_created(created(row)) && wanted(row);
        let at_most = self.limit + 1;
        let check_exists = |id: &String, param: &str| {
            if rows.contains_key(id) { Ok(()) } else { Err(StripeError::no_such_param(kind, id, param)) }
        };
        let mut found: Vec<&T> = match &self.cursor {
            Cursor::Newest => rows.values().rev().filter(|row| accepts(row)).take(at_most).collect(),
            Cursor::After(id) => {
                check_exists(id, "starting_after")?;
                let older = rows.range::<String, _>((Bound::Unbounded, Bound::Excluded(id)));
                older.rev().map(|(_, row)| row).filter(|row| accepts(row)).take(at_most).collect()
            }
            Cursor::Before(id) => {
                check_exists(id, "ending_before")?;
                let newer = rows.range::<String, _>((Bound::Excluded(id), Bound::Unbounded));
                newer.map(|(_, row)| row).filter(|row| accepts(row)).take(at_most).collect()
            }
        };
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        if matches!(self.cursor, Cursor::Before(_)) {
            found.reverse();
        }
        let data: Vec<Value> = found.into_iter().map(json).collect();
        Ok(json!({"object": "list", "url": url, "has_more": has_more, "data": data}))
    }
}
