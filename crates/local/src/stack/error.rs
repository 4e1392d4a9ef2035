//! Errors of a stack's start.

use std::io;
use std::path::PathBuf;

use stripe_stand_in::OpenError;

use super::StripeSetupError;
use crate::dynamodb::DynamoDbError;
use crate::seed::SeedError;
use crate::template::TemplateError;

/// Why a stack did not start.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    #[error("port {port} is in use; choose another with {flag}")]
    PortInUse {
        port: u16,
        /// The flag that sets the port.
        flag: &'static str,
    },
    #[error("cannot listen on port {port} ({flag}): {source}")]
    Bind {
        port: u16,
        /// The flag that sets the port.
        flag: &'static str,
        source: io::Error,
    },
    #[error(transparent)]
    StripeSetup(#[from] StripeSetupError),
    #[error("STRIPE_WEBHOOK_SECRET names no secret")]
    NoWebhookSecret,
    #[error("cannot use {}: {source}", path.display())]
    DataDir { path: PathBuf, source: io::Error },
    #[error("cannot create keys: {0}")]
    Keys(io::Error),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    DynamoDb(#[from] DynamoDbError),
    #[error(transparent)]
    StandIn(#[from] OpenError),
    #[error("a function could not be built: {0}")]
    Functions(lambda_http::Error),
    #[error(transparent)]
    Seed(#[from] SeedError),
}
