//! What time does: changes that fall due by themselves, and events that are due at webhook endpoints. The time is
//! passed in; nothing here reads a clock.

pub(crate) mod advance;
pub(crate) mod deliveries;
