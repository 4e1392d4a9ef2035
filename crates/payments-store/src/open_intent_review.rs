//! The request to decide again about every open payment. It is written with the change that withdraws what allowed some
//! of them, so that no change is without its review.

use crate::{
    Store, StoreError,
    item::{NewItem, kind, read},
    keys::Key,
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, OpenIntentReview};

const READ: &str = "read the review of open intents";

impl Store {
    /// Reads the last request consistently.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_intent_review(&self) -> Result<Option<OpenIntentReview>, StoreError> {
        let item = self.find_one(READ, Key::open_intent_review()).await?;
        item.map(|mut item| read(&mut item, kind::OPEN_INTENT_REVIEW, "review")).transpose()
    }

    /// Makes the put of a request by the change that `audit` describes. It has no condition: of two requests either one
    /// is enough.
    pub(crate) fn review_open_intents(&self, audit: &AuditEntry) -> Result<TransactWriteItem, StoreError> {
        let review = OpenIntentReview { id: audit.id, requested_at: audit.at };
        let item = NewItem::new(Key::open_intent_review(), kind::OPEN_INTENT_REVIEW)
            .text("requested_at", audit.at)
            .value("review", &review)?;
        self.put(item, Condition::None)
    }
}
