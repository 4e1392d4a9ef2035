//! `GET /v1/creators/{creator_id}/earnings`: a creator's totals, for that creator and for operators.

use payments::{CreatorId, Currency, Totals};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, path_id};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
struct EarningsView<'a> {
    creator_id: &'a str,
    totals: Vec<TotalsView>,
}

/// Amounts are in minor units of the currency.
#[derive(Serialize)]
struct TotalsView {
    currency: Currency,
    received: i64,
    refunded: i64,
    /// The creator's share of disputed payments.
    disputed: i64,
    /// The amount still to recover from the creator's account.
    owed: i64,
    net: i64,
    /// Payments that succeeded.
    count: i64,
}

impl TotalsView {
    fn of(currency: Currency, totals: Totals) -> Self {
        let Totals { received, refunded, disputed, to_recover, count } = totals;
        Self { currency, received, refunded, disputed, owed: to_recover, net: totals.net(), count }
    }
}

/// Answers the creator and operators. Others get 404, so that they cannot find out which creators exist.
pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let creator = path_id(request, "creator_id", CreatorId::parse)?;
    if !creator.is_user(&caller.user) && !caller.operator {
        return Err(Problem::not_found());
    }
    let totals = services.store.creator_totals(&creator).await?;
    let totals = totals.into_iter().map(|(currency, totals)| TotalsView::of(currency, totals));
    json(StatusCode::OK, &EarningsView { creator_id: creator.as_str(), totals: totals.collect() })
}
