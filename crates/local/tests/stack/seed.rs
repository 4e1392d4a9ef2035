//! The creators of a fresh store.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use lambda_http::{Error, Request, Response, service_fn};
use local::Endpoints;
use local::function::Function;
use local::stack::{Options, Stack, StackError};
use serde_json::Value;

/// An eligibility function that remembers what it was told, and knows nobody in `refused`.
#[derive(Clone, Default)]
struct Eligibility {
    told: Arc<Mutex<Vec<(String, Value)>>>,
    refused: &'static str,
}

impl Eligibility {
    fn functions(&self, _: &Endpoints) -> Result<BTreeMap<&'static str, Function>, Error> {
        let Self { told, refused } = self.clone();
        let put = move |request: Request| {
            let told = Arc::clone(&told);
            async move {
                let path = request.uri().path().to_owned();
                if !refused.is_empty() && path.contains(refused) {
                    return Ok::<_, Error>(Response::builder().status(503).body(String::new())?);
                }
                told.lock().unwrap().push((path, serde_json::from_slice(request.body())?));
                Ok(Response::new("{}".to_owned()))
            }
        };
        Ok(BTreeMap::from([("creator-eligibility", Function::new(service_fn(put)))]))
    }

    async fn start(&self, options: Options) -> Result<Stack, StackError> {
        Stack::start_with(options, |endpoints| self.functions(endpoints)).await
    }

    fn told(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

fn names(told: &[(String, Value)]) -> Vec<&str> {
    told.iter().map(|(path, _)| path.split('/').nth(4).unwrap()).collect()
}

#[tokio::test]
async fn a_fresh_store_gets_ana_bo_and_cy_in_their_different_states() {
    let eligibility = Eligibility::default();
    let stack = eligibility.start(Options::default()).await.unwrap();
    let told = eligibility.told();
    assert_eq!(names(&told), ["ana", "bo", "cy"]);
    let receiving: Vec<&Value> = told.iter().map(|(_, body)| &body["receiving"]).collect();
    assert_eq!(receiving, ["enabled", "by_rollout", "enabled"]);
    assert_eq!(told[2].1.get("stripe_account_id"), None);
    for (_, body) in &told[..2] {
        let account = body["stripe_account_id"].as_str().unwrap();
        let Endpoints { stripe, stripe_secret_key, .. } = stack.endpoints();
        let request = reqwest::Client::new().get(format!("{stripe}/v1/accounts/{account}"));
        let account: Value =
            request.bearer_auth(stripe_secret_key).send().await.unwrap().json().await.unwrap();
        assert_eq!(account["capabilities"]["transfers"], "active");
    }
}

#[tokio::test]
async fn a_store_is_seeded_once_and_not_at_all_when_asked() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(directory.path().to_owned()), ..Options::default() };
    let eligibility = Eligibility::default();
    drop(eligibility.start(options()).await.unwrap());
    assert_eq!(eligibility.told().len(), 3);
    drop(eligibility.start(options()).await.unwrap());
    assert_eq!(eligibility.told(), []);
    drop(eligibility.start(Options { seed: false, ..Options::default() }).await.unwrap());
    assert_eq!(eligibility.told(), []);
}

#[tokio::test]
async fn an_interrupted_seed_is_finished_at_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(directory.path().to_owned()), ..Options::default() };
    let broken = Eligibility { refused: "bo", ..Eligibility::default() };
    let error = broken.start(options()).await.err().unwrap();
    assert_eq!(error.to_string(), "seeding creator bo: /v1/admin/creators/bo/eligibility answered 503");
    let first = broken.told();
    let eligibility = Eligibility::default();
    drop(eligibility.start(options()).await.unwrap());
    let again = eligibility.told();
    assert_eq!(names(&again), ["ana", "bo", "cy"]);
    assert_eq!(first[0], again[0], "ana has the account of the first attempt");
}
