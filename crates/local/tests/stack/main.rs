//! Tests of whole stacks: each starts one of its own in this process, or runs the binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod binary;
mod chaos;
mod console;
mod data_folder;
mod dynamodb;
mod events;
mod own_clients;
mod sam;
mod seed;
mod serving;
mod stream;
