//! The statement as CSV: a line for each opening balance, class of movements and closing balance of a day.

use payments::{CurrencyStatement, DayStatement, Movement};
use std::fmt::Write as _;

/// Writes a statement. Every cell is a name of ours, a day, a currency or an integer, so none needs quotes and none can be
/// taken for a formula.
pub(crate) fn csv_of(statement: &[CurrencyStatement]) -> String {
    let mut text = "currency,day,line,count,amount,fee,net,booked,balance\r\n".to_owned();
    for CurrencyStatement { currency, opening, closing, days, .. } in statement {
        let code = currency.code();
        line(&mut text, format_args!("{code},,opening,,,,,,{opening}"));
        for DayStatement { day, opening, movements, closing } in days {
            line(&mut text, format_args!("{code},{day},opening,,,,,,{opening}"));
            for (class, Movement { count, amount, fee, net, booked }) in movements {
                line(&mut text, format_args!("{code},{day},{class},{count},{amount},{fee},{net},{booked},"));
            }
            line(&mut text, format_args!("{code},{day},closing,,,,,,{closing}"));
        }
        line(&mut text, format_args!("{code},,closing,,,,,,{closing}"));
    }
    text
}

fn line(text: &mut String, cells: std::fmt::Arguments<'_>) {
    // Writing to a text never fails.
    let _ = write!(text, "{cells}\r\n");
}
