//! Changes of an event: of its structure, ids, amounts, statuses, currencies and prefixes.

use super::corpus::{Corpus, Origin};
use fastrand::Rng;
use serde_json::{Number, Value, json};

/// What was done to an event.
#[derive(Debug)]
pub(super) struct Mutation {
    pub(super) origin: Origin,
    /// Whether a change touched what says whose the event is, which may then be nobody's.
    pub(super) hides_whose_it_is: bool,
    /// Whether the event of others names something of ours now.
    pub(super) names_ours: bool,
    /// Whether nothing in the event says whose it is.
    pub(super) says_nothing: bool,
    changes: Vec<String>,
    cut: Option<usize>,
}

impl Mutation {
    /// The body as delivered.
    pub(super) fn body(&self, event: &Value) -> Vec<u8> {
        let mut body = event.to_string().into_bytes();
        if let Some(at) = self.cut {
            body.truncate(at % body.len().max(1));
        }
        body
    }
}

/// What says whose an event is, and which of its parts are looked at. A change of any of them, or of what it is in, counts.
const OWNERSHIP: [&str; 11] = [
    "/type",
    "/livemode",
    "/account",
    "/object",
    "/related_object/id",
    "/data/object/object",
    "/data/object/id",
    "/data/object/metadata/payment_id",
    "/data/object/metadata/deployment",
    "/data/object/payment_intent",
    "/data/object/transfer_group",
];
const CURRENCIES: [&str; 7] = ["usd", "USD", "eur", "jpy", "bgn", "xxx", ""];
const STATUSES: [&str; 14] = [
    "succeeded",
    "failed",
    "pending",
    "canceled",
    "requires_action",
    "processing",
    "requires_capture",
    "won",
    "lost",
    "needs_response",
    "warning_closed",
    "teleported",
    "",
    "requires_payment_method",
];
const PREFIXES: [&str; 10] = ["pi_", "ch_", "py_", "re_", "tr_", "trr_", "txn_", "dp_", "acct_", "x"];

/// The next event: a true one, or one with up to three changes, under a new id.
pub(super) fn next(corpus: &Corpus, random: &mut Rng, number: u64) -> (Value, Mutation) {
    let (origin, event) = &corpus.events[random.usize(..corpus.events.len())];
    let mut event = event.clone();
    event["id"] = json!(format!("evt_fuzz{number}"));
    let mut mutation = Mutation {
        origin: *origin,
        hides_whose_it_is: false,
        names_ours: false,
        says_nothing: false,
        changes: Vec::new(),
        cut: None,
    };
    for _ in 0..random.usize(..4) {
        change(&mut event, corpus, random, &mut mutation);
    }
    if random.u32(..200) == 0 {
        mutation.cut = Some(random.usize(..));
        mutation.hides_whose_it_is = true;
    }
    mutation.names_ours = corpus.names_ours(&event);
    mutation.says_nothing = mutation.cut.is_some() || says_nothing(&event);
    (event, mutation)
}

/// Whether an event has neither an object nor the account that it is of.
fn says_nothing(event: &Value) -> bool {
    event["data"].get("object").is_none() && !event["account"].is_string()
}

fn change(event: &mut Value, corpus: &Corpus, random: &mut Rng, mutation: &mut Mutation) {
    let mut paths = Vec::new();
    // Mostly within the object.
    let is_thin = event.get("related_object").is_some();
    let start = if is_thin || random.u32(..8) == 0 { String::new() } else { "/data/object".to_owned() };
    if let Some(value) = event.pointer(&start) {
        list(value, &start, &mut paths);
    }
    if paths.is_empty() {
        return;
    }
    let path = paths.swap_remove(random.usize(..paths.len()));
    let is_within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    mutation.hides_whose_it_is |= OWNERSHIP.iter().any(|at| is_within(at, &path) || is_within(&path, at));
    if random.u32(..10) == 0 {
        remove(event, &path);
        mutation.changes.push(format!("without {path}"));
        return;
    }
    let Some(value) = event.pointer_mut(&path) else { return };
    *value = changed(&path, value, corpus, random);
    mutation.changes.push(format!("{path}: {value}").chars().take(120).collect());
}

fn list(value: &Value, path: &str, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, below) in fields {
                let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                list(below, &path, paths);
                paths.push(path);
            }
        }
        Value::Array(items) => {
            for (at, below) in items.iter().enumerate() {
                let path = format!("{path}/{at}");
                list(below, &path, paths);
                paths.push(path);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn remove(event: &mut Value, path: &str) {
    let (parent, name) = path.rsplit_once('/').unwrap_or_default();
    match event.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(name)),
        Some(Value::Array(items)) => drop(name.parse::<usize>().map(|at| items.remove(at))),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
}

fn changed(path: &str, value: &Value, corpus: &Corpus, random: &mut Rng) -> Value {
    if random.u32(..5) == 0 {
        return another_shape(value, random);
    }
    match value {
        Value::Number(number) => amount(number, random),
        Value::String(_) if path.ends_with("currency") => json!(pick(&CURRENCIES, random)),
        Value::String(_) if path.ends_with("status") => json!(pick(&STATUSES, random)),
        Value::String(text) if path.ends_with("/payment_id") || text.starts_with("pay_") => {
            json!(corpus.payments[random.usize(..corpus.payments.len())])
        }
        Value::String(text) => json!(another_text(text, path, corpus, random)),
        Value::Bool(flag) => json!(!flag),
        Value::Array(items) => {
            let mut twice = items.clone();
            twice.extend(items.iter().cloned());
            Value::Array(twice)
        }
        Value::Null | Value::Object(_) => another_shape(value, random),
    }
}

fn another_shape(value: &Value, random: &mut Rng) -> Value {
    let shapes = [
        Value::Null,
        json!([]),
        json!({}),
        json!(true),
        json!(-7),
        json!("text"),
        json!([value]),
        json!({"id": value}),
        json!("x".repeat(10_000)),
        json!("\u{202e}\u{0}"),
    ];
    shapes[random.usize(..shapes.len())].clone()
}

fn amount(number: &Number, random: &mut Rng) -> Value {
    let known = number.as_i64().unwrap_or_default();
    let amounts = [
        0,
        -1,
        1,
        known.saturating_add(1),
        known.saturating_sub(1),
        known.saturating_mul(10),
        known.saturating_neg(),
        i64::MAX,
        i64::MIN,
        random.i64(-2_000..2_000),
    ];
    match random.usize(..12) {
        10 => json!(1.5),
        11 => json!(1e30),
        at => json!(amounts[at]),
    }
}

/// Another id of the same kind, from anywhere in the corpus, or one of another kind.
fn another_text(text: &str, path: &str, corpus: &Corpus, random: &mut Rng) -> String {
    match random.u32(..4) {
        0 => format!("{}{}", pick(&PREFIXES, random), random.u32(..)),
        1 => format!("{text}x"),
        2 => {
            let (_, event) = &corpus.events[random.usize(..corpus.events.len())];
            let other = event.pointer(path).and_then(Value::as_str);
            other.unwrap_or(text).to_owned()
        }
        _ => {
            let prefix = text.split('_').next().unwrap_or_default();
            format!("{prefix}_{}", random.u32(..8))
        }
    }
}

fn pick<'a>(words: &[&'a str], random: &mut Rng) -> &'a str {
    words[random.usize(..words.len())]
}
