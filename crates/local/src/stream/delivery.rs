//! Delivery of a batch until it is handled or becomes a dead letter, as by Lambda's event source mapping
//! (<https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>).

use std::sync::Arc;
use std::time::Duration;

use lambda_http::Context;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::DeadLetters;
use super::reader::sequence_number;
use crate::function::Function;
use crate::template::StreamMapping;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// Delivers a stream's batches to one function.
pub(super) struct Delivery {
    pub(super) function: Function,
    pub(super) mapping: StreamMapping,
    pub(super) timeout: Duration,
    pub(super) dead_letters: Arc<DeadLetters>,
}

/// A function's response to a batch.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    batch_item_failures: Vec<Failure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

/// The outcome of one attempt.
enum Outcome {
    Handled,
    /// The records from this index on failed.
    FailedFrom(usize),
    /// The function failed as a whole.
    Failed,
}

impl Delivery {
    /// Delivers records of one shard in order, and returns when each is handled or a dead letter.
    pub(super) async fn deliver(&self, shard: &str, records: Vec<Value>) {
        let accepted: Vec<Value> =
            records.into_iter().filter(|record| self.mapping.accepts(record)).collect();
        if accepted.is_empty() {
            return;
        }
        let mut waiting = vec![accepted];
        let (mut attempts, mut pause) = (0, FIRST_PAUSE);
        while let Some(mut batch) = waiting.pop() {
            match self.invoke(&batch).await {
                Outcome::Handled => (attempts, pause) = (0, FIRST_PAUSE),
                Outcome::FailedFrom(index) if index > 0 => {
                    waiting.push(batch.split_off(index));
                    (attempts, pause) = (0, FIRST_PAUSE);
                }
                // A split does not count as an attempt.
                Outcome::Failed if self.mapping.bisect && batch.len() > 1 => {
                    let rest = batch.split_off(batch.len() / 2);
                    waiting.extend([rest, batch]);
                }
                Outcome::FailedFrom(_) | Outcome::Failed if attempts < self.mapping.retries => {
                    attempts += 1;
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    waiting.push(batch);
                }
                Outcome::FailedFrom(_) | Outcome::Failed => {
                    tracing::error!(records = batch.len(), "records of the stream become a dead letter");
                    self.dead_letters.add(self.letter(shard, &batch, attempts + 1));
                    (attempts, pause) = (0, FIRST_PAUSE);
                }
            }
        }
    }

    async fn invoke(&self, batch: &[Value]) -> Outcome {
        let event = json!({"Records": batch}).to_string().into_bytes();
        let invocation = self.function.invoke(event, Context::default());
        // A panic ends only this invocation.
        let answer = match tokio::spawn(timeout(self.timeout, invocation)).await {
            Ok(Ok(Ok(payload))) => serde_json::from_slice::<Answer>(&payload),
            Ok(Ok(Err(error))) => {
                tracing::warn!(function = self.mapping.function, %error, "the function failed");
                return Outcome::Failed;
            }
            Ok(Err(_)) | Err(_) => return Outcome::Failed,
        };
        match answer {
            Ok(answer) if !self.mapping.reports_failures || answer.batch_item_failures.is_empty() => {
                Outcome::Handled
            }
            Ok(answer) => {
                let index = |failure: &Failure| {
                    batch.iter().position(|record| sequence_number(record) == failure.item_identifier)
                };
                // An identifier of no record of the batch fails the whole batch.
                let indexes: Option<Vec<usize>> = answer.batch_item_failures.iter().map(index).collect();
                Outcome::FailedFrom(indexes.and_then(|indexes| indexes.into_iter().min()).unwrap_or(0))
            }
            Err(_) => Outcome::Failed,
        }
    }

    /// A dead letter: as in AWS, with the records' sequence numbers and without the records.
    fn letter(&self, shard: &str, batch: &[Value], attempts: u32) -> Value {
        let number = |record: Option<&Value>| record.map(sequence_number).unwrap_or_default().to_owned();
        json!({
            "requestContext": {
                "functionArn": self.mapping.function,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": attempts,
            },
            "version": "1.0",
            "DDBStreamBatchInfo": {
                "shardId": shard,
                "startSequenceNumber": number(batch.first()),
                "endSequenceNumber": number(batch.last()),
                "batchSize": batch.len(),
                "streamArn": batch.first().map(|record| record["eventSourceARN"].clone()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// A delivery to a function that fails at these sequence numbers and logs its batches.
    fn delivery(failing: &'static [u32], log: &Arc<Mutex<Vec<String>>>) -> Delivery {
        let log = log.clone();
        let function = Function::of_events(move |event| {
            let batch: Value = serde_json::from_slice(&event).expect("JSON");
            let names: Vec<u32> = batch["Records"]
                .as_array()
                .expect("records")
                .iter()
                .map(|record| sequence_number(record).parse().expect("a number"))
                .collect();
            log.lock().expect("log").push(names.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
            let fault = names.iter().position(|name| failing.contains(name));
            async move {
                match fault {
                    None => Ok(br#"{"batchItemFailures": []}"#.to_vec()),
                    Some(0) => Err("failing".into()),
                    Some(at) => {
                        let failed =
                            json!({"batchItemFailures": [{"itemIdentifier": names[at].to_string()}]});
                        Ok(failed.to_string().into_bytes())
                    }
                }
            }
        });
        let mapping = StreamMapping {
            function: "publish".to_owned(),
            batch_size: 100,
            bisect: true,
            reports_failures: true,
            retries: 1,
            filters: Vec::new(),
        };
        let dead_letters = Arc::new(DeadLetters::load(None));
        Delivery { function, mapping, timeout: Duration::from_secs(5), dead_letters }
    }

    fn records(names: std::ops::Range<u32>) -> Vec<Value> {
        names.map(|name| json!({"dynamodb": {"SequenceNumber": name.to_string()}})).collect()
    }

    async fn delivered(failing: &'static [u32]) -> (Vec<String>, Vec<Value>) {
        let log = Arc::default();
        let delivery = delivery(failing, &log);
        delivery.deliver("shard", records(1..6)).await;
        let letters = delivery.dead_letters.all();
        (log.lock().expect("log").clone(), letters)
    }

    #[tokio::test]
    async fn a_batch_without_failures_is_delivered_once() {
        assert_eq!(delivered(&[]).await, (vec!["1,2,3,4,5".to_owned()], vec![]));
    }

    #[tokio::test]
    async fn only_the_failing_record_becomes_a_dead_letter() {
        let (log, letters) = delivered(&[3]).await;
        assert_eq!(log, ["1,2,3,4,5", "3,4,5", "3", "3", "4,5"]);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["DDBStreamBatchInfo"]["startSequenceNumber"], "3");
        assert_eq!(letters[0]["requestContext"]["approximateInvokeCount"], 2);
    }

    #[tokio::test]
    async fn two_adjacent_failing_records_become_separate_dead_letters() {
        let (_, letters) = delivered(&[1, 2]).await;
        let names: Vec<_> = letters.iter().map(|letter| &letter["DDBStreamBatchInfo"]["batchSize"]).collect();
        assert_eq!(names, [1, 1]);
    }
}
