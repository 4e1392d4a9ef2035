//! Replaces values that vary from run to run by placeholders that name their kind.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The prefixes of ids, ours and Stripe's.
const ID_PREFIXES: [&str; 23] = [
    "acct", "adr", "ch", "cus", "dp", "du", "evt", "fbk", "fr", "issfr", "pay", "pi", "pm", "po", "py",
    "pyr", "re", "req", "rfd", "tr", "trr", "txn", "we",
];
/// Fields whose texts are opaque to callers.
const OPAQUE_FIELDS: [&str; 2] = ["next_cursor", "quote"];
/// A run of this many hexadecimal digits is a hash or a random number.
const HEX_MIN: usize = 16;
/// A run of this many letters and digits is random.
const RANDOM_MIN: usize = 20;
/// A number of this size is a time: amounts are smaller.
const TIME_MIN: u64 = 1_000_000_000;
/// The digits of a time in milliseconds.
const TIME_DIGITS: usize = 13;

/// The value with its fields in order and its ids, times, tokens and addresses replaced. The same id has the same
/// number throughout: `<pay_1>`. `addresses` are replaced by their names.
#[must_use]
pub fn placeholders(value: &Value, addresses: &[(&str, &str)]) -> Value {
    Replacing { addresses, numbers: BTreeMap::new() }.value(value)
}

struct Replacing<'a> {
    addresses: &'a [(&'a str, &'a str)],
    /// The numbers of the ids so far, by prefix and id.
    numbers: BTreeMap<&'static str, Vec<String>>,
}

impl Replacing<'_> {
    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Number(number) => match number.as_u64() {
                Some(time) if time >= TIME_MIN => time_placeholder(time).into(),
                _ => value.clone(),
            },
            Value::String(text) => self.text(text).into(),
            Value::Array(values) => values.iter().map(|value| self.value(value)).collect(),
            Value::Object(fields) => self.fields(fields).into(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
    fn fields(&mut self, fields: &Map<String, Value>) -> Map<String, Value> {
        let in_order: BTreeMap<&String, &Value> = fields.iter().collect();
        let replaced = in_order.into_iter().map(|(name, value)| match value {
            Value::String(_) if OPAQUE_FIELDS.contains(&name.as_str()) => {
                (name.clone(), format!("<{name}>").into())
            }
            _ => (name.clone(), self.value(value)),
        });
        replaced.collect()
    }

    fn text(&mut self, text: &str) -> String {
        let mut left = self
            .addresses
            .iter()
            .fold(text.to_owned(), |text, (address, name)| text.replace(address, &format!("<{name}>")));
        let mut replaced = String::new();
        while let Some(first) = left.chars().next() {
            let (piece, placeholder) = match time_length(&left) {
                Some(length) => (length, "<time>".to_owned()),
                None if is_word(first) => {
                    let length = left.find(|c| !is_word(c)).unwrap_or(left.len());
                    (length, self.word(&left[..length]))
                }
                None => (first.len_utf8(), first.to_string()),
            };
            replaced.push_str(&placeholder);
            left.drain(..piece);
        }
        replaced
    }

    fn word(&mut self, word: &str) -> String {
        if let Some((intent, _)) = word.split_once("_secret_") {
            return format!("{}_secret_<secret>", self.word(intent));
        }
        if let Some(prefix) = id_prefix(word) {
            let known = self.numbers.entry(prefix).or_default();
            let place = known.iter().position(|id| id == word).unwrap_or_else(|| {
                known.push(word.to_owned());
                known.len() - 1
            });
            return format!("<{prefix}_{}>", place + 1);
        }
        // Random hex can be of digits alone.
        let is_short = word.len() <= TIME_DIGITS;
        if let Some(time) = word.parse().ok().filter(|time| *time >= TIME_MIN && is_short) {
            return time_placeholder(time);
        }
        let is_hex = word.len() >= HEX_MIN && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_random = word.len() >= RANDOM_MIN && !word.contains('_');
        if is_hex || is_random { "<random>".to_owned() } else { word.to_owned() }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// An id has a digit after its prefix; `pay_now` is not an id.
fn id_prefix(word: &str) -> Option<&'static str> {
    let (prefix, id) = word.split_once('_')?;
    let is_id = id.bytes().any(|byte| byte.is_ascii_digit());
    ID_PREFIXES.into_iter().find(|known| *known == prefix && is_id)
}

/// The length of the RFC 3339 time that a text begins with.
fn time_length(text: &str) -> Option<usize> {
    const FORM: &str = "dddd-dd-ddTdd:dd:dd.dddZ";
    let fits = |c: char, form: char| if form == 'd' { c.is_ascii_digit() } else { c == form };
    let begins = text.len() >= FORM.len() && text.chars().zip(FORM.chars()).all(|(c, form)| fits(c, form));
    begins.then_some(FORM.len())
}

fn time_placeholder(time: u64) -> String {
    if time < TIME_MIN * 100 { "<seconds>" } else { "<milliseconds>" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_varies_is_replaced_and_the_rest_stays() {
        let value = json!({
            "payment_id": "pay_0123456789abcdef0123456789abcdef", "amount": 1_000, "card": "pm_card_visa",
            "key": "pay_0123456789abcdef0123456789abcdef/create", "client_secret": "pi_1A_secret_x9",
            "created_at": "2026-11-23T22:44:15.000Z", "created": 1_795_473_855, "quote": "ey.x", "none": null,
            "url": "http://127.0.0.1:4321/setup?from=acct_1B", "digest": "sha256:0123456789abcdef0123",
        });
        let expected = json!({
            "payment_id": "<pay_1>", "amount": 1_000, "card": "pm_card_visa", "key": "<pay_1>/create",
            "client_secret": "<pi_1>_secret_<secret>", "created_at": "<time>", "created": "<seconds>",
            "quote": "<quote>", "none": null, "url": "<stripe>/setup?from=<acct_1>", "digest": "sha256:<random>",
        });
        assert_eq!(placeholders(&value, &[("http://127.0.0.1:4321", "stripe")]), expected);
    }

    #[test]
    fn different_ids_are_told_apart() {
        assert_eq!(
            placeholders(&json!(["re_1", "re_2", "re_1"]), &[]),
            json!(["<re_1>", "<re_2>", "<re_1>"])
        );
    }
}
