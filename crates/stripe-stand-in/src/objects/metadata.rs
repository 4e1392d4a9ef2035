//! Metadata (docs.stripe.com/api/metadata).

use std::collections::BTreeMap;

pub(crate) type Metadata = BTreeMap<String, String>;
