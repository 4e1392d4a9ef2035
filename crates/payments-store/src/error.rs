//! What can go wrong with the table, told without any of its content.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_smithy_runtime_api::http::Response;
use std::error::Error;

/// An operation on the table did not come to a result.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Throttled, timed out, unreachable, failing, or lost to other writers too often: trying again later
    /// can help. Whether a write took place is not known.
    #[error("the table is unavailable to {operation}")]
    Unavailable {
        /// What was asked.
        operation: &'static str,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// The request is at fault, or the deployment: no permission, no such table. Trying again is no help.
    #[error("the table refuses to {operation}")]
    Refused {
        /// What was asked.
        operation: &'static str,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// An item does not mean what one of its kind must mean. Names the kind and the field, never content.
    #[error("an item of kind {kind} has no sound {field}")]
    Corrupt {
        /// The item's `type`.
        kind: &'static str,
        /// The attribute at fault.
        field: &'static str,
    },
    /// A cursor that was not given out for this list.
    #[error("not a cursor of this list")]
    InvalidCursor,
}

/// Why the table did not do as asked. The SDK's own errors carry items, so only what is safe is kept.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// DynamoDB answered with an error.
    #[error("{code} (HTTP {status}, request {request_id})")]
    Answer {
        /// DynamoDB's code of the error, or `unknown`.
        code: String,
        /// The HTTP status.
        status: u16,
        /// For AWS's support, or `unknown`.
        request_id: String,
    },
    /// No answer within the time limit.
    #[error("no answer within the time limit")]
    Timeout,
    /// The connection failed, or what came back was no answer.
    #[error("no answer")]
    Network(#[source] Box<dyn Error + Send + Sync>),
    /// The request could not be made, before anything was sent.
    #[error("the request could not be made")]
    Request(#[source] Box<dyn Error + Send + Sync>),
    /// DynamoDB kept leaving keys of a batch unread.
    #[error("keys were left unprocessed")]
    Unprocessed,
    /// Other writers kept coming first.
    #[error("other writers came first, again and again")]
    Contention,
}

/// Codes of errors that pass, whatever the HTTP status (they come with 400).
const PASSING: [&str; 7] = [
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

impl StoreError {
    /// A write lacks something that DynamoDB's model demands.
    pub(crate) fn unbuildable(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Refused { operation: "write an item", cause: Cause::Request(error.into()) }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
    pub(crate) fn from_sdk<E>(operation: &'static str, error: SdkError<E, Response>) -> Self
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let unavailable = |cause| Self::Unavailable { operation, cause };
        let refused = |cause| Self::Refused { operation, cause };
        match error {
            SdkError::ServiceError(_) => {
                let answer = answer(&error);
                if passes(error.code().unwrap_or_default(), error.raw_response()) {
                    unavailable(answer)
                } else {
                    refused(answer)
                }
            }
            SdkError::TimeoutError(_) => unavailable(Cause::Timeout),
            // The source of an answer that cannot be read might quote it.
            SdkError::ResponseError(_) => unavailable(answer(&error)),
            SdkError::DispatchFailure(ref failure) if failure.is_timeout() => unavailable(Cause::Timeout),
            SdkError::DispatchFailure(_) => unavailable(Cause::Network(source(error))),
            _ => refused(Cause::Request(source(error))),
        }
    }
}

fn source<E>(error: SdkError<E, Response>) -> Box<dyn Error + Send + Sync>
where
    E: Error + Send + Sync + 'static,
{
    error.into_source().unwrap_or_else(|_| "an unknown kind of error".into())
}

/// Whether an answer is of the kind that passes by itself.
fn passes(code: &str, answer: Option<&Response>) -> bool {
    PASSING.contains(&code) || answer.is_some_and(|answer| matches!(answer.status().as_u16(), 429 | 500..))
}

fn answer<E: ProvideErrorMetadata>(error: &SdkError<E, Response>) -> Cause {
    Cause::Answer {
        code: error.code().unwrap_or("unknown").to_owned(),
        status: error.raw_response().map_or(0, |raw| raw.status().as_u16()),
        request_id: error.request_id().unwrap_or("unknown").to_owned(),
    }
}
