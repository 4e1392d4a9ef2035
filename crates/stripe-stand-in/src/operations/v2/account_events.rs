//! The thin events of accounts (docs.stripe.com/api/v2/core/accounts/event-types).

use crate::objects::account_links::AccountLink;
use crate::objects::accounts::v2_json::Include;
use crate::objects::accounts::{Account, Namespace};
use crate::objects::thin_events::Related;
use crate::state::event_log::record_thin_event;
use crate::state::request::Request;
use serde_json::{Map, Value};

pub(crate) fn created(request: &mut Request<'_>, id: &str) {
    record_thin_event(request, "v2.core.account.created", Some(account(id, "")), None);
}

pub(crate) fn closed(request: &mut Request<'_>, id: &str) {
    record_thin_event(request, "v2.core.account.closed", Some(account(id, "")), None);
}

/// An owner came back from a link. The event names the account in its data alone.
pub(crate) fn link_returned(request: &mut Request<'_>, link: &AccountLink) {
    let Some(account) = request.sandbox.records.accounts.get(&link.account) else { return };
    if account.namespace == Namespace::V1 {
        return;
    }
    let mut data = Map::new();
    data.insert("account_id".to_owned(), account.id.as_str().into());
    data.insert("configurations".to_owned(), account.applied_configurations().into());
    data.insert("use_case".to_owned(), "account_onboarding".into());
    record_thin_event(request, "v2.core.account_link.returned", None, Some(data));
}

/// An event for each part of the account that differs.
pub(crate) fn changed(request: &mut Request<'_>, before: &Account, after: &Account) {
    let id = &after.id;
    for (configuration, capability) in [
        ("recipient", "stripe_balance.stripe_transfers"),
        ("recipient", "stripe_balance.payouts"),
        ("merchant", "card_payments"),
        ("merchant", "stripe_balance.payouts"),
    ] {
        let status = |account: &Account| status(account, configuration, capability);
        if status(before) != status(after) {
            let kind = format!("v2.core.account[configuration.{configuration}].capability_status_updated");
            let related = account(id, &format!("?include=configuration.{configuration}"));
            let data = Map::from_iter([("updated_capability".to_owned(), Value::from(capability))]);
            record_thin_event(request, &kind, Some(related), Some(data));
        }
    }
    let requirements = |account: &Account| account.v2_json(&[Include::Requirements])["requirements"].take();
    if requirements(before) != requirements(after) {
        let related = account(id, "?include=requirements");
        record_thin_event(request, "v2.core.account[requirements].updated", Some(related), None);
    }
    if before.v2_json(&[]) != after.v2_json(&[]) {
        record_thin_event(request, "v2.core.account.updated", Some(account(id, "")), None);
    }
}

fn account(id: &str, query: &str) -> Related {
    Related {
        id: id.to_owned(),
        kind: "v2.core.account".to_owned(),
        url: format!("/v2/core/accounts/{id}{query}"),
    }
}

/// The status of a capability; null where it was not requested.
fn status(account: &Account, configuration: &str, capability: &str) -> Value {
    let shown = account.v2_json(&[Include::Merchant, Include::Recipient]);
    let path = capability.replace('.', "/");
    let pointer = format!("/configuration/{configuration}/capabilities/{path}/status");
    shown.pointer(&pointer).cloned().unwrap_or(Value::Null)
}
