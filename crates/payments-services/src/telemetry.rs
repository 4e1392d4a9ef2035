//! Logs as JSON lines, and metrics as CloudWatch's Embedded Metric Format. Neither carries personal data.

use crate::{Clock, SystemClock, environment};
use serde_json::json;
use std::io::Write as _;
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, filter::filter_fn, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

/// The namespace of all metrics.
const NAMESPACE: &str = "CreatorPayments";
/// The one dimension of all metrics.
const TABLE: &str = "Table";

/// Declares the metrics, each with its name in CloudWatch.
macro_rules! metrics {
    ($($(#[$doc:meta])* $metric:ident = $name:literal,)+) => {
        /// What is counted. The names are those of the alarms.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Metric {
            $($(#[$doc])* $metric,)+
        }

        impl Metric {
            /// Every metric.
            pub const ALL: &[Self] = &[$(Self::$metric),+];

            /// The metric's name in CloudWatch.
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
    /// An authentic event that concerns no payment of ours.
    WebhookNotOurs = "WebhookNotOurs",
    /// An authentic event of the other mode.
    WebhookWrongMode = "WebhookWrongMode",
    /// A delivery whose signature does not hold.
    WebhookBadSignature = "WebhookBadSignature",
    /// An authentic event that could not be parsed or applied; kept.
    WebhookParked = "WebhookParked",
    /// A payment seen both paid and closed, or an intent that differs from the payment it claims to carry.
    PaymentContradiction = "PaymentContradiction",
    /// An intent with so many failed charges that somebody tries cards; it is canceled.
    CardTesting = "CardTesting",
    /// A payment that would have passed one of its sender's limits.
    SenderLimited = "SenderLimited",
    /// Stripe refused to move a creator's share, for lack of balance mostly: it stays owed, and is tried again.
    InstructionRefused = "MoveRefused",
    /// Stripe refused a refund that was accepted.
    RefundRefused = "RefundRefused",
    /// Stripe took more for a charge than the sender paid for it: the platform bears the rest.
    FeeShortfall = "FeeShortfall",
    /// Stripe refused to open an account for a creator, or to let one into its onboarding.
    OnboardingRefused = "OnboardingRefused",
    /// A reconciliation ended with differences between our ledger and Stripe.
    DriftFound = "DriftFound",
    /// A reconciliation ended.
    ReconciliationFinished = "ReconciliationFinished",
    /// A record that is never to change was changed or removed.
    AuditTampered = "AuditTampered",
    /// A wave halted by itself.
    WaveHalted = "WaveHalted",
}

/// Logs to standard output as JSON lines, from the level in `LOG_LEVEL` (default `info`) on.
///
/// Of libraries only warnings and errors are logged, whatever the level: below that, the SDK and the HTTP
/// clients write requests and answers, secrets and people's messages included.
pub fn start_logging() {
    let level = environment("LOG_LEVEL").and_then(|level| level.parse::<Level>().ok());
    // A second start in one process keeps the first one's subscriber.
    let _ = logger(level.unwrap_or(Level::INFO), std::io::stdout).try_init();
}

/// The functions' own logger: JSON lines from `level` on. Tests read what it writes.
pub fn logger<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The hint lets whatever is finer be skipped for the price of one comparison.
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

/// The crates whose lines keep to our rule: nothing personal, nothing secret.
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

/// Counts one, under the table's name, which tells stacks of one account apart. Outside Lambda nobody
/// collects metrics, and it is only logged.
pub fn count(metric: Metric) {
    match (environment("AWS_LAMBDA_FUNCTION_NAME"), environment("TABLE_NAME")) {
        (Some(_), Some(table)) => {
            let line = embedded_metric(metric, &table, SystemClock.now().millis());
            // A closed standard output is no reason to fail a request.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
        _ => tracing::info!(metric = metric.name(), "counted"),
    }
}

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
