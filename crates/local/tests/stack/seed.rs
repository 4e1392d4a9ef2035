//! The demo creators of a new store.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use lambda_http::{Error, Request, Response, service_fn};
use local::Endpoints;
use local::function::Function;
use local::stack::{Options, Stack, StackError};
use serde_json::Value;

/// An eligibility function that records its requests, and answers 503 for the creator `refused`.
#[derive(Clone, Default)]
struct Eligibility {
    requests: Arc<Mutex<Vec<(String, Value)>>>,
    refused: &'static str,
}

impl Eligibility {
    fn functions(&self, _: &Endpoints) -> Result<BTreeMap<&'static str, Function>, Error> {
        let Self { requests, refused } = self.clone();
        let put = move |request: Request| {
            let requests = Arc::clone(&requests);
            async move {
                let path = request.uri().path().to_owned();
                if !refused.is_empty() && path.contains(refused) {
                    return Ok::<_, Error>(Response::builder().status(503).body(String::new())?);
                }
                requests.lock().unwrap().push((path, serde_json::from_slice(request.body())?));
                Ok(Response::new("{}".to_owned()))
            }
        };
        Ok(BTreeMap::from([("creator-eligibility", Function::new(service_fn(put)))]))
    }

    async fn start(&self, options: Options) -> Result<Stack, StackError> {
        Stack::start_with(options, |endpoints| self.functions(endpoints)).await
    }

    fn requests(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

fn names(requests: &[(String, Value)]) -> Vec<&str> {
    requests.iter().map(|(path, _)| path.split('/').nth(4).unwrap()).collect()
}

#[tokio::test]
async fn a_new_store_gets_ana_bo_and_cy_in_their_different_states() {
    let eligibility = Eligibility::default();
    let stack = eligibility.start(Options::default()).await.unwrap();
    let requests = eligibility.requests();
    assert_eq!(names(&requests), ["ana", "bo", "cy"]);
    let receiving: Vec<&Value> = requests.iter().map(|(_, body)| &body["receiving"]).collect();
    assert_eq!(receiving, ["enabled", "by_rollout", "enabled"]);
    assert_eq!(requests[2].1.get("stripe_account_id"), None);
    for (_, body) in &requests[..2] {
        let account = body["stripe_account_id"].as_str().unwrap();
        let Endpoints { stripe, stripe_secret_key, .. } = stack.endpoints();
        let request = reqwest::Client::new().get(format!("{stripe}/v1/accounts/{account}"));
        let account: Value =
            request.bearer_auth(stripe_secret_key).send().await.unwrap().json().await.unwrap();
        assert_eq!(account["capabilities"]["transfers"], "active");
    }
}

#[tokio::test]
async fn a_store_is_seeded_once_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(directory.path().to_owned()), ..Options::default() };
    let eligibility = Eligibility::default();
    drop(eligibility.start(options()).await.unwrap());
    assert_eq!(eligibility.requests().len(), 3);
    drop(eligibility.start(options()).await.unwrap());
    assert_eq!(eligibility.requests(), []);
    drop(eligibility.start(Options::without_seed()).await.unwrap());
    assert_eq!(eligibility.requests(), []);
}

#[tokio::test]
async fn an_interrupted_seed_is_finished_at_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(directory.path().to_owned()), ..Options::default() };
    let broken = Eligibility { refused: "bo", ..Eligibility::default() };
    let error = broken.start(options()).await.err().unwrap();
    assert_eq!(error.to_string(), "seeding creator bo: /v1/admin/creators/bo/eligibility answered 503");
    let first = broken.requests();
    let eligibility = Eligibility::default();
    drop(eligibility.start(options()).await.unwrap());
    let second = eligibility.requests();
    assert_eq!(names(&second), ["ana", "bo", "cy"]);
    assert_eq!(first[0], second[0], "ana has the account of the first attempt");
}
