//! AWS's SDK configured directly.
//!
//! `aws-config`'s defaults load the system's TLS roots for an STS client that Lambda never needs, which is
//! most of a start's instructions (docs/adr/0003). Lambda gives credentials and region in the environment.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use std::time::Duration;

/// Amazon's own roots, which sign every endpoint of AWS (<https://www.amazontrust.com/repository/>).
const AMAZON_ROOTS_PEM: &[u8] = include_bytes!("amazon-roots.pem");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPTS: u32 = 3;

/// What every AWS client is built from: region and credentials as Lambda gives them, looked up through
/// `lookup`. It does no I/O.
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
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(lookup("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned())))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts)
        .build()
}

fn http_client() -> aws_smithy_runtime_api::client::http::SharedHttpClient {
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
