//! A payment of 10.00 with a fee of 0.61, and snapshots of its objects at Stripe.

use payments::{
    AccountId, BalanceTransactionKind, Card, ChargeId, ChargeOutcome, ChargeSnapshot, CreatorId, Currency,
    DisputeId, DisputeSnapshot, DisputeStatus, DisputeTransaction, EventId, Fact, Fingerprint,
    InstructionKind, InstructionOutcome, IntentId, IntentParameters, IntentSnapshot, IntentStatus, Labels,
    Money, Payment, PaymentId, PaymentTerms, RefundFact, RefundId, RefundRequest, RefundRequestId,
    RefundSnapshot, RefundStatus, RequestedRefund, ReversalId, ReversalSnapshot, Snapshot, Stamp,
    StatementDescriptorTemplate, StripeFee, Timestamp, TransactionId, TransferFact, TransferId,
    TransferInstruction, TransferSnapshot, UserId,
};

pub(crate) const CHOSEN: i64 = 1_000;
pub(crate) const TOTAL: i64 = 1_061;
pub(crate) const CREATED_S: i64 = 1_000;

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("currency")
}

pub(crate) fn payment_in(code: &str, chosen: i64, total: i64) -> Payment {
    let money = |amount| Money::new(amount, currency(code)).expect("money");
    Payment::new(PaymentTerms {
        sender: UserId::parse("sam").expect("id"),
        creator: CreatorId::parse("ana").expect("id"),
        chosen: money(chosen),
        message: None,
        anonymous: false,
        context: None,
        fingerprint: Fingerprint::of(&"body"),
        allowed: None,
        parameters: IntentParameters {
            payment_id: PaymentId::parse("pay_0123456789abcdef0123456789abcdef").expect("id"),
            total: money(total),
            destination: AccountId::parse("acct_ana").expect("id"),
            transfer_amount: chosen,
            on_behalf_of: false,
            labels: Labels::new(
                &CreatorId::parse("ana").expect("id"),
                None,
                false,
                &StatementDescriptorTemplate::default(),
            ),
            customer: None,
            receipt_email: None,
        },
        created_at: Timestamp::from_seconds(CREATED_S),
    })
}

pub(crate) fn new_payment() -> Payment {
    payment_in("usd", CHOSEN, TOTAL)
}

/// The payment with these facts joined.
pub(crate) fn with_facts(payment: &Payment, facts: &[Fact]) -> Payment {
    payment.join(facts).map_or_else(|| payment.clone(), |change| change.after)
}

/// The payment after this snapshot and the share adjustments that follow.
pub(crate) fn after(payment: &Payment, snapshot: &Snapshot) -> Payment {
    let payment = with_facts(payment, &snapshot.facts(payment).expect("of this payment"));
    with_facts(&payment, &payment.share_adjustments())
}

pub(crate) fn after_all(payment: &Payment, snapshots: &[Snapshot]) -> Payment {
    snapshots.iter().fold(payment.clone(), |payment, snapshot| after(&payment, snapshot))
}

pub(crate) fn stamp(at_s: i64) -> Stamp {
    Stamp::of_event(at_s, EventId::parse(&format!("evt_{at_s}")).expect("id"))
}

pub(crate) fn intent(at_s: i64, status: IntentStatus) -> Snapshot {
    Snapshot::Intent(IntentSnapshot {
        id: IntentId::parse("pi_1").expect("id"),
        status,
        amount: TOTAL,
        amount_received: if status == IntentStatus::Succeeded { TOTAL } else { 0 },
        currency: "usd".to_owned(),
        destination: AccountId::parse("acct_ana").ok(),
        transfer_amount: Some(CHOSEN),
        charge: (status == IntentStatus::Succeeded)
            .then(|| (ChargeId::parse("ch_1").expect("id"), ChargeOutcome::Succeeded)),
        declined: None,
        stamp: stamp(at_s),
    })
}

pub(crate) fn charge_snapshot(id: &str, outcome: Option<ChargeOutcome>) -> ChargeSnapshot {
    ChargeSnapshot {
        id: ChargeId::parse(id).expect("id"),
        intent: IntentId::parse("pi_1").ok(),
        outcome,
        card: Card::of("visa", "4242"),
        amount: TOTAL,
        currency: "usd".to_owned(),
        transfer: None,
        fee: None,
    }
}

pub(crate) fn charge(id: &str, outcome: Option<ChargeOutcome>) -> Snapshot {
    Snapshot::Charge(charge_snapshot(id, outcome))
}

/// Paid, with Stripe's fee of 0.65 and the creator's transfer.
pub(crate) fn charge_with_fee() -> Snapshot {
    let fee = StripeFee { amount: 65, currency: currency("usd") };
    Snapshot::Charge(ChargeSnapshot {
        transfer: TransferId::parse("tr_own").ok(),
        fee: Some((TransactionId::parse("txn_charge").expect("id"), fee)),
        ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
    })
}

pub(crate) fn transfer_snapshot() -> TransferSnapshot {
    TransferSnapshot {
        id: TransferId::parse("tr_own").expect("id"),
        amount: CHOSEN,
        currency: "usd".to_owned(),
        destination: AccountId::parse("acct_ana").ok(),
        charge: ChargeId::parse("ch_1").ok(),
        number: None,
        reversals: vec![],
    }
}

/// The charge's own transfer, with these of its reversals: id, amount, number of our instruction.
pub(crate) fn own_transfer(reversals: &[(&str, i64, Option<u32>)]) -> Snapshot {
    let reversal = |(id, amount, number): &(&str, i64, Option<u32>)| ReversalSnapshot {
        id: ReversalId::parse(id).expect("id"),
        amount: *amount,
        currency: "usd".to_owned(),
        number: *number,
    };
    Snapshot::Transfer(TransferSnapshot {
        reversals: reversals.iter().map(reversal).collect(),
        ..transfer_snapshot()
    })
}

pub(crate) fn retransfer(id: &str, amount: i64, number: u32) -> Snapshot {
    Snapshot::Transfer(TransferSnapshot {
        id: TransferId::parse(id).expect("id"),
        amount,
        charge: None,
        number: Some(number),
        ..transfer_snapshot()
    })
}

pub(crate) fn request_id(n: u8) -> RefundRequestId {
    RefundRequestId::parse(&format!("rfd_{n:032x}")).expect("id")
}

pub(crate) fn refund_snapshot(
    id: &str,
    amount: i64,
    status: RefundStatus,
    request: Option<u8>,
) -> RefundSnapshot {
    RefundSnapshot {
        id: RefundId::parse(id).expect("id"),
        intent: IntentId::parse("pi_1").ok(),
        amount,
        currency: "usd".to_owned(),
        status,
        request: request.map(request_id),
        transfer_reversal: None,
    }
}

pub(crate) fn refund(id: &str, amount: i64, status: RefundStatus, request: Option<u8>) -> Snapshot {
    Snapshot::Refund(refund_snapshot(id, amount, status, request))
}

/// A refund request: the creator's part, the platform's part, and the code of a refusal.
pub(crate) fn requested(n: u8, creator: i64, platform: i64, refused: Option<&str>) -> Fact {
    let request = RefundRequest {
        creator,
        platform,
        requested_by: UserId::parse("sam").ok(),
        reason: None,
        fingerprint: Fingerprint::of(&n),
        requested_at: Timestamp::from_seconds(CREATED_S + 100),
    };
    let requested = RequestedRefund { request, refused: refused.map(str::to_owned) };
    Fact::Refund(RefundFact::Requested(request_id(n), requested))
}

/// A balance transaction with Stripe's sign: a withdrawal is negative.
pub(crate) fn transaction(id: &str, amount: i64, fee: i64) -> DisputeTransaction {
    let id = TransactionId::parse(id).expect("id");
    DisputeTransaction { id, amount, fee, currency: currency("usd") }
}

pub(crate) fn dispute_snapshot(
    at_s: i64,
    status: DisputeStatus,
    transactions: &[DisputeTransaction],
) -> DisputeSnapshot {
    DisputeSnapshot {
        id: DisputeId::parse("dp_1").expect("id"),
        intent: IntentId::parse("pi_1").ok(),
        amount: TOTAL,
        currency: "usd".to_owned(),
        status,
        due_by: None,
        stamp: stamp(at_s),
        transactions: transactions.to_vec(),
    }
}

pub(crate) fn dispute(at_s: i64, status: DisputeStatus, transactions: &[DisputeTransaction]) -> Snapshot {
    Snapshot::Dispute(dispute_snapshot(at_s, status, transactions))
}

pub(crate) fn instruction(
    number: u32,
    kind: InstructionKind,
    amount: i64,
    outcome: InstructionOutcome,
) -> Fact {
    let decided_at = Timestamp::from_seconds(CREATED_S + 200);
    Fact::Transfer(TransferFact::Instruction(TransferInstruction {
        number,
        kind,
        amount,
        sent: None,
        decided_at,
        outcome,
        destination: None,
        covered: false,
        refused_since: None,
    }))
}

pub(crate) fn decided_retransfer(number: u32, amount: i64) -> Fact {
    instruction(number, InstructionKind::Transfer, amount, InstructionOutcome::Pending)
}

/// The conversion of a balance transaction to euros.
pub(crate) fn in_euros(
    payment: &Payment,
    id: &str,
    kind: &BalanceTransactionKind,
    converted: i64,
) -> Payment {
    let id = TransactionId::parse(id).expect("id");
    let conversion = payment.conversion(&id, kind, converted, currency("eur"));
    with_facts(payment, &[conversion.expect("booked, and in another currency")])
}

pub(crate) fn reversal_of_own() -> InstructionKind {
    InstructionKind::Reversal(TransferId::parse("tr_own").expect("id"))
}
