use super::*;

/// Stripe's types: the enum of `balance_transaction.type` in its OpenAPI document of API 2026-08-26.dahlia, which stripe-mock
/// v0.203.0 embeds.
const STRIPES_TYPES: &str = "adjustment advance advance_funding anticipation_repayment application_fee \
    application_fee_refund charge climate_order_purchase climate_order_refund connect_collection_transfer contribution \
    fee_credit_funding inbound_transfer inbound_transfer_reversal issuing_authorization_hold \
    issuing_authorization_release issuing_dispute issuing_transaction obligation_outbound obligation_reversal_inbound \
    payment payment_failure_refund payment_network_reserve_hold payment_network_reserve_release payment_refund \
    payment_reversal payment_unreconciled payout payout_cancel payout_failure payout_minimum_balance_hold \
    payout_minimum_balance_release refund refund_failure reserve_hold reserve_release reserve_transaction \
    reserved_funds stripe_balance_payment_debit stripe_balance_payment_debit_reversal stripe_fee stripe_fx_fee tax_fee \
    tax_fund topup topup_reversal transfer transfer_cancel transfer_failure transfer_refund";

#[test]
fn every_type_of_stripes_has_a_class_and_no_other_type_has_one() {
    let theirs: Vec<&str> = STRIPES_TYPES.split_whitespace().collect();
    assert_eq!(TYPES.map(|(name, _)| name).to_vec(), theirs);
    for name in theirs {
        assert_ne!(TransactionClass::of(name, ""), TransactionClass::Unknown, "{name}");
    }
    for name in ["", "charges", "stripe_gift", "other_business", "unknown"] {
        assert_eq!(TransactionClass::of(name, "charge"), TransactionClass::Unknown, "{name}");
    }
}

#[test]
fn the_reporting_category_tells_what_an_adjustment_is_and_changes_no_other_type() {
    let class = |category| TransactionClass::of("adjustment", category);
    assert_eq!(class("dispute"), TransactionClass::Dispute);
    assert_eq!(class("dispute_reversal"), TransactionClass::Dispute);
    assert_eq!(class("refund_failure"), TransactionClass::RefundFailure);
    assert_eq!(class("fee"), TransactionClass::StripeFee);
    for category in ["other_adjustment", "", "invented"] {
        assert_eq!(class(category), TransactionClass::Adjustment, "{category}");
    }
    assert_eq!(TransactionClass::of("charge", "payout"), TransactionClass::Charge);
    assert_eq!(TransactionClass::of("refund", "partial_capture_reversal"), TransactionClass::Refund);
}

#[test]
fn what_could_be_a_payments_is_never_the_platforms_own() {
    let platforms = |has_payment_object: bool| -> Vec<&str> {
        let of_platform = |class: &TransactionClass| class.is_platforms(has_payment_object);
        TransactionClass::ALL.into_iter().filter(of_platform).map(TransactionClass::as_str).collect()
    };
    let with_object = "stripe_fee tax payout topup reserve contribution financing issuing collection platform_earning \
        customer_funds balance_payment";
    assert_eq!(platforms(true), with_object.split_whitespace().collect::<Vec<_>>());
    assert_eq!(platforms(false).len(), platforms(true).len() + 1);
    assert!(TransactionClass::Adjustment.is_platforms(false));
}

#[test]
fn a_class_is_stored_by_its_name() {
    for class in TransactionClass::ALL {
        let stored = serde_json::to_value(class).expect("serializes");
        assert_eq!(stored, class.as_str());
        assert_eq!(stored, class.to_string());
        assert_eq!(serde_json::from_value::<TransactionClass>(stored).expect("reads"), class);
    }
    assert!(TransactionClass::try_from("charges".to_owned()).is_err());
}
