//! Who may use a console: the browser that opened its link, on its own host name.

use std::io;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use payments::Secret;

use crate::random;

/// The path of the link.
pub(super) const OPEN_PATH: &str = "/open";
/// Sent by every current browser: how the page that requests and the page requested are related.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Why a request is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denial {
    /// Another host name, which a web page may have pointed at this machine (DNS rebinding).
    Host,
    /// A page of another origin, which on this machine can have the same host name and so the same cookies.
    Origin,
    /// The link's key is wrong or used.
    Link,
    /// The cookie is missing, or of another run.
    Session,
}

impl Denial {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Host => "host_refused",
            Self::Origin => "origin_refused",
            Self::Link => "link_used",
            Self::Session => "link_needed",
        }
    }

    pub(super) fn detail(self) -> &'static str {
        match self {
            Self::Host => "The console answers at its own address alone.",
            Self::Origin => "The console answers its own page alone.",
            Self::Link => "This link has been used. Press Enter where the console runs for a new one.",
            Self::Session => {
                "Open the link that the console printed. Press Enter where it runs for a new one."
            }
        }
    }
}

/// The secrets of one run.
pub(super) struct Access {
    port: u16,
    /// The value of the cookie.
    session: String,
    /// The key of the link that is not opened yet.
    key: Mutex<Option<Secret>>,
}

impl Access {
    pub(super) fn new(port: u16) -> io::Result<Self> {
        Ok(Self { port, session: random_text()?, key: Mutex::new(None) })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn new_link(&self) -> io::Result<String> {
        let key = random_text()?;
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some(Secret::new(key.as_str()));
        Ok(format!("http://127.0.0.1:{}{OPEN_PATH}?key={key}", self.port))
    }

    /// Refuses other host names and, but for navigations, other origins.
    pub(super) fn check_origin(&self, headers: &HeaderMap) -> Result<(), Denial> {
        let host = text(headers, &header::HOST).unwrap_or_default();
        let own = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port));
        if !own.iter().any(|own| own == host) {
            return Err(Denial::Host);
        }
        match text(headers, &header::ORIGIN) {
            Some(origin) if origin != format!("http://{host}") => Err(Denial::Origin),
            Some(_) | None => Ok(()),
        }
    }

    /// The cookie for the first request with the link's key.
    pub(super) fn open(&self, method: &Method, query: &str) -> Result<HeaderValue, Denial> {
        let given = query.strip_prefix("key=").ok_or(Denial::Link)?;
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if *method != Method::GET || !key.as_ref().is_some_and(|key| key.matches(given.as_bytes())) {
            return Err(Denial::Link);
        }
        *key = None;
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name(), self.session);
        HeaderValue::from_str(&cookie).map_err(|_| Denial::Link)
    }

    /// Checks the cookie, and that the request comes from the console's own page or the address bar.
    pub(super) fn check_session(&self, headers: &HeaderMap) -> Result<(), Denial> {
        if !matches!(text(headers, &SEC_FETCH_SITE), None | Some("same-origin" | "none")) {
            return Err(Denial::Origin);
        }
        let session = Secret::new(self.session.as_str());
        let name = self.cookie_name();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut values = cookies.flat_map(|line| line.split("; ")).filter_map(|each| each.split_once('='));
        if values.any(|(of, value)| of == name && session.matches(value.as_bytes())) {
            Ok(())
        } else {
            Err(Denial::Session)
        }
    }

    /// Cookies do not know ports: two consoles need two names.
    fn cookie_name(&self) -> String {
        format!("console_{}", self.port)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

fn random_text() -> io::Result<String> {
    Ok(hex::encode(random::bytes::<32>()?))
}
