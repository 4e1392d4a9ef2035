//! People, payments and facts of the tests.

use payments::*;
use payments_store::Counted;
use std::sync::OnceLock;

pub(crate) const PAYMENT: &str = "pay_0123456789abcdef0123456789abcdef";

pub(crate) fn usd() -> Currency {
    Currency::parse("usd").expect("currency")
}

pub(crate) fn creator(id: &str) -> CreatorId {
    CreatorId::parse(id).expect("creator")
}

pub(crate) fn user(id: &str) -> UserId {
    UserId::parse(id).expect("user")
}

pub(crate) fn intent(id: &str) -> IntentId {
    IntentId::parse(id).expect("intent")
}

pub(crate) fn payment_id() -> PaymentId {
    PaymentId::parse(PAYMENT).expect("payment id")
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

/// A payment of ten dollars from `sam` to `ana`, with every optional part.
pub(crate) fn payment() -> Payment {
    Payment::new(PaymentTerms {
        sender: user("sam"),
        creator: creator("ana"),
        chosen: Money::new(1_000, usd()).expect("money"),
        message: Message::parse("Thank you 🎶\nfor the show").ok(),
        anonymous: true,
        context: Context::parse("room/7").ok(),
        fingerprint: Fingerprint::of(&"body"),
        allowed: None,
        parameters: IntentParameters {
            payment_id: payment_id(),
            total: Money::new(1_061, usd()).expect("money"),
            destination: AccountId::parse("acct_ana").expect("account"),
            transfer_amount: 1_000,
            on_behalf_of: false,
            labels: payments::Labels::new(
                &creator("ana"),
                Context::parse("room/7").ok().as_ref(),
                true,
                &payments::StatementDescriptorTemplate::default(),
            ),
            customer: None,
            receipt_email: Some("sam@example.com".to_owned()),
        },
        created_at: at(0),
    })
}

/// A declined card, then 3-D Secure, then success.
pub(crate) fn history() -> Vec<Fact> {
    let phase = |seconds, event: &str, phase| {
        Fact::Phase(Stamp::of_event(seconds, EventId::parse(event).expect("event")), phase)
    };
    let charge = |id: &str, outcome| Fact::Charge(ChargeId::parse(id).expect("charge"), outcome);
    vec![
        Fact::Intent(intent("pi_1")),
        Fact::Phase(Stamp::of_creation(100), Phase::RequiresPaymentMethod),
        charge("ch_1", ChargeOutcome::Failed),
        phase(101, "evt_1", Phase::RequiresPaymentMethod),
        phase(102, "evt_2", Phase::RequiresAction),
        charge("py_2", ChargeOutcome::Succeeded),
        Fact::Phase(Stamp::of_retrieval(102, 102_500), Phase::Processing),
        Fact::Succeeded,
    ]
}

/// Returns the same facts for any payment.
pub(crate) fn given(facts: Vec<Fact>) -> impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch> {
    move |_| Ok(facts.clone())
}

/// A count without limits, so nothing is counted.
pub(crate) fn uncounted() -> Counted<'static> {
    static NONE: OnceLock<SenderLimits> = OnceLock::new();
    Counted { limits: NONE.get_or_init(SenderLimits::default), address: None, at: at(0) }
}

pub(crate) fn account(id: &str) -> ConnectedAccount {
    let opened = ConnectedAccount::opened(AccountId::parse(id).expect("account"), "US", usd());
    ConnectedAccount { transfers_active: true, ..opened }
}

pub(crate) fn unknown(id: &str) -> Receiver {
    Receiver::unknown(creator(id))
}

pub(crate) fn enabled_with(receiver: &Receiver, account_id: &str) -> Receiver {
    receiver.changed(ReceiverChange { receiving: Receiving::Enabled, account: Some(account(account_id)) })
}

pub(crate) fn by_op(seconds: i64, id: u64) -> AuditedBy {
    let reason = Reason::parse("invited").expect("reason");
    AuditedBy { by: user("op"), at: at(seconds), id: AuditId(id), reason }
}

/// A [`payment`] with another id.
pub(crate) fn numbered(n: u32) -> Payment {
    let mut payment = payment();
    payment.terms.parameters.payment_id = PaymentId::parse(&format!("pay_{n:032x}")).expect("payment id");
    payment
}

/// A dispute that withdraws this amount of the charge, or reinstates it.
pub(crate) fn dispute_money(dispute: &str, transaction: &str, charged: i64) -> Vec<Fact> {
    let money = DisputeFunds {
        dispute: DisputeId::parse(dispute).expect("dispute"),
        charged,
        creator: 0,
        fee: 0,
        fee_currency: usd(),
        raw_amount: None,
    };
    let transaction = TransactionId::parse(transaction).expect("transaction");
    vec![Fact::Dispute(DisputeFact::Funds(transaction, money))]
}

/// The charge's transfer, and several reversals of one minor unit each.
pub(crate) fn reversals(numbers: std::ops::Range<u32>) -> Vec<Fact> {
    let transfer = TransferId::parse("tr_1").expect("transfer");
    let charge = ChargeId::parse("ch_1").expect("charge");
    let original = TransferFact::Original(charge.clone(), transfer.clone());
    let known = [Fact::Charge(charge, ChargeOutcome::Succeeded), Fact::Transfer(original)];
    let reversals = numbers.map(|n| {
        let id = ReversalId::parse(&format!("trr_{n}")).expect("reversal");
        let reversal = TransferReversal { transfer: transfer.clone(), amount: 1, sent: None };
        Fact::Transfer(TransferFact::Reversal(id, reversal))
    });
    known.into_iter().chain(reversals).collect()
}
