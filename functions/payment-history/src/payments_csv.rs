//! Payments as CSV. An amount is in minor units, with its decimal form in the next column; what the caller may not see is empty.

use crate::get_payment::PaymentView;
use payments::{Card, Currency};
use payments_http::{CsvCell, CsvColumn, CsvTable};

pub(crate) fn csv_of(payments: &[PaymentView]) -> CsvTable {
    CsvTable::of(&columns(), payments)
}

fn columns<'a>() -> [CsvColumn<PaymentView<'a>>; 30] {
    [
        ("payment_id", |payment| CsvCell::plain(payment.payment_id)),
        ("created_at", |payment| CsvCell::plain(payment.created_at)),
        ("settled_at", |payment| CsvCell::optional(payment.settled_at)),
        ("status", |payment| CsvCell::plain(payment.status.as_str())),
        ("creator_id", |payment| CsvCell::Text(payment.creator_id)),
        ("sender_id", |payment| CsvCell::optional_text(payment.sender_id)),
        ("anonymous", |payment| CsvCell::plain(payment.anonymous)),
        ("currency", |payment| CsvCell::plain(payment.currency)),
        ("amount", |payment| CsvCell::plain(payment.amount)),
        ("amount_decimal", |payment| decimal(payment.currency, payment.amount)),
        ("processing_fee", |payment| CsvCell::plain(payment.processing_fee)),
        ("processing_fee_decimal", |payment| decimal(payment.currency, payment.processing_fee)),
        ("total", |payment| CsvCell::plain(payment.total)),
        ("total_decimal", |payment| decimal(payment.currency, payment.total)),
        ("refunded_amount", |payment| CsvCell::plain(payment.refunded_amount)),
        ("refunded_amount_decimal", |payment| decimal(payment.currency, payment.refunded_amount)),
        ("disputed_amount", |payment| CsvCell::plain(payment.disputed_amount)),
        ("disputed_amount_decimal", |payment| decimal(payment.currency, payment.disputed_amount)),
        ("dispute_status", |payment| {
            CsvCell::optional(payment.dispute.as_ref().map(|dispute| dispute.status))
        }),
        ("dispute_due_by", |payment| {
            CsvCell::optional(payment.dispute.as_ref().and_then(|dispute| dispute.due_by))
        }),
        ("owed", |payment| CsvCell::optional(payment.owed)),
        ("owed_decimal", |payment| {
            payment.owed.map_or(CsvCell::Empty, |owed| decimal(payment.currency, owed))
        }),
        ("owed_reason", |payment| CsvCell::optional_text(payment.owed_reason)),
        ("fee_currency", |payment| CsvCell::optional(payment.fee.as_ref().map(|fee| fee.currency))),
        ("fee_actual", |payment| CsvCell::optional(payment.fee.as_ref().and_then(|fee| fee.actual))),
        ("fee_actual_decimal", |payment| {
            let fee = payment.fee.as_ref().and_then(|fee| Some((fee.currency, fee.actual?)));
            fee.map_or(CsvCell::Empty, |(currency, actual)| decimal(currency, actual))
        }),
        // Alone, the digits would be a number to a spreadsheet, which drops its leading zeros.
        ("card", |payment| CsvCell::optional(payment.card.map(Card::label))),
        ("decline_code", |payment| CsvCell::optional_text(payment.decline_code)),
        ("message", |payment| CsvCell::optional_text(payment.message)),
        ("context", |payment| CsvCell::optional_text(payment.context)),
    ]
}

fn decimal<'a>(currency: Currency, amount: i64) -> CsvCell<'a> {
    CsvCell::plain(currency.decimal(amount))
}
