//! The address of Stripe's API.

use http::Uri;
use http::uri::{Authority, Scheme};

const STRIPE_API: &str = "https://api.stripe.com";
/// The version in every path; the API version itself goes in a header.
const PATH_PREFIX: &str = "/v1";

/// The origin that requests go to: `https://api.stripe.com`, or a stand-in's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiBase {
    scheme: Scheme,
    authority: Authority,
}

/// The text is not an origin: `http` or `https`, a host, and nothing after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Stripe's API base must be an http(s) origin without a path")]
pub struct ApiBaseError;

impl ApiBase {
    /// Parses an origin such as `http://127.0.0.1:12111`; it may end with a slash.
    ///
    /// # Errors
    /// [`ApiBaseError`] for another scheme, a missing host, user information, a path or a query.
    pub fn parse(origin: &str) -> Result<Self, ApiBaseError> {
        let parts = origin.parse::<Uri>().map_err(|_| ApiBaseError)?.into_parts();
        let scheme = parts
            .scheme
            .filter(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS)
            .ok_or(ApiBaseError)?;
        let authority =
            parts.authority.filter(|authority| !authority.as_str().contains('@')).ok_or(ApiBaseError)?;
        if parts.path_and_query.is_some_and(|path| path.as_str() != "/") {
            return Err(ApiBaseError);
        }
        Ok(Self { scheme, authority })
    }

    /// Whether requests travel without TLS.
    pub(crate) fn is_clear_text(&self) -> bool {
        self.scheme == Scheme::HTTP
    }

    /// The address of a path such as `/payment_intents`, with its query.
    pub(crate) fn uri(&self, path: &str, query: Option<&str>) -> Result<Uri, http::Error> {
        let Self { scheme, authority } = self;
        let query = query.filter(|query| !query.is_empty()).map(|query| format!("?{query}"));
        Ok(format!("{scheme}://{authority}{PATH_PREFIX}{path}{}", query.unwrap_or_default()).parse()?)
    }
}

impl Default for ApiBase {
    fn default() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static(STRIPE_API.trim_start_matches("https://")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_stripe_itself_over_tls() {
        assert_eq!(ApiBase::default(), ApiBase::parse(STRIPE_API).expect("origin"));
        assert!(!ApiBase::default().is_clear_text());
    }

    #[test]
    fn an_origin_is_taken_with_or_without_its_slash() {
        for origin in ["http://127.0.0.1:12111", "http://127.0.0.1:12111/"] {
            let base = ApiBase::parse(origin).expect("origin");
            let uri = base.uri("/payment_intents/pi_1", Some("expand[0]=latest_charge")).expect("uri");
            assert_eq!(
                uri.to_string(),
                "http://127.0.0.1:12111/v1/payment_intents/pi_1?expand[0]=latest_charge"
            );
        }
        assert_eq!(
            ApiBase::default().uri("/accounts/acct_1", Some("")).expect("uri").to_string(),
            "https://api.stripe.com/v1/accounts/acct_1"
        );
    }

    #[test]
    fn what_is_not_an_origin_is_refused() {
        for bad in [
            "",
            "api.stripe.com",
            "/v1",
            "ftp://api.stripe.com",
            "https://",
            "https://api.stripe.com/v1",
            "https://api.stripe.com/?a=b",
            "https://user:pass@api.stripe.com",
            "https://a b",
        ] {
            assert_eq!(ApiBase::parse(bad), Err(ApiBaseError), "{bad}");
        }
    }
}
