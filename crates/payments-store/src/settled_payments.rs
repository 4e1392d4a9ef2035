//! The settled payments of a sender to a creator: what an operator shows a bank that disputes one of them.

use crate::{
    Store, StoreError, Stored,
    item::{NewItem, kind, read},
    keys::{Item, Key, SORT_KEY, settled_payments_prefix},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{CreatorId, Payment, PaymentId, UserId};

const READ: &str = "read the payments of a sender to a creator";
/// What one batch reads.
const PAYMENTS_MAX: u8 = 100;

impl Store {
    /// Reads the latest settled payments of a sender to a creator, newest first, at most `limit` and 100. A payment that
    /// this release cannot read is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settled_payments(
        &self,
        sender: &UserId,
        creator: &CreatorId,
        limit: u8,
    ) -> Result<Vec<Stored<Payment>>, StoreError> {
        let partition = Key::hold(sender).pk;
        let query = self
            .query_partition(partition)
            .key_condition_expression(format!(
                "{} = :partition AND begins_with({SORT_KEY}, :prefix)",
                crate::PARTITION_KEY
            ))
            .expression_attribute_values(":prefix", AttributeValue::S(settled_payments_prefix(creator)))
            .scan_index_forward(false)
            .limit(i32::from(limit.clamp(1, PAYMENTS_MAX)));
        let answer = Box::pin(query.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let ids = answer.items.unwrap_or_default().into_iter().map(payment_id);
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let mut found = self.find(ids.iter().flat_map(Key::items_of_payment)).await?;
        let payments = ids.iter().filter_map(|id| found.take_payment(id).ok().flatten());
        Ok(payments.filter(|stored| stored.value.terms.creator == *creator).collect())
    }
}

/// Written once, with the change that makes the payment known as paid.
pub(crate) fn settled_payment_item(payment: &Payment) -> NewItem {
    let terms = &payment.terms;
    let key = Key::settled_payment(&terms.sender, &terms.creator, terms.created_at, payment.id());
    NewItem::new(key, kind::SETTLED_PAYMENT)
        .text("sender_id", &terms.sender)
        .text("creator_id", &terms.creator)
        .text("payment_id", payment.id())
}

fn payment_id(mut item: Item) -> Result<PaymentId, StoreError> {
    read(&mut item, kind::SETTLED_PAYMENT, "payment_id")
}
