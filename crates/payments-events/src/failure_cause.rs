//! Causes of failed requests, which contain none of their content.

use aws_sdk_eventbridge::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::http::Response;
use std::sync::Arc;

/// The reason why an event or a message is not sent. The SDK's own errors contain it, so only the safe parts are kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Cause {
    /// AWS answers with an error, for the whole request or for one entry.
    #[error("{code} (HTTP {status})")]
    Answer {
        /// AWS's error code, or `unknown`.
        code: String,
        /// 200 if the error is about this entry only.
        status: u16,
    },
    #[error("no answer within the time limit")]
    Timeout,
    /// The connection failed, or the response is malformed.
    #[error("no answer")]
    Network(#[source] Option<Arc<dyn std::error::Error + Send + Sync>>),
    /// The request could not be built, so nothing was sent.
    #[error("the request could not be made")]
    Request,
    /// The event is larger than the limit of a request.
    #[error("the event is too large")]
    TooLarge,
}

/// The codes of transient errors, whatever the HTTP status
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
    pub(crate) fn of_request<E>(error: SdkError<E, Response>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let status = error.raw_response().map_or(0, |answer| answer.status().as_u16());
        match &error {
            SdkError::ServiceError(_) => {
                Self::Answer { code: error.code().unwrap_or("unknown").to_owned(), status }
            }
            SdkError::TimeoutError(_) => Self::Timeout,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::Timeout,
            SdkError::DispatchFailure(_) => Self::Network(error.into_source().ok().map(Arc::from)),
            // The source of an unreadable answer may quote its content.
            SdkError::ResponseError(_) => Self::Network(None),
            _ => Self::Request,
        }
    }

    /// Returns whether publishing again later can help.
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
