//! Local access tokens, in place of those of an OpenID provider: JWTs (RFC 7519) with HS256 (RFC 7515) only, so that no
//! other algorithm or key type can be confused with it.

mod issuer;

pub use issuer::{Subject, TokenIssuer};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use time::OffsetDateTime;

/// The issuer of local tokens (`iss`).
pub const ISSUER: &str = "https://local.invalid/";
/// The audience of local tokens (`aud`).
pub const AUDIENCE: &str = "creator-payments";
/// How long a token is valid, in seconds.
pub const LIFETIME_S: i64 = 3600;

/// Why a token is not valid; the messages follow AWS's `error_description`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three base64 segments of JSON, or a claim is missing or of the wrong type.
    #[error("the token is malformed")]
    Malformed,
    /// Another key, a changed token, or an algorithm other than HS256.
    #[error("the token has an invalid signature")]
    Signature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYet,
    #[error("the token does not have a valid issuer")]
    Issuer,
    #[error("the token does not have a valid audience")]
    Audience,
}

/// The key that signs and checks local tokens.
#[derive(Clone)]
pub struct TokenKey(Hmac<Sha256>);

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey(redacted)")
    }
}

impl TokenKey {
    /// Signs with HMAC-SHA256 under `secret`.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes a key of any length"))
    }

    /// A token with these claims.
    #[must_use]
    pub fn sign(&self, claims: &Map<String, Value>) -> String {
        self.encode(&json!({"typ": "JWT", "alg": "HS256"}), &Value::Object(claims.clone()))
    }

    /// The claims of a token that is valid at `now`, without leeway, as in AWS.
    ///
    /// # Errors
    /// [`TokenError`]: why the token is not valid.
    #[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
    pub fn verify(
        &self,
        token: &str,
        issuer: &str,
        audience: &[String],
        now: OffsetDateTime,
    ) -> Result<Map<String, Value>, TokenError> {
        let claims = self.decode(token)?;
        // Cognito's access tokens have `client_id` in place of `aud`.
        let audience_claim = claims.get("aud").or_else(|| claims.get("client_id"));
        let (Some(expires_at), Some(from), Some(audiences)) =
            (claims.get("exp").and_then(Value::as_i64), claims.get("iss"), audience_claim)
        else {
            return Err(TokenError::Malformed);
        };
        let now_s = now.unix_timestamp();
        if expires_at < now_s {
            return Err(TokenError::Expired);
        }
        for from_then_on in ["nbf", "iat"] {
            let time_s = claims.get(from_then_on).map_or(Some(i64::MIN), Value::as_i64);
            if time_s.ok_or(TokenError::Malformed)? > now_s {
                return Err(TokenError::NotYet);
            }
        }
        if from != issuer {
            return Err(TokenError::Issuer);
        }
        let is_accepted = |claim: &Value| audience.iter().any(|accepted| claim == accepted);
        let has_audience = match audiences {
            Value::Array(several) => several.iter().any(is_accepted),
            one => is_accepted(one),
        };
        if has_audience { Ok(claims) } else { Err(TokenError::Audience) }
    }

    fn encode(&self, header: &Value, claims: &Value) -> String {
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let mac = self.0.clone().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// The claims, after a check that the header names HS256 and the signature is valid.
    fn decode(&self, token: &str) -> Result<Map<String, Value>, TokenError> {
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        match read_json(header)?.get("alg").and_then(Value::as_str) {
            Some("HS256") => {}
            None | Some("none") => return Err(TokenError::Malformed),
            Some(_) => return Err(TokenError::Signature),
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed)?;
        let mac = self.0.clone().chain_update(signed);
        mac.verify_slice(&signature).map_err(|_| TokenError::Signature)?;
        read_json(claims)
    }
}

fn read_json(part: &str) -> Result<Map<String, Value>, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::{AUDIENCE, ISSUER, LIFETIME_S, Subject, TokenError, TokenIssuer, TokenKey};
    use serde_json::{Value, json};
    use time::{Duration, OffsetDateTime};

    fn sign(key: &[u8]) -> String {
        let email = Some("sam@example.com".to_owned());
        let sam = Subject { sub: "sam".to_owned(), email, ..Subject::default() };
        TokenIssuer::new(TokenKey::new(key)).sign(&sam, now())
    }

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap()
    }

    fn verify_signed(header: &Value, claims: &Value) -> Result<(), TokenError> {
        let key = TokenKey::new(b"secret");
        key.verify(&key.encode(header, claims), ISSUER, &[AUDIENCE.to_owned()], now()).map(|_| ())
    }

    #[test]
    fn a_token_is_valid_for_an_hour_and_for_its_issuer_and_audience() {
        let key = TokenKey::new(b"secret");
        let audience = vec![AUDIENCE.to_owned()];
        let token = sign(b"secret");
        let claims = key.verify(&token, ISSUER, &audience, now()).unwrap();
        assert_eq!(claims["sub"], "sam");
        assert_eq!(claims["email"], "sam@example.com");
        assert!(!claims.contains_key("scope"));
        assert_eq!(key.verify(&token, "https://other.example/", &audience, now()), Err(TokenError::Issuer));
        assert_eq!(key.verify(&token, ISSUER, &["other".to_owned()], now()), Err(TokenError::Audience));
        let almost = now() + Duration::seconds(LIFETIME_S);
        assert!(key.verify(&token, ISSUER, &audience, almost).is_ok());
        let over = now() + Duration::seconds(LIFETIME_S + 1);
        assert_eq!(key.verify(&token, ISSUER, &audience, over), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_with_another_key_a_change_or_another_algorithm_has_no_valid_signature() {
        let key = TokenKey::new(b"secret");
        let verify = |token: &str| key.verify(token, ISSUER, &[AUDIENCE.to_owned()], now()).unwrap_err();
        assert_eq!(verify(&sign(b"other")), TokenError::Signature);
        let token = sign(b"secret");
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let (_, others) = token.split_once('.').unwrap();
        assert_eq!(verify(&format!("{header}x.{others}")), TokenError::Malformed);
        let other = key.encode(&json!({"alg": "HS256"}), &json!({"sub": "olga"}));
        let claims = other.split('.').nth(1).unwrap();
        assert_eq!(verify(&format!("{header}.{claims}.{signature}")), TokenError::Signature);
        assert_eq!(verify_signed(&json!({"alg": "none"}), &json!({})), Err(TokenError::Malformed));
        assert_eq!(verify_signed(&json!({"alg": "RS256"}), &json!({})), Err(TokenError::Signature));
        for nonsense in ["", ".", "..", "a.b.c", "a.b"] {
            assert_eq!(verify(nonsense), TokenError::Malformed);
        }
    }

    #[test]
    fn a_client_id_stands_for_an_audience_only_where_there_is_none() {
        let verify = |claims: Value| {
            let mut all = json!({"iss": ISSUER, "exp": now().unix_timestamp() + 60});
            all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
            verify_signed(&json!({"alg": "HS256"}), &all)
        };
        assert_eq!(verify(json!({"client_id": AUDIENCE})), Ok(()));
        assert_eq!(verify(json!({"client_id": "other"})), Err(TokenError::Audience));
        assert_eq!(verify(json!({"client_id": AUDIENCE, "aud": "other"})), Err(TokenError::Audience));
    }

    #[test]
    fn a_token_with_a_missing_or_mistyped_claim_is_refused() {
        let good = json!({"sub": "sam", "iss": ISSUER, "aud": ["other", AUDIENCE], "exp": now().unix_timestamp() + 60});
        let with = |claim: &str, value: Value| {
            let mut claims = good.clone();
            claims[claim] = value;
            verify_signed(&json!({"alg": "HS256"}), &claims)
        };
        assert_eq!(with("sub", "sam".into()), Ok(()));
        for missing in ["exp", "iss", "aud"] {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(missing);
            assert_eq!(verify_signed(&json!({"alg": "HS256"}), &claims), Err(TokenError::Malformed));
        }
        assert_eq!(with("exp", "9999999999".into()), Err(TokenError::Malformed));
        assert_eq!(with("nbf", "9999999999".into()), Err(TokenError::Malformed));
        assert_eq!(with("nbf", (now().unix_timestamp() + 1).into()), Err(TokenError::NotYet));
        assert_eq!(with("nbf", now().unix_timestamp().into()), Ok(()));
        assert_eq!(with("iat", (now().unix_timestamp() + 1).into()), Err(TokenError::NotYet));
        assert_eq!(with("iss", json!([ISSUER])), Err(TokenError::Issuer));
    }
}
