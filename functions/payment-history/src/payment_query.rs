//! What a request asks for of a list of payments.

use payments::{Context, CreatorId, PaymentFilter, Status, Timestamp, UserId};
use payments_http::{Problem, Request, query_parameter, query_time};
use std::fmt;

/// The first time, and the first one that is too late.
pub(crate) fn times(request: &Request) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    let (from, to) = (query_time(request, "from")?, query_time(request, "to")?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::invalid_field("from", "must not be after `to`"));
    }
    Ok((from, to))
}

pub(crate) fn filter(request: &Request) -> Result<PaymentFilter, Problem> {
    Ok(PaymentFilter {
        status: parsed(request, "status", |text| Status::parse(text).ok_or("must be a status of payments"))?,
        sender: parsed(request, "sender_id", UserId::parse)?,
        creator: parsed(request, "creator_id", CreatorId::parse)?,
        context: parsed(request, "context", Context::parse)?,
    })
}

fn parsed<T, E: fmt::Display>(
    request: &Request,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    let value = query_parameter(request, name).map(parse).transpose();
    value.map_err(|error| Problem::invalid_field(name, error))
}
