//! Durations as metrics without a line of their own: the line that ends a request has them, and becomes one that
//! CloudWatch reads.

use crate::metrics::{Metric, NAMESPACE};
use crate::{Clock, SystemClock, environment};
use serde_json::{Value, json};
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The fields of lines that are durations in milliseconds.
const DURATIONS: [Metric; 2] = [Metric::StripeDuration, Metric::TableDuration];

/// Formats lines, and makes metrics of the durations in them.
pub(crate) struct WithDurations<F> {
    lines: F,
    dimensions: Option<Dimensions>,
}

/// Two, because each value of a dimension is a metric that is paid for.
pub(crate) struct Dimensions {
    table: String,
    function: String,
}

impl Dimensions {
    /// `None` outside Lambda, where metrics are not collected.
    pub(crate) fn from_environment() -> Option<Self> {
        let function = environment("AWS_LAMBDA_FUNCTION_NAME")?;
        Some(Self { table: environment("TABLE_NAME")?, function })
    }

    /// The members that make a line with these durations a metric's.
    fn members(&self, durations: &[&str], now_ms: i64) -> Value {
        let metrics: Vec<Value> =
            durations.iter().map(|name| json!({"Name": name, "Unit": "Milliseconds"})).collect();
        json!({
            "_aws": {
                "Timestamp": now_ms,
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [["Table", "Function"]],
                    "Metrics": metrics,
                }],
            },
            "Table": self.table,
            "Function": self.function,
        })
    }
}

impl<F> WithDurations<F> {
    pub(crate) fn new(lines: F, dimensions: Option<Dimensions>) -> Self {
        Self { lines, dimensions }
    }
}

impl<S, N, F> FormatEvent<S, N> for WithDurations<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut found = Found::default();
        event.record(&mut found);
        let Some(dimensions) = self.dimensions.as_ref().filter(|_| !found.0.is_empty()) else {
            return self.lines.format_event(context, writer, event);
        };
        let mut line = String::new();
        self.lines.format_event(context, Writer::new(&mut line), event)?;
        let members = dimensions.members(&found.0, SystemClock.now().millis()).to_string();
        // Both are objects, and become one.
        let members = members.strip_suffix('}').ok_or(fmt::Error)?;
        let line = line.strip_prefix('{').ok_or(fmt::Error)?;
        write!(writer, "{members},{line}")
    }
}

/// The durations that a line has.
#[derive(Default)]
struct Found(Vec<&'static str>);

impl Visit for Found {
    fn record_u64(&mut self, field: &Field, _value: u64) {
        let metrics = DURATIONS.into_iter().map(Metric::name);
        self.0.extend(metrics.filter(|name| *name == field.name()));
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{lines_of, written};

    fn line(dimensions: Option<Dimensions>, table: Option<u64>) -> Value {
        let lines = lines_of(dimensions, || {
            tracing::info!(status = 200, StripeDuration = 7_u64, TableDuration = table, "answered");
        });
        written(&lines).remove(0)
    }

    fn in_lambda() -> Option<Dimensions> {
        Some(Dimensions { table: "payments-dev".to_owned(), function: "refund".to_owned() })
    }

    #[test]
    fn a_lines_durations_are_metrics_by_table_and_function() {
        let line = line(in_lambda(), Some(3));
        let metrics = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(metrics["Dimensions"], json!([["Table", "Function"]]));
        let named = |name| json!({"Name": name, "Unit": "Milliseconds"});
        assert_eq!(metrics["Metrics"], json!([named("StripeDuration"), named("TableDuration")]));
        assert_eq!((&line["StripeDuration"], &line["TableDuration"]), (&json!(7), &json!(3)));
        assert_eq!((&line["Table"], &line["Function"]), (&json!("payments-dev"), &json!("refund")));
        assert_eq!((&line["message"], &line["status"]), (&json!("answered"), &json!(200)));
    }

    #[test]
    fn a_duration_that_a_line_lacks_is_no_metric_of_it() {
        let line = line(in_lambda(), None);
        let metrics = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"];
        assert_eq!(*metrics, json!([{"Name": "StripeDuration", "Unit": "Milliseconds"}]));
    }

    #[test]
    fn outside_lambda_a_line_is_a_line() {
        let line = line(None, Some(3));
        assert_eq!((line.get("_aws"), &line["TableDuration"]), (None, &json!(3)));
    }
}
