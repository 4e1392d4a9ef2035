//! Errors of a stack's start.

use std::io;

use stripe_stand_in::OpenError;

use super::StripeSetupError;
use crate::data_dir::DataDirError;
use crate::dynamodb::DynamoDbError;
use crate::host::NotAHostName;
use crate::listeners::ListenError;
use crate::origins::NotAnOrigin;
use crate::seed::SeedError;
use crate::template::TemplateError;

/// Why a stack did not start.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error(transparent)]
    StripeSetup(#[from] StripeSetupError),
    #[error("STRIPE_WEBHOOK_SECRET names no secret; it has to be whsec_…, or several separated by commas")]
    NoWebhookSecret,
    #[error("{name} is \"{given}\"; it has to be a URL such as {example}")]
    NotAnEndpoint {
        /// The flag or the variable.
        name: &'static str,
        given: String,
        example: &'static str,
    },
    #[error("--host-alias {0}")]
    HostAlias(#[from] NotAHostName),
    #[error("--allow-origin {0}")]
    AllowOrigin(#[from] NotAnOrigin),
    #[error("parameter Livemode is \"true\"; it has to be false: the local stack moves no real money")]
    Livemode,
    /// Parameters that are well-formed, and that the functions do not accept.
    #[error("the functions do not accept {0}")]
    Parameters(String),
    #[error(transparent)]
    DataDir(#[from] DataDirError),
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
