//! Ids in the form of Stripe's, minted from a counter.
//!
//! The counter is part of the records, so the same calls mint the same ids, and a restart repeats none. It is the
//! leading part of each id, so ids of one kind sort by creation, the order of Stripe's lists.

use crate::random::Random;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Start of the counter, at which the first id fills its six leading characters.
const FIRST: u64 = 20_000_000_000;

const ORDERED: usize = 6;

/// The `minted`-th id of `prefix`, `length` characters after the prefix of which the first six are ordered.
pub(crate) fn id(seed: u64, minted: u64, prefix: &str, length: usize) -> String {
    let mut id = String::with_capacity(prefix.len() + length);
    id.push_str(prefix);
    let mut divisor = 62_u64.pow(5);
    for _ in 0..ORDERED {
        id.push(char::from(BASE62[((FIRST + minted) / divisor % 62) as usize]));
        divisor = (divisor / 62).max(1);
    }
    scatter(&mut id, seed ^ minted.rotate_left(20), length.saturating_sub(ORDERED));
    id
}

/// `length` characters derived from `seed` and `text`.
pub(crate) fn digest(seed: u64, text: &str, length: usize) -> String {
    // FNV-1a: unlike the standard library's hasher, it is stable across releases of the compiler.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut out = String::with_capacity(length);
    scatter(&mut out, hash, length);
    out
}

/// Appends `length` characters drawn from `seed`.
fn scatter(out: &mut String, seed: u64, length: usize) {
    let mut rng = Random::from_seed(seed);
    let mut word = 0;
    for index in 0..length {
        if index % 10 == 0 {
            word = rng.next();
        }
        out.push(char::from(BASE62[(word % 62) as usize]));
        word /= 62;
    }
}
