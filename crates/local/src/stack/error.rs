//! Why a stack does not start.

use std::io;
use std::path::PathBuf;

use stripe_stand_in::OpenError;

use crate::dynamodb::DynamoDbError;
use crate::seed::SeedError;
use crate::template::TemplateError;

/// Why a stack did not start.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// Somebody listens there already.
    #[error("port {port} is in use; choose another with {flag}")]
    PortInUse {
        /// The port.
        port: u16,
        /// The flag that sets it.
        flag: &'static str,
    },
    /// A port cannot be listened on.
    #[error("cannot listen on port {port} ({flag}): {source}")]
    Bind {
        /// The port.
        port: u16,
        /// The flag that sets it.
        flag: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A key that could move real money, or none of Stripe's.
    #[error(
        "STRIPE_SECRET_KEY is not a test key (sk_test_… or rk_test_…): the local stack moves no real money"
    )]
    NotATestKey,
    /// Nothing to sign webhooks with, and nothing for the function to check them against.
    #[error("STRIPE_WEBHOOK_SECRET names no secret")]
    NoWebhookSecret,
    /// The directory cannot be used.
    #[error("cannot use {}: {source}", path.display())]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No randomness for the keys.
    #[error("cannot make keys: {0}")]
    Keys(io::Error),
    /// The template cannot be run.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// No table.
    #[error(transparent)]
    DynamoDb(#[from] DynamoDbError),
    /// The stand-in's books cannot be opened.
    #[error(transparent)]
    StandIn(#[from] OpenError),
    /// A function cannot be built.
    #[error("a function could not be built: {0}")]
    Functions(lambda_http::Error),
    /// The demonstration's creators.
    #[error(transparent)]
    Seed(#[from] SeedError),
}
