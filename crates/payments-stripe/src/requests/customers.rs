//! Requests about a sender's Customer: create, find. async-stripe's module for them is not compiled in: these need six
//! fields of it.

use crate::objects::{CustomerObject, ListObject};
use crate::{Session, StripeError, metadata};
use payments::{CustomerId, SenderCustomer, UserId};
use serde::Serialize;
use std::collections::HashMap;
use stripe_client_core::{RequestBuilder, StripeMethod};

/// The most results of a search, which is Stripe's own limit.
const FOUND_MAX: u8 = 100;

#[derive(Serialize)]
struct CreateCustomer {
    metadata: HashMap<String, String>,
}

#[derive(Serialize)]
struct SearchCustomers {
    limit: u8,
    query: String,
}

impl Session {
    /// Creates a sender's Customer. Only its metadata names the sender; it has no name and no address.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_customer(
        &self,
        sender: &UserId,
        request: &SenderCustomer,
    ) -> Result<CustomerId, StripeError> {
        let form = CreateCustomer { metadata: metadata::of_customer(self.deployment(), sender, request) };
        let builder = RequestBuilder::new(StripeMethod::Post, "/customers").form(&form);
        let customer: CustomerObject = self.post(builder, &request.key(sender)).await?;
        Ok(customer.id)
    }

    /// Searches for the Customer of a request whose key is too old to be sent. Search lags behind by minutes at most, and
    /// the request is hours old.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` where search is not available.
    pub async fn find_customer(
        &self,
        sender: &UserId,
        request: &SenderCustomer,
    ) -> Result<Option<CustomerId>, StripeError> {
        // Senders of one millisecond share a tag, which needs no quoting.
        let query = format!("metadata['{}']:'{}'", metadata::CUSTOMER_REQUEST, request.tag());
        let query = SearchCustomers { limit: FOUND_MAX, query };
        let builder = RequestBuilder::new(StripeMethod::Get, "/customers/search").query(&query);
        let found: ListObject<CustomerObject> = self.get(builder).await?;
        let ours = metadata::of_customer(self.deployment(), sender, request);
        let is_ours = |customer: &CustomerObject| {
            ours.iter().all(|(name, value)| customer.metadata.get(name) == Some(value))
        };
        Ok(found.data.into_iter().find(is_ours).map(|customer| customer.id))
    }
}
