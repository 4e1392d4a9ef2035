//! The address of a deployment.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::{Parts, PathAndQuery, Scheme};

use super::ConsoleError;

/// The address of a deployment's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    scheme: Scheme,
    authority: http::uri::Authority,
    /// The path before `/v1`, such as that of a stage; empty for none.
    prefix: String,
}

impl FromStr for Deployment {
    type Err = ConsoleError;

    /// Parses `https://…`. Without TLS only this machine is accepted, since the token would travel in clear text.
    fn from_str(text: &str) -> Result<Self, ConsoleError> {
        let invalid = || ConsoleError::Address(text.to_owned());
        let Parts { scheme, authority, path_and_query, .. } =
            text.parse::<Uri>().map_err(|_| invalid())?.into_parts();
        let (scheme, authority) = scheme.zip(authority).ok_or_else(invalid)?;
        let path = path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        if authority.as_str().contains('@') || path.query().is_some() || text.contains('#') {
            return Err(invalid());
        }
        let is_here = matches!(authority.host(), "127.0.0.1" | "localhost");
        if scheme != Scheme::HTTPS && !(scheme == Scheme::HTTP && is_here) {
            return Err(ConsoleError::ClearText(text.to_owned()));
        }
        Ok(Self { scheme, authority, prefix: path.path().trim_end_matches('/').to_owned() })
    }
}

impl Deployment {
    /// The deployment's address of a path of the console.
    pub(super) fn uri(&self, path: &PathAndQuery) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{path}", self.prefix))
            .build()
    }
}

impl fmt::Display for Deployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::{ConsoleError, Deployment};

    #[test]
    fn a_path_of_the_console_keeps_its_encoding_below_the_deployments_address() {
        let deployment: Deployment = "https://api.example.com/prod/".parse().unwrap();
        assert_eq!(deployment.to_string(), "https://api.example.com/prod");
        let path = "/v1/admin/creators/a%252Fb/eligibility?x=1".parse().unwrap();
        let uri = deployment.uri(&path).unwrap().to_string();
        assert_eq!(uri, "https://api.example.com/prod/v1/admin/creators/a%252Fb/eligibility?x=1");
    }

    #[test]
    fn a_token_travels_without_tls_only_on_this_machine() {
        for here in ["http://127.0.0.1:3000", "http://localhost:3000/"] {
            assert!(here.parse::<Deployment>().is_ok(), "{here}");
        }
        for clear in ["http://api.example.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1"] {
            assert!(matches!(clear.parse::<Deployment>(), Err(ConsoleError::ClearText(_))), "{clear}");
        }
    }

    #[test]
    fn an_address_has_a_host_and_nothing_that_a_request_would_lose() {
        for invalid in [
            "",
            "api.example.com",
            "https://",
            "https://u:p@a.example",
            "https://a.example?x=1",
            "https://a.example/#x",
        ] {
            assert!(matches!(invalid.parse::<Deployment>(), Err(ConsoleError::Address(_))), "{invalid}");
        }
    }
}
