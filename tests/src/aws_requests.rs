//! What each function asks of AWS, recorded for `tests/oracles/iam` where `RECORD_REQUESTS` names a folder.

mod permissions;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use futures_util::future::BoxFuture;
use lambda_http::Error;
use local::Endpoints;
use local::function::Function;
use local::functions::{AwsServices, functions_over};
use payments_services::{SecretName, SecretSource, SecretsError};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fs::{File, create_dir_all};
use std::io::Write;
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Of this process: its tests run side by side, and each starts its own stack.
static RECORD: LazyLock<Option<Record>> = LazyLock::new(Record::open);

/// Every permission that was needed, in one line each.
struct Record(Mutex<(HashSet<String>, File)>);

impl Record {
    /// A relative folder is in the workspace, wherever cargo runs a test.
    fn open() -> Option<Self> {
        let folder = std::env::var_os("RECORD_REQUESTS").filter(|folder| !folder.is_empty())?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        create_dir_all(&folder).expect("a folder for the requests");
        let file = File::create(folder.join("requests.jsonl")).expect("a file for the requests");
        Some(Self(Mutex::new((HashSet::new(), file))))
    }

    fn add(&self, function: &str, needed: impl IntoIterator<Item = Value>) {
        let mut record = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, file) = &mut *record;
        for mut permission in needed {
            permission["function"] = function.into();
            let line = permission.to_string();
            if !known.contains(&line) {
                writeln!(file, "{line}").expect("a recorded request");
                known.insert(line);
            }
        }
    }
}

/// Every function of a stack by name, recorded.
///
/// # Errors
/// When a function cannot be built from these endpoints.
pub fn functions(endpoints: &Endpoints) -> Result<BTreeMap<&'static str, Function>, Error> {
    functions_over(endpoints, recorded)
}

/// What a function uses of AWS, recorded.
pub(crate) fn recorded(function: &'static str, aws: AwsServices) -> AwsServices {
    let Some(record) = RECORD.as_ref() else { return aws };
    let inner = aws.sdk.http_client().expect("the configuration brings an HTTP client");
    let client = Client { function, record, inner };
    AwsServices {
        sdk: aws.sdk.to_builder().http_client(client).build(),
        secrets: Box::new(RecordedSecrets { function, record, inner: aws.secrets }),
    }
}

#[derive(Debug)]
struct Client {
    function: &'static str,
    record: &'static Record,
    inner: SharedHttpClient,
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { function: self.function, record: self.record, inner })
    }
}

#[derive(Debug)]
struct Connector {
    function: &'static str,
    record: &'static Record,
    inner: SharedHttpConnector,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        self.record.add(self.function, permissions::needed(target, body));
        self.inner.call(request)
    }
}

struct RecordedSecrets {
    function: &'static str,
    record: &'static Record,
    inner: Box<dyn SecretSource>,
}

impl SecretSource for RecordedSecrets {
    fn is_configured(&self, name: SecretName) -> bool {
        self.inner.is_configured(name)
    }

    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        self.record.add(self.function, [permissions::needed_for_secret(name)]);
        self.inner.fetch(name)
    }
}

/// Its lines are in the file.
impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Record")
    }
}
