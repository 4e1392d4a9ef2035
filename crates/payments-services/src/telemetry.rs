//! Logs as JSON lines, and metrics in CloudWatch's Embedded Metric Format. Neither contains personal data.

use crate::{Clock, SystemClock, environment};
use serde_json::json;
use std::io::Write as _;
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, filter::filter_fn, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

/// The namespace of all metrics.
const NAMESPACE: &str = "CreatorPayments";
/// The only dimension of all metrics.
const TABLE: &str = "Table";

/// Declares the metrics with their names in CloudWatch.
macro_rules! metrics {
    ($($(#[$doc:meta])* $metric:ident = $name:literal,)+) => {
        /// What is counted. The alarms in the template use the same names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Metric {
            $($(#[$doc])* $metric,)+
        }

        impl Metric {
            /// Every metric, so that tests can compare them with the alarms.
            pub const ALL: &[Self] = &[$(Self::$metric),+];

            /// Returns the metric's name in CloudWatch, which the alarms use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$metric => $name,)+
                }
            }
        }
    };
}

metrics! {
    /// An authentic event about a payment or account that this deployment does not have.
    WebhookNotOurs = "WebhookNotOurs",
    /// An authentic event of the other mode: live in a test deployment, or the reverse.
    WebhookWrongMode = "WebhookWrongMode",
    WebhookBadSignature = "WebhookBadSignature",
    /// Stripe tried the event destination of the thin events.
    WebhookPing = "WebhookPing",
    /// An authentic event that cannot be parsed or applied; it is kept in the quarantine.
    WebhookParked = "WebhookParked",
    /// A payment that is both paid and closed, or an intent that differs from the payment named in its metadata.
    PaymentContradiction = "PaymentContradiction",
    /// An intent with so many failed charges that it looks like card testing; it is canceled.
    CardTesting = "CardTesting",
    /// A payment that is refused because it exceeds one of the sender's limits.
    SenderLimited = "SenderLimited",
    /// Stripe refused a transfer instruction, usually for lack of balance. The amount stays to recover and is retried.
    InstructionRefused = "MoveRefused",
    /// Stripe refused a refund that this service had accepted.
    RefundRefused = "RefundRefused",
    /// Stripe's fee for a charge exceeds the processing fee; the platform bears the difference.
    FeeShortfall = "FeeShortfall",
    /// Stripe refused to open a creator's account or to create an onboarding link.
    OnboardingRefused = "OnboardingRefused",
    /// Stripe refuses a request because of the platform's set-up, such as its key; an operator must mend it.
    StripeSetUpFault = "StripeSetUpFault",
    /// A request needs an item of the table that this release cannot read, or not write without loss.
    UnreadableItem = "UnreadableItem",
    /// A reconciliation ended with differences between the ledger and Stripe.
    DriftFound = "DriftFound",
    /// A reconciliation ended; an alarm is raised when none ends in time.
    ReconciliationFinished = "ReconciliationFinished",
    /// An immutable record, such as an audit entry, was changed or removed.
    AuditTampered = "AuditTampered",
    /// A wave was halted automatically.
    WaveHalted = "WaveHalted",
}

/// Starts logging to standard output as JSON lines, at the level in `LOG_LEVEL` (default `info`).
///
/// Libraries log only warnings and errors at any level, because at lower levels the SDK and the HTTP clients log
/// requests and responses, including secrets and people's messages.
pub fn start_logging() {
    let level = environment("LOG_LEVEL").and_then(|level| level.parse::<Level>().ok());
    // A second start in the same process keeps the first subscriber.
    let _ = logger(level.unwrap_or(Level::INFO), std::io::stdout).try_init();
}

/// Builds the functions' logger: JSON lines at `level`, to a writer that tests replace.
pub fn logger<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The hint lets finer lines be skipped at the cost of one comparison.
    let finest = LevelFilter::from_level(level.max(Level::WARN));
    let wanted = filter_fn(move |line| is_wanted(line, level)).with_max_level_hint(finest);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(wanted))
}

/// The crates that log neither personal data nor secrets, so that all their levels may be logged.
const OURS: [&str; 9] = [
    "payments",
    "create_payment_intent",
    "stripe_webhook",
    "creator_eligibility",
    "creator_onboarding",
    "payment_history",
    "refund_payment",
    "reconcile_payments",
    "publish_payment_events",
];

fn is_wanted(line: &Metadata<'_>, level: Level) -> bool {
    let is_ours = OURS.iter().any(|ours| line.target().starts_with(ours));
    *line.level() <= if is_ours { level } else { level.min(Level::WARN) }
}

/// Counts one occurrence, with the table's name as the dimension, which separates the stacks of one AWS account.
/// Outside Lambda, where metrics are not collected, it only logs.
pub fn count(metric: Metric) {
    match (environment("AWS_LAMBDA_FUNCTION_NAME"), environment("TABLE_NAME")) {
        (Some(_), Some(table)) => {
            let line = embedded_metric(metric, &table, SystemClock.now().millis());
            // A closed standard output must not fail a request.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
        _ => tracing::info!(metric = metric.name(), "counted"),
    }
}

/// Builds a metric's line:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
fn embedded_metric(metric: Metric, table: &str, now_ms: i64) -> serde_json::Value {
    let mut line = json!({
        "_aws": {
            "Timestamp": now_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [[TABLE]],
                "Metrics": [{ "Name": metric.name(), "Unit": "Count" }],
            }],
        },
    });
    line[TABLE] = table.into();
    line[metric.name()] = 1.into();
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn libraries_log_warnings_only_whatever_the_level() {
        let log = Log::default();
        let writer = log.clone();
        tracing::subscriber::with_default(logger(Level::DEBUG, move || writer.clone()), || {
            tracing::debug!(target: "payments_store::table", "ours");
            tracing::trace!(target: "stripe_webhook::handler", "ours, too fine");
            tracing::debug!(target: "stripe_webhook::handler", "the function's");
            tracing::debug!(target: "aws_smithy_runtime::client", "a library's");
            tracing::info!(target: "hyper", "a library's");
            tracing::warn!(target: "hyper", "a library's warning");
        });
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let messages: Vec<_> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["message"].clone())
            .collect();
        assert_eq!(messages, ["ours", "the function's", "a library's warning"]);
    }

    #[test]
    fn a_count_is_a_line_that_cloudwatch_reads() {
        let expected = json!({
            "_aws": {
                "Timestamp": 5,
                "CloudWatchMetrics": [{
                    "Namespace": "CreatorPayments",
                    "Dimensions": [["Table"]],
                    "Metrics": [{"Name": "WebhookParked", "Unit": "Count"}],
                }],
            },
            "Table": "payments-dev",
            "WebhookParked": 1,
        });
        assert_eq!(embedded_metric(Metric::WebhookParked, "payments-dev", 5), expected);
    }
}
