//! The query of a request: the parameters that each route accepts, and their values.
//!
//! Any other name is refused, because it can be a misspelt or a misplaced one: `?dry_run=true` asks a question, and a
//! route that has no dry run would carry the request out.

use crate::{Problem, json_body::is_plain_name, route_key};
use lambda_http::{Request, RequestExt};
use payments::Timestamp;

/// The parameters of a list.
const PAGE: &[&str] = &["limit", "cursor"];

/// The routes with query parameters, as `infra/openapi.yaml` describes them; every other route has none.
const PARAMETERS: [(&str, &[&str]); 15] = [
    ("GET /v1/admin/creators/{creator_id}/audit", PAGE),
    ("GET /v1/admin/feedback", &["wave", "limit", "cursor"]),
    (
        "GET /v1/admin/payments",
        &["sender_id", "creator_id", "from", "to", "status", "context", "limit", "cursor"],
    ),
    ("GET /v1/admin/quarantine", PAGE),
    ("GET /v1/admin/rollout/audit", PAGE),
    ("GET /v1/admin/senders/{sender_id}/audit", PAGE),
    ("GET /v1/admin/statement", &["from", "to"]),
    ("GET /v1/admin/waves", PAGE),
    ("GET /v1/admin/waves/{name}/audit", PAGE),
    ("GET /v1/admin/waves/{name}/report", PAGE),
    ("GET /v1/creators/{creator_id}/blocks", PAGE),
    ("GET /v1/creators/{creator_id}/payouts", PAGE),
    ("GET /v1/payment-methods", PAGE),
    (
        "GET /v1/payments",
        &["role", "from", "to", "status", "creator_id", "sender_id", "context", "limit", "cursor"],
    ),
    ("PUT /v1/admin/waves/{name}", &["dry_run"]),
];

/// Returns the query parameters that a route accepts.
#[must_use]
pub fn query_parameters(route: &str) -> &'static [&'static str] {
    PARAMETERS.iter().find(|(key, _)| *key == route).map_or(&[], |(_, names)| names)
}

/// Refuses a parameter that the route does not have, or that is given twice.
///
/// # Errors
/// 400, naming the first of them.
pub(crate) fn check_query(request: &Request) -> Result<(), Problem> {
    let known = query_parameters(route_key(request));
    let Some(given) = request.query_string_parameters_ref() else { return Ok(()) };
    for (name, _) in given.iter() {
        let fault = match (known.contains(&name), given.all(name).map_or(0, |values| values.len())) {
            (false, _) => "an unknown parameter",
            (true, 2..) => "a doubled parameter",
            (true, _) => continue,
        };
        let problem = Problem::invalid_request(format!("The query has {fault}."));
        return Err(if is_plain_name(name) { problem.field(name) } else { problem });
    }
    Ok(())
}

/// Returns a query parameter's value, decoded.
#[must_use]
pub fn query_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query_string_parameters_ref().and_then(|parameters| parameters.first(name))
}

/// Reads a boolean query parameter, which is false when it is absent.
///
/// # Errors
/// 400 when it is neither `true` nor `false`.
pub fn query_flag(request: &Request, name: &str) -> Result<bool, Problem> {
    match query_parameter(request, name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::invalid_field(name, "must be true or false")),
    }
}

/// Reads a point in time from the query.
///
/// # Errors
/// 400 when it is not RFC 3339.
pub fn query_time(request: &Request, name: &str) -> Result<Option<Timestamp>, Problem> {
    let text = query_parameter(request, name);
    let time = text.map(Timestamp::parse).transpose();
    time.map_err(|_| Problem::invalid_field(name, "must be a time, such as 2026-11-24T00:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::Body;
    use std::collections::HashMap;

    fn with_query(query: &[(&str, &[&str])]) -> Request {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let query: HashMap<String, Vec<String>> =
            query.iter().map(|(name, given)| ((*name).to_owned(), values(given))).collect();
        Request::new(Body::Empty).with_query_string_parameters(query)
    }

    #[test]
    fn a_parameter_that_the_route_does_not_have_is_refused_and_named_if_its_name_is_plain() {
        assert!(check_query(&with_query(&[])).is_ok());
        let refused = |name: &str| {
            let response = check_query(&with_query(&[(name, &["1"])])).unwrap_err().into_response();
            serde_json::from_slice::<serde_json::Value>(response.body().as_ref()).unwrap()
        };
        assert_eq!(refused("dry_run")["field"], "dry_run");
        let echoed = refused("my secret words");
        assert!(echoed.get("field").is_none() && !echoed.to_string().contains("secret"), "{echoed}");
    }
}
