//! The configuration of AWS's SDK, built without `aws-config`.
//!
//! `aws-config` loads the system's TLS roots for an STS client that Lambda does not need, which takes most of the
//! instructions of a cold start (docs/adr/0003). Lambda provides credentials and region in the environment.

use crate::waits::{Peer, waiting_for};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use std::{sync::OnceLock, time::Duration};

/// Amazon's root certificates, to which every AWS endpoint chains (<https://www.amazontrust.com/repository/>).
const AMAZON_ROOTS_PEM: &[u8] = include_bytes!("amazon-roots.pem");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPTS: u32 = 3;
/// DynamoDB and Secrets Manager answer in milliseconds. The SDK's default pauses, from one second to twenty, would use
/// up a function's time limit.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// Builds the configuration that all AWS clients share, with region and credentials from `lookup`. It does no I/O.
#[must_use]
pub fn sdk_config(lookup: impl Fn(&str) -> Option<String>) -> SdkConfig {
    let variable = |name| lookup(name).unwrap_or_default();
    let credentials = Credentials::from_keys(
        variable("AWS_ACCESS_KEY_ID"),
        variable("AWS_SECRET_ACCESS_KEY"),
        lookup("AWS_SESSION_TOKEN"),
    );
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(lookup("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned())))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(LazyHttpClient::default())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(retries)
        .timeout_config(timeouts)
        .build()
}

/// An HTTP client that reads its root certificates at the first call. The SDK's own client reads them whenever an AWS
/// client is built, which lengthens the cold start.
#[derive(Debug, Default)]
struct LazyHttpClient(OnceLock<SharedHttpClient>);

impl HttpClient for LazyHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.0.get_or_init(http_client).http_connector(settings, components);
        SharedHttpConnector::new(MeasuredConnector(inner))
    }
}

/// Counts how long a request waits for the table.
#[derive(Debug)]
struct MeasuredConnector(SharedHttpConnector);

impl HttpConnector for MeasuredConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let is_of_table = target.starts_with("DynamoDB_");
        let answer = self.0.call(request);
        if is_of_table { HttpConnectorFuture::new(waiting_for(Peer::Table, answer)) } else { answer }
    }
}

/// The client also accepts `http://`, for an endpoint on the same machine.
fn http_client() -> SharedHttpClient {
    let roots = tls::TrustStore::empty().with_pem_certificate(AMAZON_ROOTS_PEM);
    let context = tls::TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .expect("a trust store alone is always a valid context");
    Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .tls_context(context)
        .build_https()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_secretsmanager::{Client, config::Builder as ClientBuilder};
    use base64::{Engine, prelude::BASE64_STANDARD};
    use sha2::{Digest, Sha256};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    #[test]
    fn the_roots_are_amazon_s_five() {
        // The SHA-256 of each certificate, from Mozilla's list of root certificates.
        let known = [
            "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
            "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
            "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
            "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
            "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
        ];
        let pem = std::str::from_utf8(AMAZON_ROOTS_PEM).unwrap();
        let fingerprints: Vec<_> = pem
            .split("-----BEGIN CERTIFICATE-----")
            .skip(1)
            .map(|rest| {
                let text: String = rest.split("-----END").next().unwrap().split_whitespace().collect();
                hex::encode(Sha256::digest(BASE64_STANDARD.decode(text).unwrap()))
            })
            .collect();
        assert_eq!(fingerprints, known);
    }

    #[test]
    fn a_retry_pauses_for_a_part_of_the_time_that_a_request_may_take() {
        let config = sdk_config(|_| None);
        let retries = config.retry_config().unwrap();
        assert!(retries.initial_backoff() <= Duration::from_millis(50));
        assert!(retries.max_backoff() <= OPERATION_TIMEOUT / 10);
    }

    #[test]
    fn the_client_can_read_the_roots() {
        // The SDK reads the certificates when it builds a client, and panics if it cannot.
        let config = ClientBuilder::from(&sdk_config(|_| None)).http_client(http_client()).build();
        let _ = Client::from_conf(config);
    }

    #[tokio::test]
    async fn an_endpoint_on_this_machine_is_reached_without_tls() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 4];
            stream.read_exact(&mut asked).await.unwrap();
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\n\
                          content-length: 20\r\nconnection: close\r\n\r\n{\"SecretString\":\"s\"}";
            stream.write_all(answer.as_bytes()).await.unwrap();
            asked
        });
        let config = ClientBuilder::from(&sdk_config(|_| None)).endpoint_url(endpoint).build();
        let answer = Client::from_conf(config).get_secret_value().secret_id("a").send().await.unwrap();
        assert_eq!(answer.secret_string(), Some("s"));
        assert_eq!(&server.await.unwrap(), b"POST");
    }
}
