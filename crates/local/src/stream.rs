//! The table's stream, read as Lambda's event source mapping reads it in AWS: what is written comes to the function in
//! batches, filtered, at least once, and what cannot be handled is given up in the end.

mod dead_letters;
mod delivery;
mod position;
mod progress;
mod reader;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

pub(crate) use dead_letters::DeadLetters;

use crate::dynamodb::{DynamoDbError, StreamRecords};
use crate::endpoints::Endpoints;
use crate::function::Function;
use crate::template::StreamMapping;
use delivery::Delivery;
use position::Positions;
use progress::Progress;
use reader::Reader;

/// How soon after records the next are asked for; the pause doubles while there are none.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(320);
/// How long to wait when DynamoDB does not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Reads the stream of the table for each function, from where it stopped last, and never ends.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    endpoints: &Endpoints,
    readers: Vec<(StreamMapping, Function)>,
    data_dir: Option<&Path>,
    dead_letters: &Arc<DeadLetters>,
    records: Option<StreamRecords>,
) {
    let functions = readers.iter().map(|(mapping, _)| mapping.function.clone());
    let progress = Arc::new(Progress::new(Positions::load(data_dir, functions), records));
    for (mapping, function) in readers {
        let timeout = endpoints.functions.get(&mapping.function).map(|definition| definition.timeout);
        let delivery = Delivery {
            function,
            mapping,
            timeout: timeout.unwrap_or(AFTER_FAILURE),
            dead_letters: Arc::clone(dead_letters),
        };
        let reader = Reader::new(&endpoints.dynamodb, &endpoints.table);
        tasks.spawn(run(reader, Arc::clone(&progress), delivery));
    }
}

async fn run(mut reader: Reader, progress: Arc<Progress>, delivery: Delivery) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match pass(&mut reader, &progress, &delivery).await {
            Ok(0) => pause = (pause * 2).min(LONGEST_PAUSE),
            Ok(_) => pause = SHORTEST_PAUSE,
            Err(error) => {
                tracing::warn!(%error, "the table's stream cannot be read");
                sleep(AFTER_FAILURE).await;
            }
        }
        sleep(pause).await;
    }
}

/// Reads every shard once: how many records came.
async fn pass(reader: &mut Reader, progress: &Progress, delivery: &Delivery) -> Result<usize, DynamoDbError> {
    let function = &delivery.mapping.function;
    let mut came = 0;
    for shard in reader.shards().await? {
        let behind = progress.behind(function, &shard);
        let records = reader.records(&shard, behind.as_deref(), delivery.mapping.batch_size).await?;
        let Some(last) = records.last().map(|record| reader::sequence_number(record).to_owned()) else {
            continue;
        };
        came += records.len();
        delivery.deliver(&shard, records).await;
        // Whatever was handled before this process ends here is handled once more by the next.
        progress.advance(function, &shard, last);
    }
    Ok(came)
}
