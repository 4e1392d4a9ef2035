//! The host names that the stack's ports accept.

use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header;
use http::uri::Authority;

use crate::gateway::Refusal;

/// The names of this machine for a caller on it.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// An alias that is no host's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no host's name: give a name or an address without scheme and port, such as 10.0.2.2")]
pub struct NotAHostName(String);

/// The names by which the stack may be called.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostNames {
    aliases: Vec<String>,
}

impl HostNames {
    pub(crate) fn new(aliases: &[String]) -> Result<Self, NotAHostName> {
        let aliases = aliases.iter().map(|alias| host_name(alias)).collect::<Result<_, _>>()?;
        Ok(Self { aliases })
    }

    /// The names as they stand in URLs.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(String::as_str)
    }

    /// The alias by which a request calls the stack.
    pub(crate) fn alias_of(&self, headers: &HeaderMap) -> Option<&str> {
        let name = called_name(headers)?;
        self.aliases().find(|alias| *alias == name)
    }

    /// A caller on another machine can send any name, so the loopback's count only from this machine.
    fn accept(&self, headers: &HeaderMap, peer: SocketAddr) -> bool {
        let is_here = peer.ip().to_canonical().is_loopback();
        let is_loopback =
            || called_name(headers).is_some_and(|name| LOOPBACK.contains(&name.as_str()) && is_here);
        is_loopback() || self.alias_of(headers).is_some()
    }
}

/// Refuses other host names with 403, as AWS does. Otherwise a web page could point its own name here (DNS rebinding)
/// and request tokens.
pub(crate) async fn require_known_host(
    State(names): State<Arc<HostNames>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if names.accept(request.headers(), peer) {
        next.run(request).await
    } else {
        Refusal::UnknownHost.into_response()
    }
}

fn called_name(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok().filter(|host| !host.contains('@'))?;
    Some(host.parse::<Authority>().ok()?.host().to_ascii_lowercase())
}

fn host_name(alias: &str) -> Result<String, NotAHostName> {
    let name =
        if alias.parse::<Ipv6Addr>().is_ok() { format!("[{alias}]") } else { alias.to_ascii_lowercase() };
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    let is_host = name.parse::<Authority>().is_ok_and(|authority| authority.host() == name);
    if is_plain && is_host { Ok(name) } else { Err(NotAHostName(alias.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::HostNames;
    use http::{HeaderMap, header};
    use std::net::SocketAddr;

    fn accepted(aliases: &[&str], host: &str, peer: &str) -> bool {
        let aliases: Vec<String> = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
        HostNames::new(&aliases).unwrap().accept(&headers, SocketAddr::new(peer.parse().unwrap(), 40_000))
    }

    #[test]
    fn this_machine_is_called_by_the_names_of_its_loopback_and_by_aliases() {
        for host in ["127.0.0.1:3000", "localhost:3000", "LOCALHOST", "[::1]:3000", "[::1]"] {
            assert!(accepted(&[], host, "127.0.0.1"), "{host}");
            assert!(accepted(&[], host, "::1") && accepted(&[], host, "::ffff:127.0.0.1"), "{host}");
        }
        for host in ["10.0.2.2:3000", "10.0.2.2"] {
            assert!(accepted(&["10.0.2.2"], host, "127.0.0.1"));
            assert!(!accepted(&[], host, "127.0.0.1"));
        }
        assert!(accepted(&["Laptop.local"], "laptop.LOCAL:3000", "127.0.0.1"));
        assert!(accepted(&["fe80::1"], "[fe80::1]:3000", "127.0.0.1"));
        for host in
            ["rebound.example", "127.0.0.1.rebound.example", "localhost.rebound.example:3000", "a@localhost"]
        {
            assert!(!accepted(&["10.0.2.2"], host, "127.0.0.1"), "{host}");
        }
    }

    #[test]
    fn another_machine_calls_by_an_alias_alone() {
        assert!(accepted(&["host.docker.internal"], "host.docker.internal:3000", "172.17.0.2"));
        for host in ["127.0.0.1:3000", "localhost", "[::1]", "172.17.0.1:3000", ""] {
            assert!(!accepted(&["host.docker.internal"], host, "172.17.0.2"), "{host}");
        }
    }

    #[test]
    fn an_alias_is_a_name_or_an_address_alone() {
        for wrong in ["", "http://laptop", "laptop:3000", "lap top", "laptop/", "*", "user@laptop"] {
            assert!(HostNames::new(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
