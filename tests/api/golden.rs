//! What the service answers, tells, asks and logs is as its golden files say (`tests/golden/README.md`).

mod answers;
mod events;
mod items;
mod logs;
mod main_paths;
mod problems;
mod stripe_requests;

use black_box::{Answer, App, Goldens, placeholders};
use payments_services::Metric;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Headers that are not the function's: of the connection, and of the gateway, with its id of the request.
const OF_OTHERS: [&str; 5] = ["apigw-requestid", "connection", "content-length", "date", "x-request-id"];

#[test]
fn metrics_have_the_names_that_they_had() {
    let names: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
    let mut goldens = Goldens::of("metrics");
    goldens.golden("names", &names.into());
    goldens.hold();
}

/// Answers that are golden, each under a name of its own: `getPayment`, and with what is special, `getPayment.creator`.
struct Answers {
    goldens: Goldens,
    given: BTreeMap<String, Answer>,
}

impl Answers {
    fn of(folder: &str) -> Self {
        Self { goldens: Goldens::of(folder), given: BTreeMap::new() }
    }

    fn golden(&mut self, app: &App, name: &str, answer: Answer) {
        let mut headers = answer.headers.clone();
        headers.retain(|name, _| !OF_OTHERS.contains(&name.as_str()));
        let shown = json!({
            "request": answer.request, "status": answer.status, "headers": headers, "body": answer.body,
        });
        self.goldens.golden(name, &without_what_varies(app, &shown));
        self.given.insert(name.to_owned(), answer);
    }
}

/// A name without what is special.
fn subject(name: &str) -> &str {
    name.split_once('.').map_or(name, |(subject, _)| subject)
}

fn without_what_varies(app: &App, value: &Value) -> Value {
    let endpoints = app.stack.endpoints();
    placeholders(value, &[(endpoints.api.as_str(), "api"), (endpoints.stripe.as_str(), "stripe")])
}
