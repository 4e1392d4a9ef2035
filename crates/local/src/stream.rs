//! The table's stream, read as by Lambda's event source mapping: a function gets the records in filtered batches, at
//! least once, and records that it cannot handle become dead letters.

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
use crate::stack::StackError;
use crate::template::StreamMapping;
use delivery::Delivery;
use position::Positions;
use progress::Progress;
use reader::Reader;

/// The pause between reads; it doubles while there are no records.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(320);
/// The pause after a failed read.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Reads the table's stream for each function, from its last position, and never ends.
///
/// # Errors
/// The positions cannot be read, or are ahead of the database.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    endpoints: &Endpoints,
    readers: Vec<(StreamMapping, Function)>,
    data_dir: Option<&Path>,
    dead_letters: &Arc<DeadLetters>,
    records: Option<StreamRecords>,
) -> Result<(), StackError> {
    let functions = readers.iter().map(|(mapping, _)| mapping.function.clone());
    let positions = Positions::load(data_dir, functions)?;
    if let Some(records) = &records {
        positions.all().try_for_each(|(shard, delivered)| records.must_reach(shard, delivered))?;
    }
    let progress = Arc::new(Progress::new(positions, records));
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
    Ok(())
}

async fn run(mut reader: Reader, progress: Arc<Progress>, delivery: Delivery) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match read_shards(&mut reader, &progress, &delivery).await {
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

/// Reads every shard once, and returns the number of records.
async fn read_shards(
    reader: &mut Reader,
    progress: &Progress,
    delivery: &Delivery,
) -> Result<usize, DynamoDbError> {
    let function = &delivery.mapping.function;
    let mut count = 0;
    for shard in reader.shards().await? {
        let position = progress.position(function, &shard);
        let records = reader.records(&shard, position.as_deref(), delivery.mapping.batch_size).await?;
        let Some(last) = records.last().map(|record| reader::sequence_number(record).to_owned()) else {
            continue;
        };
        count += records.len();
        delivery.deliver(&shard, records).await;
        // If the process ends here, the records are delivered again after the next start.
        progress.advance(function, &shard, last);
    }
    Ok(count)
}
