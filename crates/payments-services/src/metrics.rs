//! Metrics in CloudWatch's Embedded Metric Format.

use crate::{Clock, SystemClock, environment};
use serde_json::json;
use std::io::Write as _;

/// The namespace of all metrics.
pub(crate) const NAMESPACE: &str = "CreatorPayments";
/// The dimension of every metric.
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
    /// A card's issuer reports a payment as fraud.
    EarlyFraudWarning = "EarlyFraudWarning",
    /// A dispute that nobody has answered reaches its deadline within two days.
    DisputeDeadline = "DisputeDeadline",
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
    /// What is to be paid to creators again, and unfinished refunds, exceed the platform's available balance.
    PlatformBalanceShort = "PlatformBalanceShort",
    /// Stripe refused to open a creator's account or to create an onboarding link.
    OnboardingRefused = "OnboardingRefused",
    /// Stripe refuses a request because of the platform's set-up, such as its key; an operator must mend it.
    StripeSetUpFault = "StripeSetUpFault",
    /// A request that fails for what is deployed and not for Stripe: a permission, a secret, a key of the other mode, a panic,
    /// an unreadable item. Counted by function and version, so that an alarm watches a new version alone.
    SetupFault = "SetupFault",
    /// Something that a webhook should have brought and that reconciliation found, by its stage.
    ReconciliationMended = "ReconciliationMended",
    /// Milliseconds from the success of a payment at Stripe until its settlement is booked.
    SettlementDelay = "SettlementDelay",
    /// Milliseconds of a request or run during which it waits for Stripe, by function.
    StripeDuration = "StripeDuration",
    /// Milliseconds of a request or run during which it waits for the table, by function.
    TableDuration = "TableDuration",
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

/// Counts one occurrence, with the table's name as the dimension, which separates the stacks of one AWS account.
/// Outside Lambda, where metrics are not collected, it only logs.
pub fn count(metric: Metric) {
    record(metric, 1, Unit::Count, &[]);
}

/// Records a duration, as [`count`] does.
pub fn measure_ms(metric: Metric, ms: i64) {
    record(metric, ms, Unit::Milliseconds, &[]);
}

/// Counts occurrences by a stage of reconciliation, and of all stages together.
pub fn count_of_stage(metric: Metric, occurrences: u64, stage: &str) {
    let occurrences = i64::try_from(occurrences).unwrap_or(i64::MAX);
    record(metric, occurrences, Unit::Count, &[("Stage", stage)]);
}

/// Counts a [`Metric::SetupFault`] of this function's version.
pub fn count_setup_fault() {
    let name = environment("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
    let version = environment("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_default();
    record(Metric::SetupFault, 1, Unit::Count, &[("Function", &name), ("Version", &version)]);
}

/// The units of metrics, as CloudWatch names them.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Count,
    Milliseconds,
}

/// Writes a value under the table's dimension alone, and with further dimensions if there are any.
fn record(metric: Metric, value: i64, unit: Unit, dimensions: &[(&str, &str)]) {
    match (environment("AWS_LAMBDA_FUNCTION_NAME"), environment("TABLE_NAME")) {
        (Some(_), Some(table)) => {
            let dimensions: Vec<(&str, &str)> =
                std::iter::once((TABLE, table.as_str())).chain(dimensions.iter().copied()).collect();
            let line = embedded_metric(metric, value, unit, &dimensions, SystemClock.now().millis());
            // A closed standard output must not fail a request.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
        _ => tracing::info!(metric = metric.name(), value, "counted"),
    }
}

/// Builds a metric's line:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
fn embedded_metric(
    metric: Metric,
    value: i64,
    unit: Unit,
    dimensions: &[(&str, &str)],
    now_ms: i64,
) -> serde_json::Value {
    let names: Vec<&str> = dimensions.iter().map(|(name, _)| *name).collect();
    let mut sets = vec![vec![TABLE]];
    if names.len() > 1 {
        sets.push(names);
    }
    let mut line = json!({
        "_aws": {
            "Timestamp": now_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": sets,
                "Metrics": [{ "Name": metric.name(), "Unit": format!("{unit:?}") }],
            }],
        },
    });
    for (name, value) in dimensions {
        line[*name] = (*value).into();
    }
    line[metric.name()] = value.into();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(
            embedded_metric(Metric::WebhookParked, 1, Unit::Count, &[(TABLE, "payments-dev")], 5),
            expected
        );
    }

    #[test]
    fn a_fault_of_the_set_up_is_counted_by_function_and_version_and_for_the_whole_table() {
        let dimensions = [(TABLE, "payments-dev"), ("Function", "refund"), ("Version", "7")];
        let line = embedded_metric(Metric::SetupFault, 1, Unit::Count, &dimensions, 5);
        let sets = &line["_aws"]["CloudWatchMetrics"][0]["Dimensions"];
        assert_eq!(*sets, json!([["Table"], ["Table", "Function", "Version"]]));
        assert_eq!((&line["Function"], &line["Version"]), (&json!("refund"), &json!("7")));
    }

    #[test]
    fn a_duration_is_in_milliseconds() {
        let line = embedded_metric(Metric::SettlementDelay, 1_500, Unit::Milliseconds, &[(TABLE, "t")], 5);
        let metric = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0];
        assert_eq!(*metric, json!({"Name": "SettlementDelay", "Unit": "Milliseconds"}));
        assert_eq!(line["SettlementDelay"], 1_500);
    }
}
