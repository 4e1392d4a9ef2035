//! Pages of a user's payments, newest first.

use crate::{
    Page, Store, StoreError, Stored,
    list_pages::{cursor_at, position_in},
};
use payments::{ListPosition, Payment, PaymentQuery};

/// How many payments a filtered page reads at most, in its limits. Such a page can be short, and have a next one.
const READS_A_FILTERED_PAGE: usize = 4;

impl Store {
    /// Reads up to `limit` (at least 1) payments that a query asks for, after `cursor`. A payment that this release cannot read
    /// is left out.
    ///
    /// A payment whose place was in the index when the first page was read is on exactly one page, and no payment is on two
    /// (ADR 24).
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another query; otherwise any [`StoreError`].
    pub async fn list_payments(
        &self,
        query: &PaymentQuery,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<Stored<Payment>>, StoreError> {
        let (identity, limit) = (query.identity(), usize::from(limit.max(1)));
        let mut last = cursor.map(|cursor| position(cursor, &identity)).transpose()?;
        let mut page = Page { items: Vec::new(), next_cursor: None, unreadable: 0 };
        let mut reads_left = if query.is_filtered() { READS_A_FILTERED_PAGE } else { 1 };
        let mut more = true;
        while more && reads_left > 0 && page.items.len() < limit {
            reads_left -= 1;
            let (places, behind) = self.list_positions(query, last.as_ref(), limit).await?;
            more = self.read_places(query, places, limit, &mut page, &mut last).await? || behind;
        }
        page.next_cursor = last.filter(|_| more).map(|last| cursor_at(&identity, &last.to_string()));
        Ok(page)
    }

    /// Reads the payments of these places into the page until it is full, and says whether some are left. `last` becomes the
    /// last place that the page covers.
    async fn read_places(
        &self,
        query: &PaymentQuery,
        places: Vec<ListPosition>,
        limit: usize,
        page: &mut Page<Stored<Payment>>,
        last: &mut Option<ListPosition>,
    ) -> Result<bool, StoreError> {
        let ids = places.iter().map(|place| place.payment_id.clone()).collect();
        let mut found = self.payments(&ids).await?;
        for place in places {
            if page.items.len() == limit {
                return Ok(true);
            }
            match found.remove(&place.payment_id) {
                Some(Some(stored)) if query.includes(&stored.value) => page.items.push(stored),
                Some(_) => {}
                None => page.unreadable = page.unreadable.saturating_add(1),
            }
            *last = Some(place);
        }
        Ok(false)
    }
}

fn position(cursor: &str, identity: &str) -> Result<ListPosition, StoreError> {
    ListPosition::parse(&position_in(cursor, identity)?).ok_or(StoreError::InvalidCursor)
}
