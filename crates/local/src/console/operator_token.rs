//! The operator's access token.

use std::str::FromStr;

use http::HeaderValue;

use super::ConsoleError;

/// An access token as the header that bears it. `Debug` hides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorToken(HeaderValue);

impl FromStr for OperatorToken {
    type Err = ConsoleError;

    /// Takes a token as it is pasted: with blanks around it, and with or without `Bearer`.
    fn from_str(text: &str) -> Result<Self, ConsoleError> {
        let token = text.trim();
        let token = token.strip_prefix("Bearer ").map_or(token, str::trim);
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConsoleError::NotAToken);
        }
        let mut value =
            HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| ConsoleError::NotAToken)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl OperatorToken {
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::OperatorToken;

    #[test]
    fn a_pasted_token_becomes_one_header_that_debug_hides() {
        for pasted in ["abc.def", "  abc.def\r\n", "Bearer abc.def"] {
            let token: OperatorToken = pasted.parse().unwrap();
            assert_eq!(token.header(), "Bearer abc.def");
            assert!(!format!("{token:?}").contains("abc"));
        }
        for other in ["", "  ", "two words", "a\u{8}b", "é"] {
            assert!(other.parse::<OperatorToken>().is_err(), "{other:?}");
        }
    }
}
