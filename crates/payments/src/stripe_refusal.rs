//! What follows from each definite refusal of Stripe: one table, over the code, the parameter, the status and, where
//! Stripe gives no code, the words (<https://docs.stripe.com/error-codes>). Decline codes are not in it: a card is
//! confirmed by the sender's device, so no request of ours is declined.

use crate::set_up_fault::SetUpFault;
use crate::stripe_minimum::StripeMinimum;

/// A definite refusal as Stripe sends it. The message is read here and not kept.
#[derive(Debug, Clone, Copy)]
pub struct RefusalReply<'a> {
    pub status: u16,
    pub code: Option<&'a str>,
    pub param: Option<&'a str>,
    pub message: &'a str,
    /// The refused request was to create a connected account.
    pub creates_account: bool,
}

/// Whom a refusal concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalKind {
    Request(RefusalCause),
    /// The platform's set-up, which only its operator can mend. Nothing follows for the payment or the creator.
    SetUp(SetUpFault),
}

/// Why Stripe refuses a request, by what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalCause {
    /// The receipt's address. The payment is made without one.
    ReceiptEmail,
    /// The address of a creator for whom an account is created. Another address makes another request.
    ContactEmail,
    /// The amount is less than Stripe's minimum, perhaps only after conversion to the settlement currency.
    AmountTooSmall(Option<StripeMinimum>),
    AmountTooLarge,
    /// The currency cannot be charged or transferred.
    Currency,
    /// The connected account may not be paid. What we know of it is out of date.
    Account,
    /// The Customer was deleted at Stripe, or was never there.
    Customer,
    /// The connected account's country, as seen from the platform's.
    Country,
    /// What the request is about is in a state that does not allow it, such as `charge_disputed` or
    /// `balance_insufficient`; or a cause that this table does not know.
    Other,
}

impl RefusalReply<'_> {
    /// What the refusal is about. An address decides first, because the message quotes it; then the code, the words and
    /// the parameter.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        if self.status == 401 {
            return RefusalKind::SetUp(SetUpFault::Key);
        }
        if let Some(cause) = self.by_address() {
            return RefusalKind::Request(cause);
        }
        if self.param == Some("statement_descriptor_suffix") {
            return RefusalKind::SetUp(SetUpFault::StatementDescriptor);
        }
        let named = self.by_code().or_else(|| by_words(self.message));
        named.or_else(|| self.by_param().map(RefusalKind::Request)).unwrap_or_else(|| self.by_status())
    }

    fn by_address(&self) -> Option<RefusalCause> {
        match (self.param, self.code) {
            (Some("receipt_email"), _) => Some(RefusalCause::ReceiptEmail),
            (Some("contact_email"), _) => Some(RefusalCause::ContactEmail),
            // API v2 may name no parameter (docs.stripe.com/api/v2/core/accounts/create).
            (_, Some("email_invalid" | "email_domain_invalid_for_recipient")) if self.creates_account => {
                Some(RefusalCause::ContactEmail)
            }
            _ => None,
        }
    }

    fn by_code(&self) -> Option<RefusalKind> {
        use RefusalKind::{Request, SetUp};
        Some(match self.code? {
            "amount_too_small" => {
                Request(RefusalCause::AmountTooSmall(StripeMinimum::in_words(self.message)))
            }
            "amount_too_large" | "charge_exceeds_transaction_limit" => Request(RefusalCause::AmountTooLarge),
            "account_invalid"
            | "capability_not_active"
            | "insufficient_capabilities_for_transfer"
            | "transfers_not_allowed" => Request(RefusalCause::Account),
            "capability_not_available_in_country" | "country_unsupported" | "unsupported_country" => {
                Request(RefusalCause::Country)
            }
            // docs.stripe.com/api/v2/core/accounts/create
            "accounts_v2_access_blocked" => SetUp(SetUpFault::AccountsApi),
            "approval_required" | "capability_not_available_without_other_capability" => {
                SetUp(SetUpFault::Approval)
            }
            "inactive_api_operation_confirmation_required" => SetUp(SetUpFault::AccountCreation),
            "payment_method_unactivated" | "platform_account_required" | "testmode_charges_only" => {
                SetUp(SetUpFault::PlatformAccount)
            }
            // Every payment would meet it: a release whose requests Stripe takes no longer.
            "parameter_missing" | "parameter_unknown" | "parameters_exclusive" => {
                SetUp(SetUpFault::RequestForm)
            }
            code if code.starts_with("more_permissions_required") => SetUp(SetUpFault::Permission),
            "api_key_expired" | "livemode_mismatch" | "platform_api_key_expired" | "secret_key_required" => {
                SetUp(SetUpFault::Key)
            }
            _ => return None,
        })
    }

    fn by_status(&self) -> RefusalKind {
        // Where v2 has no code, it repeats the type.
        let has_no_code = matches!(self.code, None | Some("invalid_request_error"));
        let concerns_no_field = has_no_code && self.param.is_none();
        if self.status == 403 {
            RefusalKind::SetUp(SetUpFault::Permission)
        } else if self.creates_account && concerns_no_field {
            // What concerns no field of the request concerns the platform.
            RefusalKind::SetUp(SetUpFault::AccountCreation)
        } else {
            RefusalKind::Request(RefusalCause::Other)
        }
    }

    fn by_param(&self) -> Option<RefusalCause> {
        match self.param? {
            "currency" => Some(RefusalCause::Currency),
            "customer" => Some(RefusalCause::Customer),
            "destination" | "on_behalf_of" | "transfer_data[destination]" => Some(RefusalCause::Account),
            _ => None,
        }
    }
}

const COUNTRY: RefusalKind = RefusalKind::Request(RefusalCause::Country);
const ACCOUNT: RefusalKind = RefusalKind::Request(RefusalCause::Account);

/// Parts of messages that come without a code, in lower case, with what they are about and where they are reported.
const WORDS: [(&str, RefusalKind); 13] = [
    // github.com/self-xdsd/self-core/issues/1092
    ("outside the platform's region", COUNTRY),
    // github.com/NativePHP/nativephp.com/pull/525
    ("can't be sent to accounts located in", COUNTRY),
    // github.com/antiwork/gumroad/issues/1876
    ("cannot be created by platforms in", COUNTRY),
    // github.com/antiwork/gumroad/pull/6029
    ("destination account needs to have at least one of the following capabilities", ACCOUNT),
    // github.com/opencollective/opencollective/issues/5997
    ("this connect account cannot currently make", ACCOUNT),
    // github.com/Automattic/woocommerce-payments/issues/248
    ("your account cannot currently make", RefusalKind::SetUp(SetUpFault::PlatformAccount)),
    // docs.stripe.com/connect/accounts-v2/account-creation
    ("no longer recommends accounts v1", RefusalKind::SetUp(SetUpFault::AccountsApi)),
    // github.com/stripe/sync-engine-fork/pull/348
    ("accounts v2 is not enabled", RefusalKind::SetUp(SetUpFault::AccountsApi)),
    // github.com/Layr-Labs/d-inference/issues/782, github.com/Trac-Systems/openmayhem/issues/8
    ("capability without the `card_payments` capability", RefusalKind::SetUp(SetUpFault::Approval)),
    // github.com/evangauer/openvpm/pull/83
    ("complete your platform profile", RefusalKind::SetUp(SetUpFault::ConnectProfile)),
    ("signed up for connect", RefusalKind::SetUp(SetUpFault::ConnectProfile)),
    // docs.stripe.com/api/versioning
    ("invalid stripe api version", RefusalKind::SetUp(SetUpFault::RequestForm)),
    // The object's id belongs to the other mode.
    ("a similar object exists in", RefusalKind::SetUp(SetUpFault::Key)),
];

fn by_words(message: &str) -> Option<RefusalKind> {
    let message = message.to_lowercase();
    WORDS.iter().find(|(words, _)| message.contains(words)).map(|(_, kind)| kind.clone())
}
