//! Errors of a console.

use std::io;

/// Why a console does not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    #[error(
        "`{0}` is not the address of a deployment; give one such as https://abc.execute-api.eu-west-1.amazonaws.com"
    )]
    Address(String),
    #[error("`{0}` would send the operator's token without encryption; give an https:// address")]
    ClearText(String),
    #[error("cannot listen on port {port}: {source}; choose another with --port")]
    Bind { port: u16, source: io::Error },
    #[error("no token: give an operator's access token in OPERATOR_TOKEN or on standard input")]
    NoToken,
    #[error("this is no access token: a token has no spaces or control characters")]
    NotAToken,
    #[error("no random bytes: {0}")]
    Random(io::Error),
    #[error("cannot read the terminal: {0}")]
    Terminal(io::Error),
    #[error("the console ended")]
    Ended,
}
