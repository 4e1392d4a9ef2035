//! The sender's address: the gateway's source address, or behind a CDN the one that the CDN names.

use crate::request::source_address;
use lambda_http::Request;
use payments::Secret;
use payments_services::{CdnHeaders, SecretsError, Services};
use std::net::{IpAddr, SocketAddr};

/// CloudFront writes an address and a port, and IPv6 without brackets, so that with a short port the whole is an address, too
/// (<https://github.com/DataDog/dd-trace-py/issues/14864>).
const CLOUDFRONT: &str = "cloudfront-viewer-address";

/// Returns the sender's address. The CDN's header counts only with its secret; in every other request the source address does,
/// which for those that come by the CDN is the edge's.
///
/// # Errors
/// [`SecretsError`] when the CDN's secret is unavailable: strangers would share the edge's limits.
pub async fn client_address(services: &Services, request: &Request) -> Result<Option<IpAddr>, SecretsError> {
    let source = source_address(request);
    let Some(cdn) = &services.config.cdn else { return Ok(source) };
    if header(request, &cdn.secret).is_none() {
        return Ok(source);
    }
    Ok(named_by_cdn(cdn, &services.secrets.cdn_secrets().await?, request).or(source))
}

fn named_by_cdn(cdn: &CdnHeaders, secrets: &[Secret], request: &Request) -> Option<IpAddr> {
    let given = header(request, &cdn.secret)?.as_bytes();
    let is_from_cdn = secrets.iter().fold(false, |known, secret| secret.matches(given) | known);
    header(request, &cdn.address).filter(|_| is_from_cdn).and_then(|text| address(&cdn.address, text))
}

/// A header that is given once.
fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn address(header: &str, text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if header == CLOUDFRONT {
        let (address, _port) = text.rsplit_once(':')?;
        return address.trim_start_matches('[').trim_end_matches(']').parse().ok();
    }
    text.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::{Body, http::Request as HttpRequest};

    fn named(header: &str, headers: &[(&str, &str)]) -> Option<String> {
        let cdn = CdnHeaders { address: header.to_owned(), secret: "x-cdn-secret".to_owned() };
        let request = headers
            .iter()
            .fold(HttpRequest::builder(), |request, (name, value)| request.header(*name, *value));
        let secrets = [Secret::new("new"), Secret::new("old")];
        named_by_cdn(&cdn, &secrets, &request.body(Body::Empty).unwrap()).map(|address| address.to_string())
    }

    #[test]
    fn the_cdns_address_counts_with_one_of_its_secrets_only() {
        let with = |secret| {
            named("cf-connecting-ip", &[("cf-connecting-ip", "192.0.2.1"), ("x-cdn-secret", secret)])
        };
        assert_eq!((with("new"), with("old")), (Some("192.0.2.1".to_owned()), Some("192.0.2.1".to_owned())));
        for wrong in ["", "ne", "newer", "new,old", "NEW"] {
            assert_eq!(with(wrong), None, "{wrong}");
        }
        assert_eq!(named("cf-connecting-ip", &[("cf-connecting-ip", "192.0.2.1")]), None);
        let twice = [("cf-connecting-ip", "192.0.2.1"), ("x-cdn-secret", "new"), ("x-cdn-secret", "new")];
        assert_eq!(named("cf-connecting-ip", &twice), None);
        assert_eq!(named("cf-connecting-ip", &[("x-cdn-secret", "new")]), None);
    }

    #[test]
    fn addresses_are_read_with_and_without_a_port() {
        for (header, text, expected) in [
            (CLOUDFRONT, "198.51.100.10:46532", Some("198.51.100.10")),
            (CLOUDFRONT, "2001:db8::9:9985", Some("2001:db8::9")),
            (CLOUDFRONT, "2001:db8:1:2:3:4:5:6:443", Some("2001:db8:1:2:3:4:5:6")),
            (CLOUDFRONT, "[2001:db8::9]:443", Some("2001:db8::9")),
            (CLOUDFRONT, "198.51.100.10", None),
            ("cf-connecting-ip", "198.51.100.10", Some("198.51.100.10")),
            ("cf-connecting-ip", "2001:db8::9", Some("2001:db8::9")),
            ("true-client-ip", "198.51.100.10:80", Some("198.51.100.10")),
            ("true-client-ip", "[2001:db8::9]:80", Some("2001:db8::9")),
            ("x-forwarded-for", "192.0.2.1, 198.51.100.10", None),
            ("true-client-ip", "unknown", None),
            ("true-client-ip", "", None),
        ] {
            let read = address(header, text).map(|address| address.to_string());
            assert_eq!(read.as_deref(), expected, "{header}: {text}");
        }
    }
}
