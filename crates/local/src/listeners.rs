//! Listens on a port: on this machine, and with `--host` on one more address.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Why a port cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("port {port} is in use; choose another with {flag}")]
    PortInUse {
        port: u16,
        /// The flag that sets the port.
        flag: &'static str,
    },
    #[error("cannot listen on {address} ({flag}): {source}{}", advice(*address, source))]
    Bind {
        address: SocketAddr,
        /// The flag that sets the port.
        flag: &'static str,
        source: io::Error,
    },
}

fn advice(address: SocketAddr, error: &io::Error) -> &'static str {
    let is_foreign = error.kind() == io::ErrorKind::AddrNotAvailable && !address.ip().is_loopback();
    if is_foreign { "; --host has to be an address of this machine, or 0.0.0.0 for all of them" } else { "" }
}

/// One port, on one or two addresses.
pub(crate) struct Listeners {
    /// Where this machine reaches the port.
    pub(crate) address: SocketAddr,
    pub(crate) listeners: Vec<TcpListener>,
}

impl Listeners {
    /// Listens on the loopback, and on `host` as well. An unspecified `host` has the loopback in it.
    pub(crate) async fn bind(host: IpAddr, port: u16, flag: &'static str) -> Result<Self, ListenError> {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let first = if host.is_unspecified() { host } else { local };
        let mut listeners = vec![bind(SocketAddr::new(first, port), flag).await?];
        let failed = |source| ListenError::Bind { address: SocketAddr::new(first, port), flag, source };
        let port = listeners[0].local_addr().map_err(failed)?.port();
        if host != first {
            listeners.push(bind(SocketAddr::new(host, port), flag).await?);
        }
        Ok(Self { address: SocketAddr::new(local, port), listeners })
    }

    /// Serves `router` on each address, with the caller's address known to it.
    pub(crate) fn serve(self, tasks: &mut JoinSet<()>, router: Router) {
        for listener in self.listeners {
            let service = router.clone().into_make_service_with_connect_info::<SocketAddr>();
            tasks.spawn(async move {
                if let Err(error) = axum::serve(listener, service).await {
                    tracing::error!(%error, "a port is served no more");
                }
            });
        }
    }

    /// The URL for callers on this machine.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library adds variants")]
async fn bind(address: SocketAddr, flag: &'static str) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::PortInUse { port: address.port(), flag },
        _ => ListenError::Bind { address, flag, source },
    })
}

#[cfg(test)]
mod tests {
    use super::Listeners;
    use std::net::IpAddr;

    async fn addresses(host: &str) -> Vec<String> {
        let bound = Listeners::bind(host.parse().unwrap(), 0, "--api-port").await.unwrap();
        assert_eq!(bound.address.ip(), IpAddr::from([127, 0, 0, 1]));
        let port = format!(":{}", bound.address.port());
        let all = bound.listeners.iter().map(|listener| listener.local_addr().unwrap().to_string());
        all.map(|address| address.strip_suffix(&port).unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn a_port_is_always_open_to_this_machine_and_to_nobody_else_without_a_host() {
        assert_eq!(addresses("127.0.0.1").await, ["127.0.0.1"]);
        assert_eq!(addresses("127.0.0.2").await, ["127.0.0.1", "127.0.0.2"]);
        assert_eq!(addresses("0.0.0.0").await, ["0.0.0.0"]);
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_named_with_what_is_allowed() {
        let refused = Listeners::bind(IpAddr::from([192, 0, 2, 1]), 0, "--api-port").await.err().unwrap();
        let message = refused.to_string();
        assert!(
            message.contains("192.0.2.1") && message.contains("--host has to be an address"),
            "{message}"
        );
    }
}
