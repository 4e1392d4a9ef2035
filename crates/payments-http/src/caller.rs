//! The caller, from the claims that the gateway's JWT authorizer has verified.

use crate::{Problem, ProblemCode};
use lambda_http::aws_lambda_events::apigw::ApiGatewayRequestAuthorizerJwtDescription as Token;
use lambda_http::{Request, RequestExt, request::RequestContext};
use payments::UserId;
use payments_services::{OperatorRule, Services};
use std::{collections::HashMap, fmt};

/// The claims that name a user's groups: Cognito's, and that of others (`docs/IDENTITY.md`).
const GROUP_CLAIMS: [&str; 2] = ["cognito:groups", "groups"];
/// The longest deliverable e-mail address, in characters (RFC 5321).
const EMAIL_MAX_CHARS: usize = 254;

/// The authenticated user of the app who sends the request.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The claim `sub`.
    pub user: UserId,
    /// The claim `email`, unless `email_verified` says that it may be somebody else's: Stripe sends receipts there, and
    /// reaches a creator there.
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
    pub fn of(services: &Services, request: &Request) -> Result<Self, Problem> {
        Self::by_rule(&services.config.operators, request)
    }

    /// Reads the caller and requires an operator.
    ///
    /// The gateway also requires an operator's scope; this check protects a route that is configured without it, and is
    /// the only one of a group.
    ///
    /// # Errors
    /// 401 as for [`Caller::of`]; 403 for other users.
    pub fn operator(services: &Services, request: &Request) -> Result<Self, Problem> {
        let caller = Self::of(services, request)?;
        if caller.operator {
            return Ok(caller);
        }
        let detail = "Only an operator may do this.";
        Err(Problem::new(ProblemCode::Forbidden, detail))
    }

    fn by_rule(rule: &OperatorRule, request: &Request) -> Result<Self, Problem> {
        token(request).and_then(|token| Self::from_token(rule, token)).ok_or_else(unauthenticated)
    }

    fn from_token(rule: &OperatorRule, token: &Token) -> Option<Self> {
        let claims = &token.claims;
        Some(Self {
            user: UserId::parse(claims.get("sub")?).ok()?,
            email: verified_email(claims),
            operator: match rule {
                OperatorRule::Scope(scope) => has_scope(token, scope),
                OperatorRule::Group(group) => is_member(claims, group),
            },
        })
    }
}

/// On a route that requires a scope, the gateway passes on the scopes as it has read them.
fn has_scope(token: &Token, wanted: &str) -> bool {
    match &token.scopes {
        Some(scopes) => scopes.iter().any(|scope| scope == wanted),
        None => scopes(&token.claims).any(|scope| scope == wanted),
    }
}

/// The gateway passes a list on as `[a b]`. A text without brackets is one group, whatever it has in it.
fn is_member(claims: &HashMap<String, String>, group: &str) -> bool {
    let groups = GROUP_CLAIMS.iter().filter_map(|claim| claims.get(*claim));
    groups.into_iter().any(|groups| match unlisted(groups) {
        Some(list) => list.split(' ').any(|each| each == group),
        None => groups == group,
    })
}

/// An address counts unless the provider says that it is not verified. The gateway passes `false` and `"false"` on alike.
fn verified_email(claims: &HashMap<String, String>) -> Option<String> {
    let verified = claims.get("email_verified").is_none_or(|verified| verified.eq_ignore_ascii_case("true"));
    claims.get("email").filter(|email| verified && is_email(email)).cloned()
}

fn token(request: &Request) -> Option<&Token> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.authorizer.as_ref()?.jwt.as_ref(),
        _ => None,
    }
}

/// Reads the scopes of a token as the gateway does: the claim `scope`, else `scp`, separated by spaces. Okta's `scp` is
/// a list, which the gateway passes on as `[a b]`.
fn scopes(claims: &HashMap<String, String>) -> impl Iterator<Item = &str> {
    let scope = claims.get("scope").map(String::as_str);
    let scp = || claims.get("scp").map(|scp| unlisted(scp).unwrap_or(scp));
    scope.or_else(scp).unwrap_or_default().split(' ')
}

fn unlisted(claim: &str) -> Option<&str> {
    claim.strip_prefix('[')?.strip_suffix(']')
}

/// Whether a text has the form of an e-mail address. Stripe has the last word.
#[must_use]
pub fn is_email(email: &str) -> bool {
    let one_at = email
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    one_at && email.len() <= EMAIL_MAX_CHARS && email.bytes().all(|b| b.is_ascii_graphic())
}

fn unauthenticated() -> Problem {
    let detail = "The token names no user of the documented form.";
    Problem::new(ProblemCode::Unauthenticated, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(claims: &[(&str, &str)]) -> Option<Caller> {
        Caller::from_token(&scope("payments:admin"), &token_with(claims))
    }

    fn scope(name: &str) -> OperatorRule {
        OperatorRule::Scope(name.to_owned())
    }

    fn token_with(claims: &[(&str, &str)]) -> Token {
        let mut token = Token::default();
        token.claims = claims.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        token
    }

    #[test]
    fn the_subject_is_the_user_and_the_scope_marks_operators() {
        let sam = caller(&[("sub", "sam"), ("scope", "openid payments:admin")]).unwrap();
        assert_eq!((sam.user.as_str(), sam.operator), ("sam", true));
        let others = ["", "payments", "payments:administrator", "xpayments:admin", "payments:admin:read"];
        // The gateway separates scopes by spaces alone, and `scope` is a text.
        let unseparated =
            ["openid\tpayments:admin", "openid,payments:admin", "[payments:admin]", "PAYMENTS:ADMIN"];
        for scope in others.into_iter().chain(unseparated) {
            assert!(!caller(&[("sub", "sam"), ("scope", scope)]).unwrap().operator, "{scope}");
        }
    }

    #[test]
    fn operators_are_known_however_their_provider_writes_scopes() {
        for scp in ["payments:admin", "openid payments:admin", "[openid payments:admin]", "[payments:admin]"]
        {
            assert!(caller(&[("sub", "sam"), ("scp", scp)]).unwrap().operator, "{scp}");
        }
        assert!(!caller(&[("sub", "sam"), ("scp", "[openid payments:admin:read]")]).unwrap().operator);
        assert!(!caller(&[("sub", "sam"), ("scopes", "payments:admin")]).unwrap().operator);
    }

    #[test]
    fn of_two_claims_the_first_one_counts_as_at_the_gateway() {
        let both = |scope, scp| caller(&[("sub", "sam"), ("scope", scope), ("scp", scp)]).unwrap().operator;
        assert_eq!((both("payments:admin", "openid"), both("openid", "payments:admin")), (true, false));
    }

    #[test]
    fn scopes_that_the_gateway_has_read_decide() {
        let mut token = token_with(&[("sub", "sam"), ("scope", "payments:admin")]);
        token.scopes = Some(vec!["openid".to_owned()]);
        let operator = |token: &Token| Caller::from_token(&scope("payments:admin"), token).unwrap().operator;
        assert!(!operator(&token));
        token.scopes = Some(vec!["openid".to_owned(), "payments:admin".to_owned()]);
        token.claims.remove("scope");
        assert!(operator(&token));
    }

    #[test]
    fn a_deployment_can_name_another_scope() {
        let operator = |claim: &str| {
            let token = token_with(&[("sub", "sam"), ("scope", claim)]);
            Caller::from_token(&scope("payments-api/admin"), &token).unwrap().operator
        };
        assert!(operator("openid payments-api/admin"));
        assert!(!operator("payments:admin") && !operator("payments-api/administrator"));
    }

    #[test]
    fn a_group_makes_its_members_operators_and_nothing_else_does() {
        let rule = OperatorRule::Group("operators".to_owned());
        let operator = |claims: &[(&str, &str)]| {
            let token = token_with(&[&[("sub", "sam"), ("scope", "payments:admin")], claims].concat());
            Caller::from_token(&rule, &token).unwrap().operator
        };
        for member in ["[operators]", "[users operators]", "[operators users]", "operators"] {
            assert!(operator(&[("cognito:groups", member)]) && operator(&[("groups", member)]), "{member}");
        }
        for other in [
            "",
            "[]",
            "[users]",
            "[operators2 xoperators]",
            "users operators",
            "[OPERATORS]",
            "[[operators]]",
        ] {
            assert!(!operator(&[("cognito:groups", other), ("groups", other)]), "{other}");
        }
        assert!(!operator(&[]) && !operator(&[("roles", "[operators]")]));
        assert!(operator(&[("cognito:groups", "[users]"), ("groups", "[operators]")]));
    }

    #[test]
    fn a_token_without_a_proper_subject_is_nobody() {
        assert_eq!(caller(&[]), None);
        assert_eq!(caller(&[("sub", "a b")]), None);
        assert!(caller(&[("sub", "aB3+/=#%|@?")]).is_some());
        let nobody = Caller::by_rule(&scope("payments:admin"), &Request::default());
        assert_eq!(nobody.unwrap_err().code.status(), 401);
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
    fn an_address_that_the_provider_has_not_verified_is_dropped() {
        let email = |verified| {
            caller(&[("sub", "sam"), ("email", "sam@example.com"), ("email_verified", verified)])
                .unwrap()
                .email
        };
        assert!(email("true").is_some() && email("True").is_some());
        for unverified in ["false", "False", "", "0", "null"] {
            assert_eq!(email(unverified), None, "{unverified}");
        }
    }

    #[test]
    fn debug_leaves_the_address_out() {
        let sam = caller(&[("sub", "sam"), ("email", "sam@example.com")]).unwrap();
        assert!(!format!("{sam:?}").contains("example.com"));
    }
}
