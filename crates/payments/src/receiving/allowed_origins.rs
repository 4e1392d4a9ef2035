//! Where Stripe may redirect a creator to: pages of the app only, so that no onboarding link is an open redirect.

use crate::parameter_list::parse_list;

/// The longest URL that is accepted.
const URL_MAX_BYTES: usize = 2_048;

/// The origins of the app's pages, from the deployment's parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<String>);

/// The URL of a page of the app, checked against the allowed origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(String);

impl AllowedOrigins {
    /// Parses `https://app.example.com,http://127.0.0.1:3000`: scheme, host and port only. `None` when an entry is
    /// anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_list(text, |entry| is_origin(entry).then(|| entry.to_owned())).map(Self).ok()
    }

    /// The URL, if its origin is allowed. The text after the origin must be empty or begin with `/`, `?` or `#`, so
    /// that neither `https://app.example.com.evil.example` nor `https://app.example.com@evil.example` passes.
    #[must_use]
    pub fn admit(&self, url: &str) -> Option<ReturnUrl> {
        let is_plain = url.len() <= URL_MAX_BYTES
            && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>`{}|^".contains(&byte));
        let has_origin = |origin: &String| {
            url.strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        };
        (is_plain && self.0.iter().any(has_origin)).then(|| ReturnUrl(url.to_owned()))
    }
}

impl ReturnUrl {
    /// The URL as the caller sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_origin(text: &str) -> bool {
    let authority = ["https://", "http://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
    authority.is_some_and(|authority| {
        !authority.is_empty()
            && authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(url: &str) -> bool {
        let origins =
            AllowedOrigins::parse("https://app.example.com, http://127.0.0.1:3000").expect("origins");
        origins.admit(url).is_some_and(|admitted| admitted.as_str() == url)
    }

    #[test]
    fn pages_of_an_allowed_origin_are_admitted() {
        for url in [
            "https://app.example.com",
            "https://app.example.com/",
            "https://app.example.com/settings?tab=money#end",
            "https://app.example.com?done",
            "http://127.0.0.1:3000/creator.html",
        ] {
            assert!(admits(url), "{url}");
        }
    }

    #[test]
    fn urls_that_lead_elsewhere_are_not_admitted() {
        for url in [
            "",
            "/settings",
            "//app.example.com",
            "javascript:alert(1)",
            "https://app.example.com.evil.example/",
            "https://app.example.com@evil.example/",
            "https://app.example.com:444/",
            "https://app.example.com\\@evil.example/",
            "https://app.example.com/\\evil.example",
            "https://app.example.com/a b",
            "https://app.example.com/\n",
            "https://evil.example/https://app.example.com/",
            "http://app.example.com/",
            "HTTPS://APP.EXAMPLE.COM/",
            "http://127.0.0.1:30001/",
            "https://app.example.com/ü",
        ] {
            assert!(!admits(url), "{url}");
        }
        assert!(!admits(&format!("https://app.example.com/{}", "x".repeat(2_048))));
    }

    #[test]
    fn nothing_is_admitted_when_no_origin_is_allowed() {
        assert_eq!(AllowedOrigins::parse("").expect("none").admit("https://app.example.com/"), None);
    }

    #[test]
    fn an_origin_has_scheme_host_and_port_only() {
        for bad in
            ["app.example.com", "https://", "https://a/b", "ftp://a", "https://a?b", "https://u@a", "*"]
        {
            assert_eq!(AllowedOrigins::parse(bad), None, "{bad}");
        }
    }
}
