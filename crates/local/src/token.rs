//! Tokens for trying things: signed JWTs that stand in for those of a team's own OpenID provider.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

/// Who signs local tokens (`iss`).
pub const ISSUER: &str = "https://local.invalid/";
/// Who they are meant for (`aud`).
pub const AUDIENCE: &str = "creator-payments";
/// How long a token counts, in seconds.
pub const LIFETIME_S: i64 = 3600;

/// Whom a token speaks for: the body of `POST /local/token`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The app's user id.
    pub sub: String,
    /// Scopes separated by spaces; `payments:admin` makes an operator.
    pub scope: Option<String>,
    /// Where Stripe sends a receipt.
    pub email: Option<String>,
}

/// Why a token does not count; the texts follow AWS's `error_description`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three base64 segments of JSON, or a claim of the wrong type or missing.
    #[error("the token is malformed")]
    Malformed,
    /// Signed by someone else, changed, or not signed with HS256.
    #[error("the token has an invalid signature")]
    Signature,
    /// Past its `exp`.
    #[error("the token has expired")]
    Expired,
    /// Before its `nbf`.
    #[error("the token is not valid yet")]
    NotYet,
    /// From another issuer.
    #[error("the token does not have a valid issuer")]
    Issuer,
    /// Meant for another API.
    #[error("the token does not have a valid audience")]
    Audience,
}

/// The key that signs and checks local tokens.
#[derive(Clone)]
pub struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey(redacted)")
    }
}

impl TokenKey {
    /// Signs with HMAC-SHA256 under `secret`.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) }
    }

    /// A token for `subject`, good for an hour from `now`.
    ///
    /// # Errors
    /// When the claims cannot be signed, which HMAC always can.
    pub fn sign(
        &self,
        subject: &Subject,
        now: OffsetDateTime,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let issued_at = now.unix_timestamp();
        let mut claims = json!({
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": issued_at,
            "exp": issued_at + LIFETIME_S,
            "sub": subject.sub,
        });
        if let Some(scope) = &subject.scope {
            claims["scope"] = scope.as_str().into();
        }
        if let Some(email) = &subject.email {
            claims["email"] = email.as_str().into();
        }
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The claims of a token that counts now. There is no leeway, as AWS has none.
    ///
    /// # Errors
    /// What is wrong with the token.
    pub fn verify(
        &self,
        token: &str,
        issuer: &str,
        audience: &[String],
    ) -> Result<Map<String, Value>, TokenError> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = 0;
        rules.validate_nbf = true;
        rules.set_issuer(&[issuer]);
        rules.set_audience(audience);
        rules.set_required_spec_claims(&["exp", "iss", "aud"]);
        let token =
            jsonwebtoken::decode(token, &self.decoding, &rules).map_err(|error| reason(error.kind()))?;
        Ok(token.claims)
    }
}

fn reason(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm => TokenError::Signature,
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::ImmatureSignature => TokenError::NotYet,
        ErrorKind::InvalidIssuer => TokenError::Issuer,
        ErrorKind::InvalidAudience => TokenError::Audience,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::{AUDIENCE, ISSUER, LIFETIME_S, Subject, TokenError, TokenKey};
    use time::{Duration, OffsetDateTime};

    fn subject() -> Subject {
        Subject { sub: "sam".to_owned(), scope: None, email: Some("sam@example.com".to_owned()) }
    }

    #[test]
    fn a_token_counts_for_an_hour_and_only_where_it_is_meant_to() {
        let key = TokenKey::new(b"secret");
        let audience = vec![AUDIENCE.to_owned()];
        let now = OffsetDateTime::now_utc();
        let token = key.sign(&subject(), now).unwrap();
        let claims = key.verify(&token, ISSUER, &audience).unwrap();
        assert_eq!(claims["sub"], "sam");
        assert_eq!(claims["email"], "sam@example.com");
        assert!(!claims.contains_key("scope"));
        assert_eq!(key.verify(&token, "https://other.example/", &audience), Err(TokenError::Issuer));
        assert_eq!(key.verify(&token, ISSUER, &["other".to_owned()]), Err(TokenError::Audience));
        let almost = key.sign(&subject(), now - Duration::seconds(LIFETIME_S - 60)).unwrap();
        assert!(key.verify(&almost, ISSUER, &audience).is_ok());
        let over = key.sign(&subject(), now - Duration::seconds(LIFETIME_S + 1)).unwrap();
        assert_eq!(key.verify(&over, ISSUER, &audience), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_without_an_issuer_or_an_audience_does_not_count() {
        let key = TokenKey::new(b"secret");
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        let claims =
            serde_json::json!({"sub": "sam", "exp": OffsetDateTime::now_utc().unix_timestamp() + 60});
        let encoding = jsonwebtoken::EncodingKey::from_secret(b"secret");
        let token = jsonwebtoken::encode(&header, &claims, &encoding).unwrap();
        assert_eq!(key.verify(&token, ISSUER, &[AUDIENCE.to_owned()]), Err(TokenError::Malformed));
    }
}
