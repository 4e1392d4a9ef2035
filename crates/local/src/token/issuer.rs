//! The local identity provider: the claims of its tokens, as the deployment's parameters ask for them.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{AUDIENCE, ISSUER, LIFETIME_S, TokenKey};
use crate::template::Template;

/// The subject of a token: the body of `POST /local/token`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub sub: String,
    /// Scopes separated by spaces.
    #[serde(default)]
    pub scope: Option<String>,
    /// For Stripe's receipt.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the token has the scope or group that makes an operator.
    #[serde(default)]
    pub operator: bool,
    /// Further claims, which replace those of the same name; null leaves one out.
    #[serde(default)]
    pub claims: Map<String, Value>,
}

/// Issues tokens that the gateway accepts.
#[derive(Clone, Debug)]
pub struct TokenIssuer {
    key: TokenKey,
    issuer: String,
    audience: String,
    operator_scope: String,
    operator_group: Option<String>,
}

impl TokenIssuer {
    /// Issues tokens for the template's default parameters.
    #[must_use]
    pub fn new(key: TokenKey) -> Self {
        Self {
            key,
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            operator_scope: "payments:admin".to_owned(),
            operator_group: None,
        }
    }

    /// Issues tokens for a template with its parameters.
    #[must_use]
    pub fn of(template: &Template, key: TokenKey) -> Self {
        let local = Self::new(key);
        let authorization = template.routes.iter().find_map(|route| route.authorization.clone());
        let variable = |name: &str| {
            let mut functions = template.functions.values();
            functions.find_map(|function| {
                function.environment.get(name).filter(|value| !value.is_empty()).cloned()
            })
        };
        let (issuer, audience) = match authorization {
            Some(needed) => (needed.issuer, needed.audience.into_iter().next().unwrap_or_default()),
            None => (local.issuer, local.audience),
        };
        Self {
            issuer,
            audience,
            operator_scope: variable("OPERATOR_SCOPE").unwrap_or(local.operator_scope),
            operator_group: variable("OPERATOR_GROUP"),
            key: local.key,
        }
    }

    /// A token for `subject`, valid for an hour from `now`.
    #[must_use]
    pub fn sign(&self, subject: &Subject, now: OffsetDateTime) -> String {
        let issued_at = now.unix_timestamp();
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        set("iss", self.issuer.as_str().into());
        set("aud", self.audience.as_str().into());
        set("iat", issued_at.into());
        set("exp", (issued_at + LIFETIME_S).into());
        set("sub", subject.sub.as_str().into());
        let scopes: Vec<&str> =
            subject.scope.as_deref().into_iter().chain(self.operators_scope(subject)).collect();
        if subject.scope.is_some() || !scopes.is_empty() {
            set("scope", scopes.join(" ").into());
        }
        if let Some(group) = self.operator_group.as_ref().filter(|_| subject.operator) {
            set("groups", json!([group]));
        }
        if let Some(email) = &subject.email {
            set("email", email.as_str().into());
        }
        for (name, value) in &subject.claims {
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.clone(), value.clone());
            }
        }
        self.key.sign(&claims)
    }

    fn operators_scope(&self, subject: &Subject) -> Option<&str> {
        (subject.operator && self.operator_group.is_none()).then_some(self.operator_scope.as_str())
    }
}
