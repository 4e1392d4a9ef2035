//! Delivers many mutated events from a seed: `fuzz-events <seed> <count>`.

use black_box::fuzz;

#[tokio::main]
async fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>().expect("a number"));
    let (seed, count) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(100_000));
    let report = Box::pin(fuzz::run(seed, count)).await;
    println!("{report:?}");
}
