//! What DynamoDB charges for the writes of a payment's state: a unit for each 1,024 bytes of the whole item, two in a
//! transaction (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>).

use crate::fixtures::{at, creator, given, payment, user};
use crate::table::{Item, Table};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::*;
use payments_store::{Applied, Recorded, Stored};

/// The bytes of one write unit.
const UNIT: usize = 1_024;
/// The size of a payment's state when it is created and the greatest of its life, as `docs/ARCHITECTURE.md` says them.
const DOCUMENTED: (usize, usize) = (283, 872);
const SENDER: &str = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const CREATOR: &str = "8c5f3a1e-0d47-4b6e-9a35-5d1f7c2e9b80";

fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + bytes(value)).sum()
}

/// Lists and maps have three bytes, and one more for each element.
#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
fn bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => {
            let digits = number.trim_start_matches('-').len();
            digits.div_ceil(2) + 1 + usize::from(number.starts_with('-'))
        }
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::L(list) => 3 + list.iter().map(|value| 1 + bytes(value)).sum::<usize>(),
        AttributeValue::M(map) => {
            3 + map.iter().map(|(name, value)| 1 + name.len() + bytes(value)).sum::<usize>()
        }
        other => panic!("no item of a payment has {other:?}"),
    }
}

/// A payment between two people with UUIDs for ids, with the longest texts, the largest amount, and every optional part.
fn longest_payment() -> Payment {
    let mut payment = payment();
    let usd = payment.terms.chosen.currency();
    let context = Context::parse(&"🎶".repeat(200)).ok();
    let terms = &mut payment.terms;
    terms.sender = user(SENDER);
    terms.creator = creator(CREATOR);
    terms.chosen = Money::new(97_000_001, usd).expect("money");
    terms.message = Message::parse(&"🎶".repeat(500)).ok();
    let labels =
        Labels::new(&terms.creator, context.as_ref(), false, &StatementDescriptorTemplate::default());
    terms.context = context;
    terms.parameters.total = Money::new(99_999_999, usd).expect("money");
    terms.parameters.labels = labels;
    terms.parameters.customer = CustomerId::parse("cus_QbWtpLkdIwHu7ix").ok();
    terms.parameters.destination = AccountId::parse("acct_1QbWtpLkdIwHu7ix").expect("account");
    payment
}

fn parsed<T, E: std::fmt::Debug>(parse: impl Fn(&str) -> Result<T, E>, prefix: &str) -> T {
    parse(&format!("{prefix}_3QbWtpLkdIwHu7ix0aBcDeFg")).expect("an id")
}

/// The steps of a payment's life, with ids as long as Stripe's.
fn life() -> Vec<(&'static str, Vec<Fact>)> {
    let charge = || parsed(ChargeId::parse, "ch");
    let event = |seconds: i64| Stamp::of_event(1_800_000_000 + seconds, parsed(EventId::parse, "evt"));
    let phase = |seconds, phase| Fact::Phase(event(seconds), phase);
    let declined = |n: u32| {
        let id = ChargeId::parse(&format!("ch_3QbWtpLkdIwHu7ix0aBcDe{n:02}")).expect("charge");
        Fact::Charge(id, ChargeOutcome::Failed)
    };
    let fee = StripeFee { amount: 2_900_030, currency: Currency::parse("usd").expect("currency") };
    let original = TransferFact::Original(charge(), parsed(TransferId::parse, "tr"));
    vec![
        (
            "its intent is attached",
            vec![
                Fact::Intent(parsed(IntentId::parse, "pi")),
                Fact::Phase(Stamp::of_creation(1_800_000_000), Phase::RequiresPaymentMethod),
            ],
        ),
        (
            "cards are declined",
            vec![
                declined(1),
                declined(2),
                declined(3),
                Fact::Declined(event(1), DeclineCode::of("card_velocity_exceeded").expect("a code")),
                phase(1, Phase::RequiresPaymentMethod),
            ],
        ),
        ("the sender authenticates", vec![phase(2, Phase::RequiresAction)]),
        ("it is processed", vec![phase(3, Phase::Processing)]),
        ("it settles", vec![Fact::Charge(charge(), ChargeOutcome::Succeeded), Fact::Succeeded]),
        (
            "its card, transfer and fee are known",
            vec![
                Fact::Card(Card::of("mastercard", "4444").expect("a card")),
                Fact::Transfer(original),
                Fact::Fee(parsed(TransactionId::parse, "txn"), fee),
            ],
        ),
        ("it is refreshed", vec![Fact::Refreshed(at(2_000))]),
        ("its ledger is compared", vec![Fact::LedgerChecked(2)]),
    ]
}

#[tokio::test]
async fn a_payments_state_is_written_with_one_unit_all_its_life() {
    let table = Table::fresh().await;
    let payment = longest_payment();
    let partition = format!("PAYMENT#{}", payment.id());
    let recorded = table.store.record_payment(&payment).await.expect("recorded");
    let Recorded::New(mut stored) = recorded else { panic!("recorded before") };
    let mut sizes = vec![("it is created", size(&table.item(&partition, "STATE").await.expect("an item")))];
    for (step, facts) in life() {
        stored = written(&table, stored, facts).await;
        sizes.push((step, size(&table.item(&partition, "STATE").await.expect("an item"))));
    }
    assert_eq!(stored.value.status(), Status::Succeeded);
    let greatest = sizes.iter().map(|(_, size)| *size).max().expect("a size");
    assert!(greatest < UNIT, "{sizes:?}");
    assert_eq!((sizes[0].1, greatest), DOCUMENTED, "{sizes:?}");
}

async fn written(table: &Table, stored: Stored<Payment>, facts: Vec<Fact>) -> Stored<Payment> {
    let applied = table.store.apply_facts(stored, at(1), given(facts)).await.expect("applied");
    let Applied::Changed { payment, .. } = applied else { panic!("nothing changed") };
    payment
}

#[tokio::test]
async fn the_terms_of_a_payment_without_long_texts_are_one_unit() {
    let table = Table::fresh().await;
    let mut payment = longest_payment();
    let labels = Labels::new(&payment.terms.creator, None, false, &StatementDescriptorTemplate::default());
    payment.terms.parameters.labels = labels;
    payment.terms.context = None;
    payment.terms.message = Message::parse("Thank you for the show!").ok();
    table.store.record_payment(&payment).await.expect("recorded");
    let terms = table.item(&format!("PAYMENT#{}", payment.id()), "TERMS").await.expect("an item");
    assert!(size(&terms) < UNIT, "{}", size(&terms));
}
