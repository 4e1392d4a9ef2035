//! The JWT authorizer of an HTTP API
//! (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).

use std::collections::BTreeMap;

use http::{HeaderMap, header};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::headers::text;
use super::refusal::Refusal;
use crate::template::Authorization;
use crate::token::{TokenError, TokenKey};

/// The caller, as in the event's `authorizer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// AWS passes every value as text.
    pub(super) claims: BTreeMap<String, String>,
    /// `None` on routes that require no scope.
    pub(super) scopes: Option<Vec<String>>,
}

/// Checks a request's token against the route's requirements.
pub(super) fn authorize(
    key: &TokenKey,
    needed: &Authorization,
    headers: &HeaderMap,
) -> Result<Caller, Refusal> {
    let credentials =
        text(headers, &header::AUTHORIZATION).filter(|credentials| !credentials.trim().is_empty());
    let credentials = credentials.ok_or_else(|| Refusal::Unauthorized("Bearer".to_owned()))?;
    // AWS accepts the token with or without the scheme.
    let token = match credentials.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => credentials.trim(),
    };
    let claims = key
        .verify(token, &needed.issuer, &needed.audience, OffsetDateTime::now_utc())
        .map_err(|error| invalid(&error))?;
    let scopes = scopes(&claims);
    if !needed.scopes.is_empty() && !needed.scopes.iter().any(|scope| scopes.contains(scope)) {
        return Err(Refusal::InsufficientScope(format!(
            "Bearer scope=\"{}\" error=\"insufficient_scope\" error_description=\"the token lacks the required scope\"",
            needed.scopes.join(" ")
        )));
    }
    Ok(Caller {
        claims: claims.iter().map(|(name, value)| (name.clone(), claim(value))).collect(),
        scopes: (!needed.scopes.is_empty()).then_some(scopes),
    })
}

fn invalid(error: &TokenError) -> Refusal {
    Refusal::Unauthorized(format!("Bearer scope=\"\" error=\"invalid_token\" error_description=\"{error}\""))
}

/// AWS reads `scope`, else `scp`, which is a list in Okta's tokens (dherault/serverless-offline#1789).
fn scopes(claims: &Map<String, Value>) -> Vec<String> {
    let claim = claims.get("scope").or_else(|| claims.get("scp"));
    let listed = claim.and_then(Value::as_array).filter(|_| !claims.contains_key("scope"));
    let scopes: Vec<&str> = match (listed, claim.and_then(Value::as_str)) {
        (Some(items), _) => items.iter().filter_map(Value::as_str).collect(),
        (None, text) => text.unwrap_or_default().split(' ').collect(),
    };
    scopes.into_iter().filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// Lists appear as `[a b]`.
#[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
fn claim(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(claim).collect::<Vec<_>>().join(" ")),
        other => other.to_string(),
    }
}
