//! What this function may do with the table.

use payments_store::Access;

/// The table's part of the function's policy, which its self-check tries; a test compares it with the template.
pub const TABLE_ACCESS: &[Access] = &[
    Access::BatchGet,
    Access::Query("CREATOR#*"),
    Access::Put("CREATOR#*"),
    Access::Put("ACCOUNT#*"),
    Access::Put("AUDIT#*"),
    Access::Put("OPEN_INTENTS"),
];
