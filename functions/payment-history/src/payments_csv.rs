//! Payments as CSV. An amount is in minor units, with its decimal form in the next column; what the caller may not see is empty.

use crate::get_payment::PaymentView;
use payments_http::{CsvCell, CsvTable};

const COLUMNS: [&str; 22] = [
    "payment_id",
    "created_at",
    "settled_at",
    "status",
    "creator_id",
    "sender_id",
    "anonymous",
    "currency",
    "amount",
    "amount_decimal",
    "processing_fee",
    "processing_fee_decimal",
    "total",
    "total_decimal",
    "refunded_amount",
    "refunded_amount_decimal",
    "disputed_amount",
    "disputed_amount_decimal",
    "owed",
    "owed_decimal",
    "message",
    "context",
];

pub(crate) fn csv_of(payments: &[PaymentView]) -> CsvTable {
    let mut table = CsvTable::new(&COLUMNS);
    for payment in payments {
        table.row(row(payment));
    }
    table
}

fn row<'a>(payment: &PaymentView<'a>) -> Vec<CsvCell<'a>> {
    let mut cells = vec![
        CsvCell::plain(payment.payment_id),
        CsvCell::plain(payment.created_at),
        payment.settled_at.map_or(CsvCell::Empty, CsvCell::plain),
        CsvCell::plain(payment.status.as_str()),
        CsvCell::Text(payment.creator_id),
        CsvCell::optional_text(payment.sender_id),
        CsvCell::plain(payment.anonymous),
        CsvCell::plain(payment.currency),
    ];
    let amounts = [
        Some(payment.amount),
        Some(payment.processing_fee),
        Some(payment.total),
        Some(payment.refunded_amount),
        Some(payment.disputed_amount),
        payment.owed,
    ];
    for amount in amounts {
        match amount {
            Some(amount) => {
                cells.extend([CsvCell::plain(amount), CsvCell::plain(payment.currency.decimal(amount))]);
            }
            None => cells.extend([CsvCell::Empty, CsvCell::Empty]),
        }
    }
    cells.extend([payment.message, payment.context].map(CsvCell::optional_text));
    cells
}
