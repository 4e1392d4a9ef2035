//! What this function may do with the table.

use payments_store::Access;

/// The table's part of the function's policy, which its self-check tries; a test compares it with the template.
pub const TABLE_ACCESS: &[Access] = &[
    Access::BatchGet,
    Access::Put("COUNTED#*"),
    Access::Put("TOTALS#*"),
    Access::Put("WAVECOUNT#*"),
    Access::Put("ROLLOUT#*"),
    Access::Put("WAVE#*"),
    Access::Put("AUDIT#*"),
];
