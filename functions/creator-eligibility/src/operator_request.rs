//! Parses what operators' changes have in common: the creator, sender or wave they name, and their reason.

use payments::{CreatorId, Reason, UserId, WaveName};
use payments_http::{Problem, Request, path_id};

/// Parses the creator's id from the path.
pub(crate) fn creator(request: &Request) -> Result<CreatorId, Problem> {
    path_id(request, "creator_id", CreatorId::parse)
}

/// Parses the sender's id from the path.
pub(crate) fn sender(request: &Request) -> Result<UserId, Problem> {
    path_id(request, "sender_id", UserId::parse)
}

/// Parses the wave's name from the path.
pub(crate) fn wave(request: &Request) -> Result<WaveName, Problem> {
    path_id(request, "name", WaveName::parse)
}

/// Parses an operator's reason for a change.
pub(crate) fn reason(text: &str) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|error| Problem::invalid_field("reason", error))
}
