//! A fresh table for each test.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection, ProjectionType, ScalarAttributeType, TableStatus,
};
use aws_sdk_dynamodb::{Client, config::BehaviorVersion};
use aws_smithy_http_client::Builder as HttpClientBuilder;
use aws_smithy_runtime_api::client::http::HttpClient;
use aws_types::{SdkConfig, region::Region};
use payments_store::{DUE_INDEX, LISTS_INDEX, PARTITION_KEY, SORT_KEY, Store};
use std::collections::HashMap;
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A table for one test, and its server unless `DYNAMODB_ENDPOINT` names another.
pub(crate) struct Table {
    pub(crate) store: Store,
    pub(crate) raw: Client,
    pub(crate) name: String,
    server: Option<JoinHandle<()>>,
    database: Option<dynoxide::Database>,
}

impl Drop for Table {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

pub(crate) fn config(http_client: impl HttpClient + 'static) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client)
        .build()
}

impl Table {
    pub(crate) async fn fresh() -> Self {
        let (endpoint, server, database) = match std::env::var("DYNAMODB_ENDPOINT") {
            Ok(endpoint) => (endpoint, None, None),
            Err(_) => {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let endpoint = format!("http://{}", listener.local_addr().expect("address"));
                let database = dynoxide::Database::memory().expect("database");
                let server = tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
                (endpoint, Some(server), Some(database))
            }
        };
        let name = format!("payments-test-{:016x}", fastrand::u64(..));
        let config = config(HttpClientBuilder::new().build_http());
        let raw_config = aws_sdk_dynamodb::config::Builder::from(&config).endpoint_url(&endpoint).build();
        let raw = Client::from_conf(raw_config);
        let table = Self { store: Store::new(&config, Some(&endpoint), &name), raw, name, server, database };
        table.create().await;
        table
    }

    /// Creates the table of `template.yaml`.
    async fn create(&self) {
        let mut request =
            self.raw.create_table().table_name(&self.name).billing_mode(BillingMode::PayPerRequest);
        for name in [PARTITION_KEY, SORT_KEY, "due_shard", "due_at", "listed_in", "listed_at"] {
            let attribute =
                AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
            request = request.attribute_definitions(attribute.build().expect("attribute"));
        }
        for (name, hash, range) in
            [(DUE_INDEX, "due_shard", "due_at"), (LISTS_INDEX, "listed_in", "listed_at")]
        {
            let index = GlobalSecondaryIndex::builder()
                .index_name(name)
                .set_key_schema(Some(key_schema(hash, range)))
                .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build());
            request = request.global_secondary_indexes(index.build().expect("index"));
        }
        request = request.set_key_schema(Some(key_schema(PARTITION_KEY, SORT_KEY)));
        request.send().await.expect("the table is created");
        while !self.is_active().await {
            tokio::task::yield_now().await;
        }
    }

    async fn is_active(&self) -> bool {
        let answer = self.raw.describe_table().table_name(&self.name).send().await.expect("described");
        answer.table.and_then(|table| table.table_status) == Some(TableStatus::Active)
    }

    pub(crate) async fn item(&self, pk: &str, sk: &str) -> Option<Item> {
        let request = self.raw.get_item().table_name(&self.name).consistent_read(true);
        let request = request.key(PARTITION_KEY, text(pk)).key(SORT_KEY, text(sk));
        request.send().await.expect("read").item
    }

    pub(crate) async fn items(&self, pk: &str) -> Vec<Item> {
        let request = self.raw.query().table_name(&self.name).consistent_read(true);
        let request = request
            .key_condition_expression(format!("{PARTITION_KEY} = :pk"))
            .expression_attribute_values(":pk", text(pk));
        request.send().await.expect("read").items.unwrap_or_default()
    }

    pub(crate) async fn delete(&self, pk: &str, sk: &str) {
        let request = self.raw.delete_item().table_name(&self.name);
        request.key(PARTITION_KEY, text(pk)).key(SORT_KEY, text(sk)).send().await.expect("deleted");
    }

    /// Writes many items, those of the embedded database in one go.
    pub(crate) async fn import(&self, items: Vec<Item>) {
        if let Some(database) = &self.database {
            let items = items.into_iter().map(embedded).collect();
            database.import_items(&self.name, items, dynoxide::ImportOptions::default()).expect("imported");
            return;
        }
        for item in items {
            let request = self.raw.put_item().table_name(&self.name).set_item(Some(item));
            request.send().await.expect("written");
        }
    }

    pub(crate) async fn put(&self, pk: &str, sk: &str, rest: Item) {
        let request = self.raw.put_item().table_name(&self.name).set_item(Some(rest));
        request.item(PARTITION_KEY, text(pk)).item(SORT_KEY, text(sk)).send().await.expect("written");
    }
}

/// An item as the embedded database has it.
fn embedded(item: Item) -> dynoxide::types::Item {
    item.into_iter().map(|(name, value)| (name, embedded_value(value))).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
fn embedded_value(value: AttributeValue) -> dynoxide::types::AttributeValue {
    use dynoxide::types::AttributeValue as Embedded;
    match value {
        AttributeValue::S(text) => Embedded::S(text),
        AttributeValue::N(number) => Embedded::N(number),
        AttributeValue::Bool(flag) => Embedded::BOOL(flag),
        AttributeValue::Null(null) => Embedded::NULL(null),
        AttributeValue::L(list) => Embedded::L(list.into_iter().map(embedded_value).collect()),
        AttributeValue::M(map) => Embedded::M(embedded(map)),
        other => panic!("no item of a payment has {other:?}"),
    }
}

fn key_schema(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("key")
        })
        .collect()
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
