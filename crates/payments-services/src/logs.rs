//! Logs as JSON lines: which lines are logged. They contain no personal data.

use crate::duration_metrics::{Dimensions, WithDurations};
use crate::environment;
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, filter::filter_fn, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

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
    logger_with(Dimensions::from_environment(), level, writer)
}

fn logger_with<W>(dimensions: Option<Dimensions>, level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The hint lets finer lines be skipped at the cost of one comparison.
    let finest = LevelFilter::from_level(level.max(Level::WARN));
    let wanted = filter_fn(move |line| is_wanted(line, level)).with_max_level_hint(finest);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        // With the ids of the request (`log_ids`).
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .map_event_format(|lines| WithDurations::new(lines, dimensions))
        .with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(wanted))
}

/// The crates that log neither personal data nor secrets, so that all their levels may be logged.
pub const LOGGED_CRATES: [&str; 9] = [
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
    let is_ours = LOGGED_CRATES.iter().any(|ours| line.target().starts_with(ours));
    *line.level() <= if is_ours { level } else { level.min(Level::WARN) }
}

/// What is logged meanwhile, as JSON lines.
#[cfg(test)]
pub(crate) fn lines_of(dimensions: Option<Dimensions>, log: impl FnOnce()) -> String {
    let lines = tests::Log::default();
    let writer = lines.clone();
    tracing::subscriber::with_default(logger_with(dimensions, Level::DEBUG, move || writer.clone()), log);
    lines.text()
}

#[cfg(test)]
pub(crate) fn written(lines: &str) -> Vec<serde_json::Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

    impl Log {
        pub(super) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

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
        let lines = lines_of(None, || {
            tracing::debug!(target: "payments_store::table", "ours");
            tracing::trace!(target: "stripe_webhook::handler", "ours, too fine");
            tracing::debug!(target: "stripe_webhook::handler", "the function's");
            tracing::debug!(target: "aws_smithy_runtime::client", "a library's");
            tracing::info!(target: "hyper", "a library's");
            tracing::warn!(target: "hyper", "a library's warning");
        });
        let messages: Vec<_> = written(&lines).iter().map(|line| line["message"].clone()).collect();
        assert_eq!(messages, ["ours", "the function's", "a library's warning"]);
    }
}
