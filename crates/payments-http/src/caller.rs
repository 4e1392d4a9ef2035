//! The caller, from the claims that the gateway's JWT authorizer has verified.

use crate::Problem;
use lambda_http::{Request, RequestExt, http::StatusCode, request::RequestContext};
use payments::UserId;
use std::{collections::HashMap, fmt};

/// The scope that makes a user an operator.
const OPERATOR_SCOPE: &str = "payments:admin";
/// The longest deliverable e-mail address, in characters (RFC 5321).
const EMAIL_MAX_CHARS: usize = 254;

/// The authenticated user of the app who sends the request.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The claim `sub`.
    pub user: UserId,
    /// The claim `email`; Stripe sends the receipt there.
    pub email: Option<String>,
    pub operator: bool,
}

/// Omits the e-mail address, which must not be logged.
impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, operator, .. } = self;
        f.debug_struct("Caller").field("user", user).field("operator", operator).finish_non_exhaustive()
    }
}

impl Caller {
    /// Reads the caller from the authorizer's claims.
    ///
    /// # Errors
    /// 401 when there are no claims or `sub` is not a valid user id.
    pub fn of(request: &Request) -> Result<Self, Problem> {
        claims(request).and_then(Self::from_claims).ok_or_else(unauthenticated)
    }

    /// Reads the caller and requires an operator.
    ///
    /// The gateway also requires the scope; this check protects a route that is configured without it.
    ///
    /// # Errors
    /// 401 as for [`Caller::of`]; 403 for other users.
    pub fn operator(request: &Request) -> Result<Self, Problem> {
        let caller = Self::of(request)?;
        if caller.operator {
            return Ok(caller);
        }
        let detail = "Only an operator may do this.";
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "Operators only", detail))
    }

    fn from_claims(claims: &HashMap<String, String>) -> Option<Self> {
        // Identity providers use either name, and the gateway's authorizer accepts both.
        let scopes = ["scope", "scp"].into_iter().filter_map(|name| claims.get(name));
        Some(Self {
            user: UserId::parse(claims.get("sub")?).ok()?,
            email: claims.get("email").filter(|email| is_plausible(email)).cloned(),
            operator: scopes.flat_map(|claim| listed(claim)).any(|scope| scope == OPERATOR_SCOPE),
        })
    }
}

fn claims(request: &Request) -> Option<&HashMap<String, String>> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => Some(&context.authorizer.as_ref()?.jwt.as_ref()?.claims),
        _ => None,
    }
}

/// Splits a claim into scopes. Scopes are separated by spaces; the gateway passes a JSON array on as `[a b]`.
fn listed(claim: &str) -> impl Iterator<Item = &str> {
    claim.trim_start_matches('[').trim_end_matches(']').split_ascii_whitespace()
}

fn is_plausible(email: &str) -> bool {
    let one_at = email
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    one_at && email.len() <= EMAIL_MAX_CHARS && email.bytes().all(|b| b.is_ascii_graphic())
}

fn unauthenticated() -> Problem {
    let detail = "The token names no user of the documented form.";
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Not authenticated", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(claims: &[(&str, &str)]) -> Option<Caller> {
        let claims = claims.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Caller::from_claims(&claims)
    }

    #[test]
    fn the_subject_is_the_user_and_the_scope_marks_operators() {
        let sam = caller(&[("sub", "sam"), ("scope", "openid payments:admin")]).unwrap();
        assert_eq!((sam.user.as_str(), sam.operator), ("sam", true));
        for scope in ["", "payments", "payments:administrator", "xpayments:admin"] {
            assert!(!caller(&[("sub", "sam"), ("scope", scope)]).unwrap().operator, "{scope}");
        }
    }

    #[test]
    fn operators_are_known_however_their_provider_writes_scopes() {
        for claim in
            [("scp", "payments:admin"), ("scope", "[openid payments:admin]"), ("scp", "[payments:admin]")]
        {
            assert!(caller(&[("sub", "sam"), claim]).unwrap().operator, "{claim:?}");
        }
        let not = [("sub", "sam"), ("scope", "[openid payments:admin:read]"), ("scopes", "payments:admin")];
        assert!(!caller(&not).unwrap().operator);
    }

    #[test]
    fn a_token_without_a_proper_subject_is_nobody() {
        assert_eq!(caller(&[]), None);
        assert_eq!(caller(&[("sub", "a b")]), None);
        assert_eq!(Caller::of(&Request::default()).unwrap_err().status, 401);
    }

    #[test]
    fn an_address_that_mail_cannot_reach_is_dropped() {
        let email = |email| caller(&[("sub", "sam"), ("email", email)]).unwrap().email;
        assert_eq!(email("sam@example.com").as_deref(), Some("sam@example.com"));
        for bad in ["", "sam", "@example.com", "a@b@c.d", "a b@c.d", "a@b", "a\n@b.c"] {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn debug_leaves_the_address_out() {
        let sam = caller(&[("sub", "sam"), ("email", "sam@example.com")]).unwrap();
        assert!(!format!("{sam:?}").contains("example.com"));
    }
}
