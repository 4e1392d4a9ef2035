//! `expand[]`: ids replaced by their objects (docs.stripe.com/expand).

use crate::objects::records::Records;
use crate::wire::errors::StripeError;
use serde_json::Value;

/// The objects, as they are at a time.
#[derive(Clone, Copy)]
struct Stored<'r> {
    records: &'r Records,
    now_s: i64,
}

/// Stripe's limit on the depth of a path.
const MAX_DEPTH: usize = 4;

pub(crate) fn expand(
    records: &Records,
    body: &mut Value,
    paths: &[String],
    now_s: i64,
) -> Result<(), StripeError> {
    let stored = Stored { records, now_s };
    for path in paths {
        let segments: Vec<&str> = path.split('.').collect();
        let in_list = usize::from(segments.first() == Some(&"data"));
        if segments.len() > MAX_DEPTH + in_list {
            return Err(StripeError::invalid(format!(
                "You cannot expand more than {MAX_DEPTH} levels: {path}"
            ))
            .param("expand"));
        }
        descend(stored, body, &segments, path)?;
    }
    Ok(())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
fn descend(stored: Stored<'_>, value: &mut Value, segments: &[&str], path: &str) -> Result<(), StripeError> {
    let Some((first, rest)) = segments.split_first() else {
        return Ok(());
    };
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| descend(stored, item, segments, path)),
        Value::Object(fields) => {
            let Some(field) = fields.get_mut(*first) else {
                return Err(cannot(path));
            };
            match field {
                Value::String(id) => *field = object(stored, id).ok_or_else(|| cannot(path))?,
                Value::Bool(_) | Value::Number(_) => return Err(cannot(path)),
                Value::Null | Value::Array(_) | Value::Object(_) => {}
            }
            descend(stored, field, rest, path)
        }
        Value::Null => Ok(()),
        _ => Err(cannot(path)),
    }
}

fn cannot(path: &str) -> StripeError {
    StripeError::invalid(format!("This property cannot be expanded ({path}).")).param("expand")
}

/// The object that an id names.
fn object(Stored { records, now_s }: Stored<'_>, id: &str) -> Option<Value> {
    match id.split_once('_')?.0 {
        "acct" => records.accounts.get(id).map(|account| account.json()),
        "ch" => records.charges.get(id).map(|charge| charge.json(records)),
        "cus" => records.customers.get(id).map(|customer| customer.json()),
        "du" => records.disputes.get(id).map(|dispute| dispute.json(records)),
        "issfr" => records.early_fraud_warnings.get(id).map(|warning| warning.json()),
        "pi" => records.payment_intents.get(id).map(|intent| intent.json(records)),
        "pm" => records.payment_methods.get(id).map(|method| method.json()),
        "po" => records.payouts.get(id).map(|payout| payout.json()),
        "re" => records.refunds.get(id).map(|refund| refund.json(records)),
        "tr" => records.transfers.get(id).map(|transfer| transfer.json(records)),
        "trr" => records.transfer_reversals.get(id).map(|reversal| reversal.json()),
        "txn" => records.balance_transactions.get(id).map(|transaction| transaction.json(now_s)),
        _ => None,
    }
}
