//! Keys of hostile ids: what identity providers may call a user, and what the table must tell apart.

use super::*;
use crate::payment_lists::RECEIVED_SHARDS;
use payments::{
    AuditId, EventId, FeedbackId, ListPosition, Opinion, Payout, PayoutId, PayoutStatus, Rating, Reason,
};
use proptest::prelude::*;

const TIMES: [Timestamp; 2] =
    [Timestamp::from_seconds(1_795_000_000), Timestamp::from_seconds(1_795_000_001)];
const DAYS: [&str; 2] = ["2026-11-18", "2026-11-19"];

/// The ids of one user and one creator, and which of two payments, waves and times goes with them.
#[derive(Debug, Clone)]
struct Ids {
    user: UserId,
    creator: CreatorId,
    at: usize,
}

impl Ids {
    fn payment(&self) -> PaymentId {
        PaymentId::parse(&format!("pay_{:032x}", self.at)).expect("id")
    }

    fn wave(&self) -> WaveName {
        WaveName::parse(["w", "w.1"][self.at]).expect("name")
    }

    /// Stripe's id of a kind.
    fn stripe<T, E: std::fmt::Debug>(&self, prefix: &str, parse: fn(&str) -> Result<T, E>) -> T {
        parse(&format!("{prefix}_{}", self.at)).expect("id")
    }
}

/// An item's kind and ids, and its key.
type Named = (Vec<String>, Key);

/// The keys of every kind of item.
fn keys(ids: &Ids) -> Vec<Named> {
    let mut named = of_users(ids);
    named.extend(of_payments(ids));
    named.extend(of_the_platform(ids));
    named.extend(places(ids));
    let marks: Vec<Named> =
        named.iter().map(|(what, key)| (with("mark", what), Key::mark(key, ids.at as u64))).collect();
    named.extend(marks);
    named
}

fn with(kind: &str, what: &[String]) -> Vec<String> {
    [&[kind.to_owned()], what].concat()
}

fn named(kind: &str, ids: &[&str], key: Key) -> Named {
    (std::iter::once(kind).chain(ids.iter().copied()).map(str::to_owned).collect(), key)
}

fn of_users(ids: &Ids) -> Vec<Named> {
    let Ids { user, creator, at } = ids;
    let (u, c, n, day) = (user.as_str(), creator.as_str(), at.to_string(), DAYS[*at]);
    let first = FirstPayment { wave: ids.wave(), creator: creator.clone() };
    let usd = Currency::parse("usd").expect("currency");
    let shard = u8::try_from(*at).expect("small");
    let audit = |subject| AuditEntry {
        subject,
        at: TIMES[*at],
        id: AuditId(1),
        by: user.clone(),
        changes: Vec::new(),
        reason: Reason::parse("why").expect("reason"),
    };
    vec![
        named("receiver", &[c], Key::receiver(creator)),
        named("block", &[c, u], Key::block(creator, user)),
        named("payout", &[c, &n], Key::payout(&payout(ids))),
        named("hold", &[u], Key::hold(user)),
        named("customer", &[u], Key::sender_customer(user)),
        named("card testing", &[u, &n], Key::card_testing(user, &ids.payment())),
        named("settled", &[u, c, &n], Key::settled_payment(user, creator, TIMES[*at], &ids.payment())),
        named("day", &[u, day], Key::sender_day(user, day)),
        named("creator's day", &[u, c, day], Key::sender_and_creator_day(user, creator, day)),
        named("totals", &[c, &n], Key::totals(creator, *at as u64, usd, shard)),
        named("first payment", &[first.wave.as_str(), c, &n], Key::first_payment(&first, *at as u64)),
        named("audit of creator", &[c, &n], Key::audit(&audit(AuditSubject::Creator(creator.clone())))),
        named("audit of sender", &[u, &n], Key::audit(&audit(AuditSubject::Sender(user.clone())))),
        named("audit of rollout", &[&n], Key::audit(&audit(AuditSubject::Rollout))),
        named(
            "audit of wave",
            &[first.wave.as_str(), &n],
            Key::audit(&audit(AuditSubject::Wave(ids.wave()))),
        ),
    ]
}

fn payout(ids: &Ids) -> CreatorPayout {
    let payout = Payout {
        id: ids.stripe("po", PayoutId::parse),
        amount: 1,
        currency: Currency::parse("usd").expect("currency"),
        created_at: TIMES[0],
        arrives_at: TIMES[0],
        status: PayoutStatus::Paid,
        failure: None,
    };
    CreatorPayout { creator: ids.creator.clone(), payout }
}

fn of_payments(ids: &Ids) -> Vec<Named> {
    let (payment, n, day) = (ids.payment(), ids.at.to_string(), DAYS[ids.at]);
    let (wave, at) = (ids.wave(), TIMES[ids.at]);
    let feedback = |wave: Option<WaveName>| Feedback {
        id: FeedbackId::derive(&ids.user, payment.as_str()),
        wave,
        about: at,
        by: ids.user.clone(),
        payment_id: Some(payment.clone()),
        creator: Some(ids.creator.clone()),
        opinion: Opinion { rating: Rating::new(5).expect("rating"), text: None },
        given_at: at,
    };
    let (of_wave, of_none) = (feedback(Some(wave.clone())), feedback(None));
    let event = ParkedId::of_event(&ids.stripe("evt", EventId::parse));
    let account = ids.stripe("acct", AccountId::parse);
    let address = AddressId::parse(&format!("adr_{:032x}", ids.at)).expect("id");
    let u = ids.user.as_str();
    vec![
        named("payment", &[&n], Key::payment(&payment)),
        named("entry", &[&n], Key::ledger_entry(&payment, "refund/re_1/failed")),
        named("intent", &[&n], Key::intent(&ids.stripe("pi", IntentId::parse))),
        named("address day", &[&n], Key::address_day(&address, day)),
        named("account", &[&n], Key::account(&account)),
        named("account refresh", &[&n], Key::account_refresh(&account)),
        named("feedback", &[wave.as_str(), u, &n], Key::feedback(&of_wave)),
        named("feedback", &["-", u, &n], Key::feedback(&of_none)),
        named("parked", &[&n], Key::parked(day, &event)),
        named("parked day", &[&n], Key::parked_day(&event)),
    ]
}

fn of_the_platform(ids: &Ids) -> Vec<Named> {
    let (n, day, wave) = (ids.at.to_string(), DAYS[ids.at], ids.wave());
    let details = WaveDetails {
        name: wave.clone(),
        created_at: TIMES[0],
        created_by: ids.user.clone(),
        rolled_back: None,
        version: 1,
    };
    let copy = u8::try_from(ids.at).expect("small");
    vec![
        named("rollout", &[&n], Key::rollout(copy)),
        named("wave", &[&n], Key::wave(&wave)),
        named("listed wave", &[&n], Key::listed_wave(&details)),
        named("wave count", &[&n], Key::wave_count(&wave, ids.at as u64, copy)),
        named("reconciliation", &[&n], Key::reconciliation(["CURRENT", "LAST"][ids.at])),
        named("platform entry", &[&n], Key::platform_entry(day, &ids.stripe("txn", TransactionId::parse))),
        named("opening", &[], Key::statement_opening()),
        named("statement day", &[day], Key::statement_day(day)),
        named("review", &[], Key::open_intent_review()),
        named("stage check", &[], Key::stage_check()),
    ]
}

/// A payment's places in the index of the lists, whose keys no item's are.
fn places(ids: &Ids) -> Vec<Named> {
    let (u, c, n) = (ids.user.as_str(), ids.creator.as_str(), ids.at.to_string());
    let position = ListPosition { at: TIMES[ids.at], payment_id: ids.payment() };
    let place = |pk| Key { pk, sk: position.to_string() };
    let received = (0..RECEIVED_SHARDS).map(|shard| {
        named("received", &[&shard.to_string(), c, &n], place(received_partition(&ids.creator, shard)))
    });
    received.chain([named("sent", &[u, &n], place(sent_partition(&ids.user)))]).collect()
}

/// The lists that are read: a partition, the prefix of the sort keys in it, and the kind and ids that they are of.
fn lists(ids: &Ids) -> Vec<(String, String, Vec<String>)> {
    let Ids { user, creator, at } = ids;
    let (c, u, n, day) = (creator.to_string(), user.to_string(), at.to_string(), DAYS[*at]);
    let owned = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
    let whole = String::new;
    let wave = ids.wave();
    vec![
        (Key::hold(user).pk, settled_payments_prefix(creator), owned(&["settled", &u, &c])),
        (Key::receiver(creator).pk, PAYOUT.to_owned(), owned(&["payout", &c])),
        (blocks_partition(creator), BLOCK.to_owned(), owned(&["block", &c])),
        (payment_partition(&ids.payment()), ENTRY.to_owned(), owned(&["entry", &n])),
        (parked_partition(day), PARKED_EVENT.to_owned(), owned(&["parked", &n])),
        (platform_partition(day), ENTRY.to_owned(), owned(&["platform entry", &n])),
        (STATEMENT.to_owned(), STATEMENT_DAY.to_owned(), owned(&["statement day"])),
        (totals_partition(creator), in_generation(*at as u64), owned(&["totals", &c, &n])),
        (wave_partition(&wave), in_generation(*at as u64), owned(&["wave count", &n])),
        (feedback_partition(Some(&wave)), whole(), owned(&["feedback", wave.as_str()])),
        (feedback_partition(None), whole(), owned(&["feedback", "-"])),
        (audit_partition(&AuditSubject::Creator(creator.clone())), whole(), owned(&["audit of creator", &c])),
        (audit_partition(&AuditSubject::Sender(user.clone())), whole(), owned(&["audit of sender", &u])),
        (WAVES.to_owned(), whole(), owned(&["listed wave"])),
        (sent_partition(user), whole(), owned(&["sent", &u])),
        (received_partition(creator, 0), whole(), owned(&["received", "0", &c])),
        (received_partition(creator, RECEIVED_SHARDS - 1), whole(), owned(&["received", "3", &c])),
    ]
}

/// Ids made of what keys are made of, so that one id looks like a part of another key.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "A",
        "B",
        "#",
        "/",
        "%",
        "%23",
        "%2F",
        "%25",
        "-",
        "w",
        ".",
        "PAYMENT#x",
        "CREATOR#",
        "SENDER#",
        "BLOCK#",
        "HOLD",
        "SETTLED#",
        "SENT#",
        "RECEIVED#",
        "1#",
        "TOTALS#",
        "COUNTED#",
        "AUDIT#",
        "creator:",
        "sender:",
        "DAY#2026-11-18",
        "#CREATOR#",
        "RECEIVER",
        "0#",
        "2026-11-18T06:13:20.000Z",
        "#pay_00000000000000000000000000000000",
        "[a]",
        "\"",
        "\\",
        "~",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..5).prop_map(|pieces| pieces.concat())
}

/// Two sets of ids out of a few names, some of which begin like another.
fn two() -> impl Strategy<Value = (Ids, Ids)> {
    let which = (0..5_usize, 0..5_usize, 0..2_usize);
    (hostile(), hostile(), which.clone(), which).prop_map(|(a, b, one, other)| {
        let names = [a.clone(), b.clone(), format!("{a}{b}"), format!("{a}#{b}"), format!("{a}#")];
        let ids = |(user, creator, at): (usize, usize, usize)| Ids {
            user: UserId::parse(&names[user]).expect("a user's id"),
            creator: CreatorId::parse(&names[creator]).expect("a creator's id"),
            at,
        };
        (ids(one), ids(other))
    })
}

proptest! {
    #[test]
    fn no_two_different_items_have_one_key((one, other) in two()) {
        let all: Vec<Named> = keys(&one).into_iter().chain(keys(&other)).collect();
        let mut whats: HashMap<&Key, &[String]> = HashMap::new();
        for (what, key) in &all {
            let first = *whats.entry(key).or_insert(what);
            prop_assert_eq!(first, what.as_slice());
        }
    }

    #[test]
    fn a_list_has_all_of_its_own_items_and_no_other((one, other) in two()) {
        let all: Vec<Named> = keys(&one).into_iter().chain(keys(&other)).collect();
        for (partition, prefix, of) in lists(&one).into_iter().chain(lists(&other)) {
            for (what, key) in &all {
                let listed = key.pk == partition && key.sk.starts_with(&prefix);
                prop_assert_eq!(listed, what.starts_with(&of), "{:?} in the list of {:?}", what, of);
            }
        }
    }

    #[test]
    fn an_operator_finds_every_item_by_the_key_that_is_shown((ids, _) in two()) {
        for (_, key) in keys(&ids) {
            let shown = key.for_operators().to_string();
            prop_assert!(Key::by_operator(&shown).is_some_and(|found| found == key), "{}", shown);
        }
    }
}

/// A sort key has at most 1,024 bytes, a partition key 2,048
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).
#[test]
fn the_longest_ids_fit_into_keys() {
    for longest in ["#", "%", "x"].map(|c| c.repeat(255)) {
        let (user, creator) = (UserId::parse(&longest).expect("id"), CreatorId::parse(&longest).expect("id"));
        for (what, key) in keys(&Ids { user, creator, at: 1 }) {
            assert!(key.pk.len() <= 2_048 && key.sk.len() <= 1_024, "{what:?}");
        }
    }
}

#[test]
fn every_builder_of_keys_is_tested_here() {
    let tested = include_str!("tests.rs");
    for builder in include_str!("../keys.rs").split("pub(crate) fn ").skip(1) {
        let (name, rest) = builder.split_once('(').expect("a function");
        let signature = rest.split_once('{').expect("a body").0;
        let builds = signature.contains("-> Self") || signature.contains("-> String");
        if builds && !signature.contains("self") {
            assert!(tested.contains(&format!("{name}(")), "{name} is not tested");
        }
    }
}
