//! Logs as JSON lines, and metrics as CloudWatch's Embedded Metric Format. Neither carries personal data.

use crate::{Clock, SystemClock, environment};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

/// The namespace of all metrics.
const NAMESPACE: &str = "CreatorPayments";

/// What is counted. The names are those of the alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// An authentic event that concerns no payment of ours.
    WebhookNotOurs,
    /// An authentic event of the other mode.
    WebhookWrongMode,
    /// A delivery whose signature does not hold.
    WebhookBadSignature,
    /// An authentic event that could not be parsed or applied; kept.
    WebhookParked,
    /// A payment seen both paid and closed.
    PaymentContradiction,
}

impl Metric {
    /// The metric's name in CloudWatch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WebhookNotOurs => "WebhookNotOurs",
            Self::WebhookWrongMode => "WebhookWrongMode",
            Self::WebhookBadSignature => "WebhookBadSignature",
            Self::WebhookParked => "WebhookParked",
            Self::PaymentContradiction => "PaymentContradiction",
        }
    }
}

/// Logs to standard output as JSON lines, from the level in `LOG_LEVEL` (default `info`) on.
pub fn start_logging() {
    let level = environment("LOG_LEVEL").and_then(|level| level.parse::<LevelFilter>().ok());
    // A second start in one process keeps the first one's subscriber.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level.unwrap_or(LevelFilter::INFO))
        .try_init();
}

/// Counts one.
pub fn count(metric: Metric) {
    let line = embedded_metric(metric, SystemClock.now().millis());
    #[expect(clippy::print_stdout, reason = "CloudWatch reads metrics from standard output")]
    {
        println!("{line}");
    }
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
fn embedded_metric(metric: Metric, now_ms: i64) -> serde_json::Value {
    let mut line = json!({
        "_aws": {
            "Timestamp": now_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [[]],
                "Metrics": [{ "Name": metric.name(), "Unit": "Count" }],
            }],
        },
    });
    line[metric.name()] = 1.into();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_line_that_cloudwatch_reads() {
        let line = embedded_metric(Metric::WebhookParked, 5);
        assert_eq!(line["WebhookParked"], 1);
        assert_eq!(line["_aws"]["Timestamp"], 5);
        let metrics = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(metrics["Namespace"], "CreatorPayments");
        assert_eq!(metrics["Metrics"][0]["Name"], "WebhookParked");
    }
}
