use super::*;
use crate::ids::TransactionId;
use crate::reconciliation::{BalanceComparison, TransactionAmounts};

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("currency")
}

fn usd(amount: i64, fee: i64) -> TransactionAmounts {
    TransactionAmounts::new(amount, fee, currency("usd"))
}

fn opening(since: &str, balances: &[(&str, i64)]) -> StatementOpening {
    let balances = balances.iter().map(|(code, balance)| (currency(code), *balance)).collect();
    StatementOpening { since: since.to_owned(), balances, computed_back_at: None }
}

/// An hour of booked transactions.
fn hour(transactions: &[(TransactionClass, TransactionAmounts)]) -> Movements {
    let mut movements = Movements::default();
    for (class, amounts) in transactions {
        movements.add_transaction(*class, amounts);
        movements.add_booked(*class, amounts.currency, amounts.net);
    }
    movements
}

fn day(hours: &[(u8, Movements)]) -> StatementDay {
    StatementDay { hours: hours.iter().cloned().collect() }
}

/// Three days: a charge and its transfer, nothing, and a payout beside a fee that is not booked.
fn books() -> StatementBooks {
    let mut unknown = hour(&[(TransactionClass::Payout, usd(-40, 0))]);
    unknown.add_transaction(TransactionClass::Unknown, &usd(-7, 0));
    let charged = hour(&[
        (TransactionClass::Charge, usd(1_061, 61)),
        (TransactionClass::Charge, usd(1_061, 65)),
        (TransactionClass::Transfer, usd(-1_000, 0)),
    ]);
    let euros = hour(&[(TransactionClass::TopUp, TransactionAmounts::new(300, 0, currency("eur")))]);
    let days = [
        ("2026-11-01", day(&[(3, charged.clone()), (9, euros)])),
        ("2026-11-03", day(&[(0, hour(&[])), (23, unknown)])),
        ("2026-10-31", day(&[(0, charged)])),
    ];
    let opening = opening("2026-11-01", &[("usd", 100)]);
    StatementBooks::new(opening, days.map(|(day, sums)| (day.to_owned(), sums)))
}

#[test]
fn opening_and_every_movement_give_the_closing_balance_of_each_day_and_currency() {
    let statement = books().statement("2026-11-01", "2026-11-30");
    let of = |at: usize| {
        let it: &CurrencyStatement = &statement[at];
        let days: Vec<_> = it.days.iter().map(|it| (it.day.as_str(), it.opening, it.closing)).collect();
        (it.currency.code(), it.opening, it.closing, days)
    };
    assert_eq!(of(0), ("eur", 0, 300, vec![("2026-11-01", 0, 300)]));
    assert_eq!(of(1), ("usd", 100, 1_049, vec![("2026-11-01", 100, 1_096), ("2026-11-03", 1_096, 1_049)]));
    assert_eq!(statement.len(), 2);
    let charges = statement[1].movements[&TransactionClass::Charge];
    assert_eq!(charges, Movement { count: 2, amount: 2_122, fee: 126, net: 1_996, booked: 1_996 });
    assert_eq!((unbooked(&statement[1].movements), unbooked(&statement[0].movements)), (-7, 0));
}

#[test]
fn what_comes_before_the_statement_is_in_its_opening_balance_and_what_comes_after_is_not_in_it() {
    let last = books().statement("2026-11-02", "2026-11-03").remove(1);
    assert_eq!((last.opening, last.closing, last.days.len()), (1_096, 1_049, 1));
    let first = books().statement("2026-11-01", "2026-11-01").remove(1);
    assert_eq!((first.opening, first.closing), (100, 1_096));
    let quiet = books().statement("2026-11-02", "2026-11-02").remove(1);
    assert_eq!(
        (quiet.opening, quiet.closing, quiet.days, quiet.movements),
        (1_096, 1_096, vec![], BTreeMap::new())
    );
}

#[test]
fn an_unknown_transaction_or_a_missing_entry_makes_our_balance_differ_from_stripes() {
    let books = books();
    let (booked, shown) = (books.closing(|it| it.booked), books.closing(|it| it.net));
    let at = Timestamp::from_seconds(1);
    let deviations: Vec<_> = BalanceComparison::new(&booked, &shown, at).deviations().copied().collect();
    let codes: Vec<_> = deviations.iter().map(|it| (it.currency.code(), it.ours, it.stripe)).collect();
    assert_eq!(codes, [("usd", 1_056, 1_049)]);
    let none = BalanceComparison::new(&shown, &BTreeMap::new(), at);
    assert_eq!(none.deviations().count(), 2, "a currency that Stripe lacks is zero there");
    assert_eq!(BalanceComparison::new(&shown, &shown, at).deviations().count(), 0);
}

#[test]
fn the_platforms_classes_are_booked_as_the_stored_entries_say() {
    let mut books = books();
    let id = TransactionId::parse("txn_1").expect("id");
    let payout = PlatformEntry::of(&id, TransactionClass::Payout, &usd(-40, 0), false).expect("an entry");
    let of_day = |books: &StatementBooks| unbooked(&books.statement("2026-11-03", "2026-11-03")[1].movements);
    books.with_platform_entries("2026-11-03", std::slice::from_ref(&payout));
    assert_eq!(of_day(&books), -7);
    books.with_platform_entries("2026-11-03", &[]);
    assert_eq!(of_day(&books), -47, "the entry of the payout is gone");
    books.with_platform_entries("2026-11-03", &[payout.clone(), payout]);
    assert_eq!(of_day(&books), 33);
    assert_eq!(unbooked(&books.statement("2026-11-01", "2026-11-01")[1].movements), 0);
}

#[test]
fn a_day_knows_its_first_hour_that_is_not_booked_as_stripe_shows_it() {
    let mut late = hour(&[(TransactionClass::Charge, usd(5, 0))]);
    let mut sums = day(&[(2, hour(&[(TransactionClass::Charge, usd(5, 1))])), (7, late.clone())]);
    assert_eq!(sums.unbooked_hours().next(), None);
    late.add_booked(TransactionClass::Charge, currency("usd"), 1);
    sums.hours.insert(7, late);
    assert_eq!(sums.unbooked_hours().collect::<Vec<_>>(), [7]);
}

#[test]
fn an_opening_computed_back_leads_to_stripes_balance() {
    let (usd, eur) = (currency("usd"), currency("eur"));
    let stripe = BTreeMap::from([(usd, 900)]);
    let moved = BTreeMap::from([(usd, 250), (eur, -3)]);
    let at = Timestamp::from_seconds(7);
    let opening = StatementOpening::computed_back("2026-11-01".to_owned(), &stripe, &moved, at);
    assert_eq!(opening.balances, BTreeMap::from([(usd, 650), (eur, 3)]));
    assert_eq!(opening.computed_back_at, Some(at));
}

#[test]
fn a_day_survives_being_stored() {
    let sums = day(&[(3, hour(&[(TransactionClass::OtherBusiness, usd(5, 1))]))]);
    let stored = serde_json::to_string(&sums).expect("serializes");
    assert_eq!(serde_json::from_str::<StatementDay>(&stored).expect("reads"), sums);
}
