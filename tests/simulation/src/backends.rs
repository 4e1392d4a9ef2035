//! What is client our functions and keeps state: Stripe's books and the table.

use crate::actors::ISA;
use crate::client::secret_call;
use crate::clock::EPOCH_MS;
use crate::currency::Currency;
use crate::gateway::template;
use crate::network::{Reply, Request};
use crate::table::{Answer, Table};
use http::Method;
use serde_json::{Value, json};
use stripe_stand_in::{Call, Delivered, Platform, Region, Sandbox, Settings};

/// The Stripe stand-in and the table, for one simulation.
#[derive(Clone)]
pub(crate) struct Backends {
    pub(crate) stripe: Sandbox,
    pub(crate) table: Table,
    /// The kind of platform that our configuration expects.
    pub(crate) platform: Platform,
}

impl Backends {
    pub(crate) fn new(platform: Platform, currency: Currency) -> Self {
        let (base_url, settlement_currencies) = (String::new(), vec![currency.balance.to_owned()]);
        let settings = Settings { base_url, platform, settlement_currencies, ..Settings::default() };
        let (stripe, table) = (Sandbox::new(settings), Table::new(&template().table.create_table));
        Self { stripe, table, platform }
    }

    /// Stripe's answer to a call, which takes effect.
    pub(crate) fn call_stripe(&mut self, call: &Call, now_ms: i64) -> Reply {
        let reply = self.stripe.handle(call, now_ms);
        Reply::Http { status: reply.status, headers: reply.headers, body: reply.body }
    }

    /// The answer to a request to Stripe or to the table, which takes effect.
    ///
    /// # Panics
    /// When it is to a function: functions do not call each other.
    pub(crate) fn answer(&mut self, request: &Request, now_ms: i64) -> Reply {
        match request {
            Request::Stripe(call) => self.call_stripe(call, now_ms),
            Request::Table(operation, request) => {
                let answer = self.table.handle(operation, request, now_ms);
                Reply::json(answer.status, &answer.body)
            }
            Request::Function(invocation) => panic!("{} is called by a function", invocation.route),
        }
    }

    /// The answer to a `BatchGetItem` of which only the first half of the keys is processed.
    pub(crate) fn answer_half_a_batch(&mut self, request: &Value, now_ms: i64) -> Reply {
        let table = template().table.name.as_str();
        let mut now = request.clone();
        let keys = now["RequestItems"][table]["Keys"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let (done, left) = keys.split_at(keys.len() / 2);
        let left = json!({table: {"Keys": left, "ConsistentRead": true}});
        let mut answer = match done.is_empty() {
            true => Answer { status: 200, body: json!({"Responses": {}}) },
            false => {
                now["RequestItems"][table]["Keys"] = done.into();
                self.table.handle("BatchGetItem", &now, now_ms)
            }
        };
        answer.body["UnprocessedKeys"] = left;
        Reply::json(answer.status, &answer.body)
    }

    /// A connected account that may receive.
    pub(crate) fn open_account(&mut self, creator: &str, currency: Currency) -> String {
        let (country, currency) = if creator == ISA { ("DE", "isk") } else { ("US", currency.code) };
        let body = format!("country={country}&currency={currency}&metadata[creator_id]={creator}");
        let call = secret_call(Method::POST, "/stand_in/accounts", "", &body);
        let account = self.call_stripe(&call, EPOCH_MS).body();
        account["id"].as_str().expect("an account").to_owned()
    }

    /// Stripe lets the platform create no accounts for a while.
    pub(crate) fn block_accounts(&mut self) {
        self.stripe.set_platform(Platform::Inactive);
    }

    /// The platform's region is not the one that our configuration names: funds stay within it.
    pub(crate) fn leave_region(&mut self) {
        self.stripe.set_region("JP".parse().unwrap_or_default());
    }

    /// The platform is as our configuration expects.
    pub(crate) fn mend_set_up(&mut self) {
        self.stripe.set_platform(self.platform);
        self.stripe.set_region(Region::default());
    }

    /// Discards what happened so far: its events are not delivered and its writes are not checked.
    pub(crate) fn discard_history(&mut self) {
        for attempt in self.stripe.due_deliveries(EPOCH_MS, usize::MAX) {
            self.stripe.delivered(&attempt, Delivered::Yes, EPOCH_MS);
        }
        self.table.take_changed();
    }

    /// Every event that Stripe sent or should have sent: snapshots, then thin events; each oldest first.
    pub(crate) fn events(&mut self, now_ms: i64) -> Vec<Value> {
        let mut thin = Vec::new();
        let mut page = "/v2/core/events?limit=100".to_owned();
        while let Some((path, query)) = page.clone().split_once('?') {
            let mut call = secret_call(Method::GET, path, query, "");
            call.stripe_version = Some("2026-09-30.endive".to_owned());
            let found = self.call_stripe(&call, now_ms).body();
            thin.extend(found["data"].as_array().cloned().unwrap_or_default());
            page = found["next_page_url"].as_str().unwrap_or_default().to_owned();
        }
        thin.reverse();
        [self.list("/stand_in/events", now_ms), thin].concat()
    }

    /// The platform's balance, available and pending; it settles in one currency.
    pub(crate) fn platform_balance(&mut self, now_ms: i64) -> i64 {
        let balance = self.call_stripe(&secret_call(Method::GET, "/v1/balance", "", ""), now_ms).body();
        let amount = |part: &str| balance[part][0]["amount"].as_i64().unwrap_or_default();
        amount("available") + amount("pending")
    }

    /// Every object of a list at Stripe, oldest first.
    pub(crate) fn list(&mut self, path: &str, now_ms: i64) -> Vec<Value> {
        let mut all = Vec::new();
        let mut query = "limit=100".to_owned();
        loop {
            let page = self.call_stripe(&secret_call(Method::GET, path, &query, ""), now_ms).body();
            let found = page["data"].as_array().cloned().unwrap_or_default();
            let last = found.last().and_then(|object| object["id"].as_str()).unwrap_or_default();
            query = format!("limit=100&starting_after={last}");
            all.extend(found);
            if page["has_more"] != true {
                all.reverse();
                return all;
            }
        }
    }
}

/// A request in a line of the trace.
pub(crate) fn describe(request: &Request) -> String {
    match request {
        Request::Stripe(call) => format!("Stripe {} {}", call.method, call.path),
        Request::Table(operation, request) => format!("DynamoDB {operation} {}", keys(request).join(" ")),
        Request::Function(invocation) => format!("API {} by {}", invocation.route, invocation.user()),
    }
}

/// The keys that an operation names, in order.
fn keys(request: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_keys(request, &mut found);
    found
}

#[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
fn collect_keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let (Some(pk), Some(sk)) = (fields.get("PK"), fields.get("SK")) {
                let text = |value: &Value| value["S"].as_str().unwrap_or_default().to_owned();
                found.push(format!("{}/{}", text(pk), text(sk)));
                return;
            }
            fields.values().for_each(|value| collect_keys(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_keys(value, found)),
        _ => {}
    }
}
