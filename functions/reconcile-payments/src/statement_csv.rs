//! The statement as CSV: a line for each opening balance, class of movements and closing balance of a day.

use payments::{Currency, CurrencyStatement, DayStatement, Movement};
use payments_http::{CsvCell, CsvTable};

const COLUMNS: [&str; 9] = ["currency", "day", "line", "count", "amount", "fee", "net", "booked", "balance"];

pub(crate) fn csv_of(statement: &[CurrencyStatement]) -> CsvTable {
    let mut table = CsvTable::new(&COLUMNS);
    for CurrencyStatement { currency, opening, closing, days, .. } in statement {
        balance(&mut table, *currency, "", "opening", *opening);
        for DayStatement { day, opening, movements, closing } in days {
            balance(&mut table, *currency, day, "opening", *opening);
            for (class, Movement { count, amount, fee, net, booked }) in movements {
                let sums = [CsvCell::plain(count)].into_iter();
                let sums = sums.chain([amount, fee, net, booked].map(CsvCell::plain));
                let names = [CsvCell::plain(currency), CsvCell::plain(day), CsvCell::plain(class)];
                table.row(names.into_iter().chain(sums).chain([CsvCell::Empty]));
            }
            balance(&mut table, *currency, day, "closing", *closing);
        }
        balance(&mut table, *currency, "", "closing", *closing);
    }
    table
}

fn balance(table: &mut CsvTable, currency: Currency, day: &str, line: &str, balance: i64) {
    let names = [CsvCell::plain(currency), CsvCell::plain(day), CsvCell::plain(line)];
    let no_sums = std::iter::repeat_with(|| CsvCell::Empty).take(5);
    table.row(names.into_iter().chain(no_sums).chain([CsvCell::plain(balance)]));
}
