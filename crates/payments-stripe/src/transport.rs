//! The transport to Stripe, and the only sockets of this crate.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The longest accepted reply, in bytes. A page of a hundred balance transactions with their sources has
/// about 700 KB, and each object's metadata can add 27 KB.
pub const RESPONSE_MAX_BYTES: usize = 8 * 1024 * 1024;
/// The time limit for connecting, in seconds.
const CONNECT_LIMIT_S: u64 = 3;
/// How long an idle connection is kept, in seconds: less than Stripe keeps its side.
const IDLE_LIMIT_S: u64 = 55;
/// How many idle connections are kept: few, because a function handles one event at a time.
const IDLE_MAX: usize = 2;

/// Resolves to a whole reply, or to the reason why there is none.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'a>>;

/// Sends a request to Stripe and returns the reply, without retries and with no time limit except its own.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request and reads the whole reply.
    ///
    /// # Errors
    /// [`TransportError`] when there is no whole reply. The request may have taken effect nevertheless.
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        self.as_ref().send(request)
    }
}

/// No whole reply was received.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Connecting failed, or the connection broke before a reply came.
    #[error("the request was not answered")]
    NotAnswered(#[source] Box<dyn Error + Send + Sync>),
    /// The connection broke within the reply.
    #[error("the reply broke off")]
    BrokeOff(#[source] Box<dyn Error + Send + Sync>),
    /// The reply is longer than [`RESPONSE_MAX_BYTES`].
    #[error("the reply is longer than {RESPONSE_MAX_BYTES} bytes")]
    TooLong,
}

/// HTTP/1.1 over kept-alive connections, with rustls and Mozilla's roots; without TLS where the address says
/// `http`.
///
/// The first request creates the TLS configuration with its 140-odd roots, so that it does not delay the
/// function's cold start.
#[derive(Default)]
pub struct HyperTransport {
    client: OnceLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

impl HyperTransport {
    /// A transport that connects with its first request.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self) -> &Client<HttpsConnector<HttpConnector>, Full<Bytes>> {
        self.client.get_or_init(|| {
            let mut http = HttpConnector::new();
            http.enforce_http(false);
            http.set_nodelay(true);
            http.set_connect_timeout(Some(Duration::from_secs(CONNECT_LIMIT_S)));
            let connector = HttpsConnectorBuilder::new()
                .with_tls_config(tls_config())
                .https_or_http()
                .enable_http1()
                .wrap_connector(http);
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(Duration::from_secs(IDLE_LIMIT_S))
                .pool_max_idle_per_host(IDLE_MAX)
                .build(connector)
        })
    }
}

/// Names the crypto provider, because the process's default depends on what else is linked.
fn tls_config() -> rustls::ClientConfig {
    use hyper_rustls::ConfigBuilderExt as _;
    rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring supports rustls's default protocol versions")
        .with_webpki_roots()
        .with_no_client_auth()
}

impl Transport for HyperTransport {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(async move {
            let reply = self
                .client()
                .request(request.map(Full::new))
                .await
                .map_err(|error| TransportError::NotAnswered(error.into()))?;
            let (head, body) = reply.into_parts();
            match Limited::new(body, RESPONSE_MAX_BYTES).collect().await {
                Ok(body) => Ok(Response::from_parts(head, body.to_bytes())),
                Err(error) if error.is::<LengthLimitError>() => Err(TransportError::TooLong),
                Err(error) => Err(TransportError::BrokeOff(error)),
            }
        })
    }
}
