//! The origins whose pages may call `/local/*`: the stack's own, and those of `--allow-origin`.
//!
//! The routes hand out operators' tokens. A page of another origin is refused before anything happens, since a browser sends
//! some requests without asking first.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use payments::AllowedOrigins;
use payments_http::Problem;

use crate::api::problem_answer;
use crate::host::HostNames;

/// What is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no origin: give scheme, host and port alone, such as http://localhost:5173")]
pub struct NotAnOrigin(String);

/// The origins that may call.
#[derive(Clone, Debug)]
pub(crate) struct LocalOrigins(Vec<String>);

impl LocalOrigins {
    /// The stack's own origins on `port`, and the `allowed` ones.
    pub(crate) fn new(port: u16, names: &HostNames, allowed: &[String]) -> Result<Self, NotAnOrigin> {
        let mut origins: Vec<String> = ["127.0.0.1", "localhost"]
            .into_iter()
            .chain(names.aliases())
            .map(|name| format!("http://{name}:{port}"))
            .collect();
        for origin in allowed {
            origins.push(parse(origin)?);
        }
        Ok(Self(origins))
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.0
    }

    /// An origin is the stack's own, too, when it is the host that is called: through a forwarded port, for example. Which
    /// hosts may be called is checked before.
    fn allow(&self, origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
        let called = || origin.as_bytes().strip_prefix(b"http://") == host.map(HeaderValue::as_bytes);
        self.0.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) || (host.is_some() && called())
    }
}

/// An origin as browsers send it. They leave out the scheme's own port.
fn parse(text: &str) -> Result<String, NotAnOrigin> {
    let is_plain = !text.is_empty() && text == text.to_ascii_lowercase() && !text.contains([',', ' ']);
    let has_default_port = (text.starts_with("http://") && text.ends_with(":80"))
        || (text.starts_with("https://") && text.ends_with(":443"));
    if is_plain && !has_default_port && AllowedOrigins::parse(text).is_some() {
        Ok(text.to_owned())
    } else {
        Err(NotAnOrigin(text.to_owned()))
    }
}

/// Answers preflights, adds CORS headers for allowed origins, and refuses the pages of others.
pub(crate) async fn allow_origins(
    State(origins): State<Arc<LocalOrigins>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    if !origins.allow(&origin, request.headers().get(header::HOST)) {
        return refused(&origin);
    }
    let mut response =
        if request.method() == Method::OPTIONS { preflight() } else { next.run(request).await };
    allow(response.headers_mut(), origin);
    response
}

fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT"));
    let sent = HeaderValue::from_static("authorization, content-type, last-event-id");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, sent);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
}

fn refused(origin: &HeaderValue) -> Response {
    let origin = String::from_utf8_lossy(origin.as_bytes());
    let detail =
        format!("Pages of {origin} may not call the local stack. Start it with --allow-origin {origin}.");
    let problem = Problem::new(StatusCode::FORBIDDEN, "origin_not_allowed", "Another origin's page", detail);
    problem_answer(problem)
}

#[cfg(test)]
mod tests {
    use super::{LocalOrigins, parse};
    use crate::host::HostNames;
    use http::HeaderValue;

    #[test]
    fn the_stacks_own_origins_are_those_of_its_names_and_of_the_host_that_is_called() {
        let names = HostNames::new(&["10.0.2.2".to_owned()]).unwrap();
        let origins = LocalOrigins::new(3000, &names, &["http://localhost:5173".to_owned()]).unwrap();
        let allowed = |origin: &'static str, host: Option<&'static str>| {
            origins.allow(&HeaderValue::from_static(origin), host.map(HeaderValue::from_static).as_ref())
        };
        for origin in [
            "http://127.0.0.1:3000",
            "http://localhost:3000",
            "http://10.0.2.2:3000",
            "http://localhost:5173",
        ] {
            assert!(allowed(origin, Some("127.0.0.1:3000")), "{origin}");
        }
        assert!(allowed("http://localhost:3001", Some("localhost:3001")), "a forwarded port");
        for origin in ["http://localhost:3001", "http://evil.example", "null", "", "localhost:3000"] {
            assert!(!allowed(origin, Some("localhost:3000")), "{origin}");
            assert!(!allowed(origin, None), "{origin}");
        }
    }

    #[test]
    fn an_origin_is_taken_as_browsers_write_it() {
        for origin in ["http://localhost:5173", "https://app.example.com", "http://[::1]:8080"] {
            assert_eq!(parse(origin).unwrap(), origin);
        }
        for wrong in [
            "",
            "*",
            "null",
            "localhost:5173",
            "http://localhost:5173/",
            "http://localhost:5173/app",
            "http://LOCALHOST:5173",
            "http://localhost:80",
            "https://app.example.com:443",
            "http://a,http://b",
            "capacitor://localhost",
        ] {
            assert!(parse(wrong).unwrap_err().to_string().contains(wrong), "{wrong}");
        }
    }
}
