//! Stripe's form encoding: `a[b][c]=…`, arrays as `a[]=…` or `a[0]=…`.
//!
//! Endpoints take parameters by name. A parameter that is left over is unknown, and Stripe refuses it.

use crate::wire::errors::StripeError;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Far above the number of parameters of any call to Stripe.
const MAX_PARAMS: usize = 2_000;

/// The parameters of one call by their full bracketed name.
#[derive(Clone, Default)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    /// Parses the query and the body; the body wins where both have a name.
    pub(crate) fn parse(query: &str, body: &[u8]) -> Result<Self, StripeError> {
        let mut params = Self::default();
        params.read(query.as_bytes())?;
        params.read(body)?;
        Ok(params)
    }

    /// The parameters of a JSON object, whose objects' fields have bracketed names.
    pub(crate) fn from_json(fields: &Map<String, Value>) -> Self {
        let mut params = Self::default();
        for (name, value) in fields {
            params.insert_json(name.clone(), value);
        }
        params
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON has a text")]
    fn insert_json(&mut self, name: String, value: &Value) {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| self.insert_json(format!("{name}[{key}]"), value));
            }
            Value::String(text) => {
                self.0.insert(name, text.clone());
            }
            other => {
                self.0.insert(name, other.to_string());
            }
        }
    }

    fn read(&mut self, encoded: &[u8]) -> Result<(), StripeError> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(encoded)
            .map_err(|_| StripeError::invalid("Invalid request: the parameters could not be decoded."))?;
        if pairs.len() > MAX_PARAMS {
            return Err(StripeError::invalid("Invalid request: too many parameters."));
        }
        let mut next_index: BTreeMap<String, usize> = BTreeMap::new();
        for (mut name, value) in pairs {
            if let Some(array) = name.strip_suffix("[]") {
                let index = next_index.entry(array.to_owned()).or_default();
                name = format!("{array}[{index}]");
                *index += 1;
            }
            self.0.insert(name, value);
        }
        Ok(())
    }

    /// Takes a parameter; an empty value means to unset it.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a parameter that cannot be unset.
    pub(crate) fn string(&mut self, name: &str) -> Result<Option<String>, StripeError> {
        match self.take(name) {
            Some(value) if value.is_empty() => Err(StripeError::empty(name)),
            value => Ok(value),
        }
    }

    pub(crate) fn integer(&mut self, name: &str) -> Result<Option<i64>, StripeError> {
        let Some(value) = self.string(name)? else {
            return Ok(None);
        };
        value.parse().map(Some).map_err(|_| {
            StripeError::invalid(format!("Invalid integer: {value}"))
                .code("parameter_invalid_integer")
                .param(name)
        })
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Result<Option<bool>, StripeError> {
        match self.string(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(StripeError::invalid(format!("Invalid boolean: {other}")).param(name)),
        }
    }

    /// Takes a parameter that must be one of `allowed`.
    pub(crate) fn choice(
        &mut self,
        name: &str,
        allowed: &[&'static str],
    ) -> Result<Option<&'static str>, StripeError> {
        let Some(value) = self.string(name)? else {
            return Ok(None);
        };
        allowed.iter().find(|choice| **choice == value).copied().map(Some).ok_or_else(|| {
            StripeError::invalid(format!("Invalid {name}: must be one of {}", allowed.join(", "))).param(name)
        })
    }

    /// Takes `name[0]`, `name[1]`, … in the order of their indexes.
    pub(crate) fn array(&mut self, name: &str) -> Vec<String> {
        let mut items: Vec<(usize, String)> = Vec::new();
        self.take_under(name, |key, value| match key.parse() {
            Ok(index) => {
                items.push((index, value));
                None
            }
            Err(_) => Some(value),
        });
        items.sort_unstable_by_key(|(index, _)| *index);
        items.into_iter().map(|(_, value)| value).collect()
    }

    /// Takes `name[key]=value` for every key; `None` without any, and empty for `name=`.
    pub(crate) fn map(&mut self, name: &str) -> Option<BTreeMap<String, String>> {
        let unset = self.0.remove(name).is_some();
        let mut entries = BTreeMap::new();
        self.take_under(name, |key, value| {
            entries.insert(key.to_owned(), value);
            None
        });
        (unset || !entries.is_empty()).then_some(entries)
    }

    /// Whether `name` or anything under it was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
            || self.0.range(format!("{name}[")..).next().is_some_and(|(key, _)| under(key, name).is_some())
    }

    /// Drops parameters that affect nothing that the stand-in models.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.0.remove(*name);
            self.take_under(name, |_, _| None);
        }
    }

    /// Refuses the parameters that are left over.
    pub(crate) fn finish(self) -> Result<(), StripeError> {
        let Some(first) = self.0.keys().next() else {
            return Ok(());
        };
        let names = self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let plural = if self.0.len() == 1 { "" } else { "s" };
        Err(StripeError::invalid(format!("Received unknown parameter{plural}: {names}"))
            .code("parameter_unknown")
            .param(first))
    }

    /// Every name and value, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Removes each `name[key]` and passes `key` and its value to `keep`; a value that `keep` returns is put back.
    fn take_under(&mut self, name: &str, mut keep: impl FnMut(&str, String) -> Option<String>) {
        let keys: Vec<String> = self
            .0
            .range(format!("{name}[")..)
            .map(|(key, _)| key)
            .take_while(|key| under(key, name).is_some())
            .cloned()
            .collect();
        for key in keys {
            let Some(value) = self.0.remove(&key) else {
                continue;
            };
            let Some(rest) = under(&key, name) else {
                continue;
            };
            let rest = rest.strip_suffix(']').unwrap_or(rest).to_owned();
            if let Some(value) = keep(&rest, value) {
                self.0.insert(key, value);
            }
        }
    }
}

fn under<'k>(key: &'k str, name: &str) -> Option<&'k str> {
    key.strip_prefix(name)?.strip_prefix('[')
}
