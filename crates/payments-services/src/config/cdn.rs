//! What a CDN in front of the gateway adds to requests.

use super::Variables;

/// The headers of a CDN, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CdnHeaders {
    /// The one with the sender's address.
    pub address: String,
    /// The one with the secret that shows that the CDN sent the request.
    pub secret: String,
}

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    /// Reads `CLIENT_ADDRESS_HEADER` and `CDN_SECRET_HEADER`. Anybody can send an address, so it needs a secret beside it.
    pub(super) fn cdn_headers(&mut self) -> Option<CdnHeaders> {
        let address = self.read("CLIENT_ADDRESS_HEADER", "", |text| {
            if text.is_empty() { Some(None) } else { header(text).map(Some) }
        })?;
        let secret = self.read("CDN_SECRET_HEADER", "x-cdn-secret", header);
        let has_secret = ["CDN_SECRET_ARN", "CDN_SECRET"]
            .iter()
            .any(|name| self.lookup(name).is_some_and(|value| !value.is_empty()));
        if !has_secret {
            self.wrong.push("CDN_SECRET_ARN");
            self.advice.push(
                "CLIENT_ADDRESS_HEADER (parameter ClientAddressHeader) needs CDN_SECRET_ARN (CdnSecretArn): without the CDN's secret \
                 anybody could send any address"
                    .to_owned(),
            );
        }
        Some(CdnHeaders { address, secret })
    }
}

/// A header's name, of letters, digits and hyphens.
fn header(text: &str) -> Option<String> {
    let is_name = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config;

    fn headers(set: &[(&str, &str)]) -> Result<Option<CdnHeaders>, String> {
        let set = [&[("TABLE_NAME", "t")], set].concat();
        config(&set).map(|config| config.cdn).map_err(|error| error.to_string())
    }

    #[test]
    fn no_header_names_the_sender_unless_the_deployment_says_so() {
        assert_eq!(headers(&[]), Ok(None));
        assert_eq!(headers(&[("CLIENT_ADDRESS_HEADER", ""), ("CDN_SECRET_ARN", "arn")]), Ok(None));
        let set = [("CLIENT_ADDRESS_HEADER", "CloudFront-Viewer-Address"), ("CDN_SECRET_ARN", "arn")];
        let expected =
            CdnHeaders { address: "cloudfront-viewer-address".to_owned(), secret: "x-cdn-secret".to_owned() };
        assert_eq!(headers(&set), Ok(Some(expected)));
    }

    #[test]
    fn a_header_with_an_address_needs_a_secret_beside_it() {
        for secret in [&[][..], &[("CDN_SECRET_ARN", "")]] {
            let set = [&[("CLIENT_ADDRESS_HEADER", "cf-connecting-ip")], secret].concat();
            let refused = headers(&set).unwrap_err();
            assert!(refused.contains("needs CDN_SECRET_ARN (CdnSecretArn)"), "{refused}");
        }
        let wrong = headers(&[("CLIENT_ADDRESS_HEADER", "x y"), ("CDN_SECRET_ARN", "arn")]);
        assert!(wrong.unwrap_err().contains("CLIENT_ADDRESS_HEADER"));
    }
}
