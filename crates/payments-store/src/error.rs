//! Errors of the table, which contain none of its content.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_smithy_runtime_api::http::Response;
use std::{error::Error, fmt};

/// An operation on the table failed, or its result is unknown.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Throttled, timed out, unreachable, failing, or lost to other writers too often. A later try can help, and the
    /// write may have taken place.
    #[error("the table is unavailable to {operation}")]
    Unavailable {
        operation: &'static str,
        #[source]
        cause: Cause,
    },
    /// The request or the deployment is wrong, such as a missing permission or table. Trying again does not help.
    #[error("the table refuses to {operation}")]
    Refused {
        operation: &'static str,
        #[source]
        cause: Cause,
    },
    /// An item is not valid for its kind: it is damaged, or a later release wrote it. The message names the kind and the
    /// field, never content.
    #[error("an item of kind {kind} has no sound {field}")]
    Corrupt { kind: &'static str, field: &'static str, key: ItemKey },
    /// A later release wrote a part of the item that this change would lose, so nothing is written.
    #[error("an item of kind {kind} has a part of a later release beside what changes")]
    LaterRelease { kind: &'static str, key: ItemKey },
    /// The cursor is of another list, or not a cursor.
    #[error("not a cursor of this list")]
    InvalidCursor,
}

/// The reason why an operation failed. The SDK's own errors contain items, so only the safe parts are kept.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("{code} (HTTP {status}, request {request_id})")]
    Answer {
        /// DynamoDB's error code, or `unknown`.
        code: String,
        status: u16,
        /// The id to give to AWS support, or `unknown`.
        request_id: String,
    },
    #[error("no answer within the time limit")]
    Timeout,
    /// The connection failed, or the response is malformed.
    #[error("no answer")]
    Network(#[source] Box<dyn Error + Send + Sync>),
    /// The request could not be built, so nothing was sent.
    #[error("the request could not be made")]
    Request(#[source] Box<dyn Error + Send + Sync>),
    /// DynamoDB left keys of a batch unread in every try.
    #[error("keys were left unprocessed")]
    Unprocessed,
    /// Other writers came first in every try.
    #[error("other writers came first, again and again")]
    Contention,
}

/// The key of an item, for operators: `PK/SK`; empty if it is not known. It can contain the ids of users, so it is left
/// out of messages and of `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ItemKey(pub(crate) String);

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemKey(…)")
    }
}

/// The codes of transient errors, which DynamoDB sends with HTTP status 400.
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
    /// The key of the item that this release cannot read, or cannot write without loss.
    #[must_use]
    pub fn unreadable_item(&self) -> Option<&ItemKey> {
        match self {
            Self::Corrupt { key, .. } | Self::LaterRelease { key, .. } => Some(key),
            Self::Unavailable { .. } | Self::Refused { .. } | Self::InvalidCursor => None,
        }
    }

    /// Makes the error of an item whose key is not at hand.
    pub(crate) fn corrupt(kind: &'static str, field: &'static str) -> Self {
        Self::Corrupt { kind, field, key: ItemKey::default() }
    }

    /// Makes the error of a write that lacks a required part of DynamoDB's model.
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
            // The source of an unreadable answer may quote its content.
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

/// Returns whether an answer is a transient error.
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
