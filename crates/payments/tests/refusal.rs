//! The table line by line: what Stripe sends, as its pages or reports have it, and what follows.

use payments::{RefusalCause, RefusalKind, RefusalReply, SetUpFault};

fn kind(status: u16, code: &str, param: &str, message: &str) -> RefusalKind {
    fn given(text: &str) -> Option<&str> {
        Some(text).filter(|text| !text.is_empty())
    }
    RefusalReply { status, code: given(code), param: given(param), message, creates_account: false }.kind()
}

fn of_request(cause: RefusalCause) -> RefusalKind {
    RefusalKind::Request(cause)
}

#[test]
fn each_code_has_its_cause() {
    use RefusalKind::SetUp;
    for (status, code, expected) in [
        (400, "amount_too_small", of_request(RefusalCause::AmountTooSmall(None))),
        (400, "amount_too_large", of_request(RefusalCause::AmountTooLarge)),
        (400, "charge_exceeds_transaction_limit", of_request(RefusalCause::AmountTooLarge)),
        (400, "insufficient_capabilities_for_transfer", of_request(RefusalCause::Account)),
        (400, "transfers_not_allowed", of_request(RefusalCause::Account)),
        (400, "capability_not_active", of_request(RefusalCause::Account)),
        (403, "account_invalid", of_request(RefusalCause::Account)),
        (400, "country_unsupported", of_request(RefusalCause::Country)),
        (400, "capability_not_available_in_country", of_request(RefusalCause::Country)),
        (400, "accounts_v2_access_blocked", SetUp(SetUpFault::AccountsApi)),
        (400, "unsupported_country", of_request(RefusalCause::Country)),
        (400, "approval_required", SetUp(SetUpFault::Approval)),
        (400, "capability_not_available_without_other_capability", SetUp(SetUpFault::Approval)),
        (400, "inactive_api_operation_confirmation_required", SetUp(SetUpFault::AccountCreation)),
        (400, "testmode_charges_only", SetUp(SetUpFault::PlatformAccount)),
        (400, "platform_account_required", SetUp(SetUpFault::PlatformAccount)),
        (400, "payment_method_unactivated", SetUp(SetUpFault::PlatformAccount)),
        (403, "more_permissions_required_for_application", SetUp(SetUpFault::Permission)),
        (400, "more_permissions_required", SetUp(SetUpFault::Permission)),
        (401, "api_key_expired", SetUp(SetUpFault::Key)),
        (400, "platform_api_key_expired", SetUp(SetUpFault::Key)),
        (400, "livemode_mismatch", SetUp(SetUpFault::Key)),
        (400, "secret_key_required", SetUp(SetUpFault::Key)),
        (400, "charge_disputed", of_request(RefusalCause::Other)),
        (400, "charge_already_refunded", of_request(RefusalCause::Other)),
        (400, "balance_insufficient", of_request(RefusalCause::Other)),
        (404, "resource_missing", of_request(RefusalCause::Other)),
        (400, "a_code_of_next_year", of_request(RefusalCause::Other)),
    ] {
        assert_eq!(kind(status, code, "", ""), expected, "{code}");
    }
}

#[test]
fn a_suffix_of_the_statement_that_stripe_does_not_take_is_a_fault_of_the_set_up() {
    let fault = RefusalKind::SetUp(SetUpFault::StatementDescriptor);
    assert_eq!(kind(400, "", "statement_descriptor_suffix", "Too long."), fault);
    assert_eq!(kind(400, "parameter_invalid", "statement_descriptor_suffix", ""), fault);
    assert!(SetUpFault::StatementDescriptor.answers_its_key());
}

#[test]
fn words_decide_where_stripe_gives_no_code() {
    use RefusalKind::SetUp;
    for (message, expected) in [
        (
            "Cannot create a destination charge for connected accounts in JP because funds would be settled on the \
             platform and the connected account is outside the platform's region.",
            of_request(RefusalCause::Country),
        ),
        (
            "Funds can't be sent to accounts located in MX when the account is under the `full` service agreement.",
            of_request(RefusalCause::Country),
        ),
        ("Connected accounts in JM cannot be created by platforms in US.", of_request(RefusalCause::Country)),
        (
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, \
             crypto_transfers, legacy_payments",
            of_request(RefusalCause::Account),
        ),
        ("This Connect account cannot currently make live charges.", of_request(RefusalCause::Account)),
        ("Your account cannot currently make live charges.", SetUp(SetUpFault::PlatformAccount)),
        (
            "Stripe no longer recommends Accounts v1 for new Connect integrations.",
            SetUp(SetUpFault::AccountsApi),
        ),
        ("Accounts v2 is not enabled for your platform.", SetUp(SetUpFault::AccountsApi)),
        (
            "Your platform needs approval for accounts to have requested the `transfers` capability without the \
             `card_payments` capability.",
            SetUp(SetUpFault::Approval),
        ),
        (
            "You cannot request the `transfers` capability without the `card_payments` capability for accounts in US.",
            SetUp(SetUpFault::Approval),
        ),
        ("You must complete your platform profile.", SetUp(SetUpFault::ConnectProfile)),
        (
            "You can only create new accounts if you've signed up for Connect.",
            SetUp(SetUpFault::ConnectProfile),
        ),
        ("Invalid Stripe API version: 2022-11-15", SetUp(SetUpFault::RequestForm)),
        (
            "No such payment_intent: 'pi_1'; a similar object exists in live mode, but a test mode key was used.",
            SetUp(SetUpFault::Key),
        ),
    ] {
        assert_eq!(kind(400, "", "", message), expected, "{message}");
    }
}

#[test]
fn the_parameter_decides_where_neither_code_nor_words_do() {
    for (param, expected) in [
        ("transfer_data[destination]", RefusalCause::Account),
        ("destination", RefusalCause::Account),
        ("on_behalf_of", RefusalCause::Account),
        ("currency", RefusalCause::Currency),
        ("customer", RefusalCause::Customer),
        ("metadata", RefusalCause::Other),
        ("", RefusalCause::Other),
    ] {
        for code in ["resource_missing", ""] {
            assert_eq!(kind(400, code, param, ""), of_request(expected.clone()), "{param}");
        }
    }
    let region = "the connected account is outside the platform's region";
    assert_eq!(kind(400, "", "transfer_data[destination]", region), of_request(RefusalCause::Country));
}

#[test]
fn a_refused_receipt_address_is_told_by_its_parameter_and_never_by_what_the_message_quotes() {
    for quoted in ["sam@example", "accounts v2 is not enabled@x", "outside the platform's region@x"] {
        let message = format!("Invalid email address: {quoted}");
        assert_eq!(
            kind(400, "email_invalid", "receipt_email", &message),
            of_request(RefusalCause::ReceiptEmail)
        );
    }
}

#[test]
fn a_refused_address_of_a_creator_is_told_by_its_parameter_or_by_the_code_for_a_new_account() {
    let of_account = |code, param| {
        let message = "Invalid email address: accounts v2 is not enabled@x";
        RefusalReply { status: 400, code, param, message, creates_account: true }.kind()
    };
    let refused = of_request(RefusalCause::ContactEmail);
    for code in ["email_invalid", "email_domain_invalid_for_recipient"] {
        assert_eq!(of_account(Some(code), Some("contact_email")), refused);
        assert_eq!(of_account(Some(code), None), refused);
        assert_eq!(kind(400, code, "", ""), of_request(RefusalCause::Other), "it creates no account");
    }
    assert_eq!(of_account(Some("invalid_fields"), Some("contact_email")), refused, "there is none");
}

#[test]
fn a_key_that_is_unknown_or_lacks_a_permission_is_a_fault_of_the_set_up() {
    assert_eq!(kind(401, "", "", "Invalid API Key provided"), RefusalKind::SetUp(SetUpFault::Key));
    let message = "The provided key does not have the required permissions for this endpoint.";
    assert_eq!(kind(403, "", "", message), RefusalKind::SetUp(SetUpFault::Permission));
}

#[test]
fn a_new_account_that_is_refused_for_none_of_its_fields_is_refused_for_the_platform() {
    let reply =
        RefusalReply { status: 400, code: None, param: None, message: "Blocked.", creates_account: true };
    assert_eq!(reply.kind(), RefusalKind::SetUp(SetUpFault::AccountCreation));
    let repeated = RefusalReply { code: Some("invalid_request_error"), ..reply };
    assert_eq!(repeated.kind(), RefusalKind::SetUp(SetUpFault::AccountCreation), "as v2 writes no code");
    let named = RefusalReply { param: Some("identity.country"), ..reply };
    assert_eq!(named.kind(), of_request(RefusalCause::Other));
    assert_eq!(RefusalReply { creates_account: false, ..reply }.kind(), of_request(RefusalCause::Other));
}

#[test]
fn the_minimum_is_kept_as_stripe_words_it_and_nothing_else_of_the_message() {
    let minimum = |message: &str| {
        let kind = kind(400, "amount_too_small", "amount", message);
        let RefusalKind::Request(RefusalCause::AmountTooSmall(minimum)) = kind else { panic!("{kind:?}") };
        minimum.map(|minimum| minimum.as_str().to_owned())
    };
    let told = [
        ("Amount must be at least $0.50 usd", "$0.50 usd"),
        ("Amount must be at least 50 cents", "50 cents"),
        ("Amount must convert to at least 50 cents. ¥5 converts to approximately $0.03.", "50 cents"),
        ("Amount must be at least £0.30 gbp.", "£0.30 gbp"),
    ];
    for (message, amount) in told {
        assert_eq!(minimum(message).as_deref(), Some(amount));
    }
    for untold in [
        "",
        "Amount is too small",
        "at least sam@example.com 5",
        "at least one of 50 capabilities that",
        "at least one",
    ] {
        assert_eq!(minimum(untold), None, "{untold}");
    }
}

#[test]
fn every_fault_of_the_set_up_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = SetUpFault::ALL.map(SetUpFault::as_str).into();
    assert_eq!(names.len(), SetUpFault::ALL.len());
}

#[test]
fn a_refusal_that_concerns_the_secret_key_says_nothing_about_an_earlier_attempt() {
    use SetUpFault::{AccountCreation, AccountsApi, Approval, ConnectProfile, StatementDescriptor};
    let answering: Vec<_> = SetUpFault::ALL.into_iter().filter(|fault| fault.answers_its_key()).collect();
    assert_eq!(answering, [AccountsApi, Approval, ConnectProfile, AccountCreation, StatementDescriptor]);
}
