//! Why EventBridge did not take an event, told without any of its content.

use aws_sdk_eventbridge::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_eventbridge::operation::put_events::PutEventsError;
use aws_smithy_runtime_api::http::Response;
use std::sync::Arc;

/// Why an event was not taken. The SDK's own errors carry the events, so only what is safe is kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Cause {
    /// EventBridge answered with an error, for the whole request (with its HTTP status) or for one entry.
    #[error("{code} (HTTP {status})")]
    Answer {
        /// EventBridge's code of the error, or `unknown`.
        code: String,
        /// The HTTP status; 200 where only this entry was not taken.
        status: u16,
    },
    /// No answer within the time limit.
    #[error("no answer within the time limit")]
    Timeout,
    /// The connection failed, or what came back was no answer.
    #[error("no answer")]
    Network(#[source] Option<Arc<dyn std::error::Error + Send + Sync>>),
    /// The request could not be made, before anything was sent.
    #[error("the request could not be made")]
    Request,
    /// The event is larger than a request can be.
    #[error("the event is too large")]
    TooLarge,
}

/// Codes of errors that pass, whatever the HTTP status
/// (<https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html>).
const PASSING: [&str; 5] = [
    "InternalException",
    "InternalFailure",
    "OperationDisabledException",
    "ServiceUnavailable",
    "ThrottlingException",
];

impl Cause {
    pub(crate) fn of_entry(code: &str) -> Self {
        Self::Answer { code: code.to_owned(), status: 200 }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
    pub(crate) fn of_request(error: SdkError<PutEventsError, Response>) -> Self {
        let status = error.raw_response().map_or(0, |answer| answer.status().as_u16());
        match &error {
            SdkError::ServiceError(_) => {
                Self::Answer { code: error.code().unwrap_or("unknown").to_owned(), status }
            }
            SdkError::TimeoutError(_) => Self::Timeout,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::Timeout,
            SdkError::DispatchFailure(_) => Self::Network(error.into_source().ok().map(Arc::from)),
            // The source of an answer that cannot be read might quote it.
            SdkError::ResponseError(_) => Self::Network(None),
            _ => Self::Request,
        }
    }

    /// Whether sending it again later can help.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Answer { code, status } => {
                PASSING.contains(&code.as_str()) || matches!(status, 429 | 500..)
            }
            Self::Timeout | Self::Network(_) => true,
            Self::Request | Self::TooLarge => false,
        }
    }
}
