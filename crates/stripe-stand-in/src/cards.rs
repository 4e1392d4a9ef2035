//! Stripe's test cards (docs.stripe.com/testing) and how each behaves. No other number is accepted, and no number is
//! stored: a payment method holds the test card's name.

use crate::wire::errors::StripeError;

/// How an issuer refuses a card.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decline {
    pub(crate) code: &'static str,
    /// `None` where Stripe's code already says it.
    pub(crate) decline_code: Option<&'static str>,
    pub(crate) message: &'static str,
}

/// When the cardholder must authenticate (3-D Secure).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    Never,
    Always,
    /// Set up for use without the cardholder present.
    OnSession,
}

/// What happens without a call after a charge, or a refund of it, succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FollowUp {
    Nothing,
    /// The charge is disputed for this reason.
    Dispute(&'static str),
    /// The bank opens an inquiry and withdraws nothing.
    Inquiry(&'static str),
    /// The issuer reports the charge as fraud.
    FraudWarning,
    /// A refund succeeds and fails later.
    RefundFails,
    /// A refund is pending and succeeds later.
    RefundPends,
}

#[derive(Debug)]
pub(crate) struct TestCard {
    /// The part after `pm_card_` and `tok_`.
    pub(crate) name: &'static str,
    number: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) funding: &'static str,
    pub(crate) country: &'static str,
    pub(crate) authentication: Authentication,
    pub(crate) decline: Option<&'static Decline>,
    pub(crate) follow_up: FollowUp,
}

impl TestCard {
    pub(crate) fn last4(&self) -> &'static str {
        &self.number[self.number.len() - 4..]
    }

    /// American Express stands for the cards without 3-D Secure.
    pub(crate) fn supports_3d_secure(&self) -> bool {
        self.brand != "amex"
    }
}

const fn decline(code: &'static str, decline_code: Option<&'static str>, message: &'static str) -> Decline {
    Decline { code, decline_code, message }
}

static GENERIC: Decline = decline("card_declined", Some("generic_decline"), "Your card was declined.");

static FUNDS: Decline =
    decline("card_declined", Some("insufficient_funds"), "Your card has insufficient funds.");

static LOST: Decline = decline("card_declined", Some("lost_card"), "Your card was declined.");

static STOLEN: Decline = decline("card_declined", Some("stolen_card"), "Your card was declined.");

static FRAUD: Decline = decline("card_declined", Some("fraudulent"), "Your card was declined.");

static VELOCITY: Decline = decline(
    "card_declined",
    Some("card_velocity_exceeded"),
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
);

static EXPIRED: Decline = decline("expired_card", None, "Your card has expired.");

static CVC: Decline = decline("incorrect_cvc", None, "Your card's security code is incorrect.");

static PROCESSING: Decline = decline(
    "processing_error",
    None,
    "An error occurred while processing your card. Try again in a little bit.",
);

/// The decline of a card that requires authentication, on an off-session payment.
pub(crate) static AUTHENTICATION_REQUIRED: Decline = decline(
    "authentication_required",
    Some("authentication_required"),
    "Your card was declined. This transaction requires authentication.",
);

const fn paying(
    name: &'static str,
    number: &'static str,
    brand: &'static str,
    funding: &'static str,
    country: &'static str,
) -> TestCard {
    TestCard {
        name,
        number,
        brand,
        funding,
        country,
        authentication: Authentication::Never,
        decline: None,
        follow_up: FollowUp::Nothing,
    }
}

const fn declining(name: &'static str, number: &'static str, decline: &'static Decline) -> TestCard {
    let mut card = paying(name, number, "visa", "credit", "US");
    card.decline = Some(decline);
    card
}

const fn followed_by(name: &'static str, number: &'static str, follow_up: FollowUp) -> TestCard {
    let mut card = paying(name, number, "visa", "credit", "US");
    card.follow_up = follow_up;
    card
}

const fn authenticating(
    name: &'static str,
    number: &'static str,
    country: &'static str,
    decline: Option<&'static Decline>,
) -> TestCard {
    let mut card = paying(name, number, "visa", "credit", country);
    card.authentication = Authentication::Always;
    card.decline = decline;
    card
}

const fn set_up(mut card: TestCard) -> TestCard {
    card.authentication = Authentication::OnSession;
    card
}

static CARDS: &[TestCard] = &[
    paying("visa", "4242424242424242", "visa", "credit", "US"),
    paying("visa_debit", "4000056655665556", "visa", "debit", "US"),
    paying("mastercard", "5555555555554444", "mastercard", "credit", "US"),
    paying("mastercard_series_2", "2223003122003222", "mastercard", "credit", "US"),
    paying("mastercard_debit", "5200828282828210", "mastercard", "debit", "US"),
    paying("mastercard_prepaid", "5105105105105100", "mastercard", "prepaid", "US"),
    paying("amex", "378282246310005", "amex", "credit", "US"),
    paying("amex_threeDSecureNotSupported", "371449635398431", "amex", "credit", "US"),
    paying("discover", "6011111111111117", "discover", "credit", "US"),
    paying("diners", "3056930009020004", "diners", "credit", "US"),
    paying("jcb", "3566002020360505", "jcb", "credit", "JP"),
    paying("unionpay", "6200000000000005", "unionpay", "credit", "CN"),
    paying("us", "4000008400000000", "visa", "credit", "US"),
    paying("gb", "4000008260000000", "visa", "credit", "GB"),
    paying("de", "4000002760000016", "visa", "credit", "DE"),
    paying("fr", "4000002500000003", "visa", "credit", "FR"),
    paying("ca", "4000001240000000", "visa", "credit", "CA"),
    paying("jp", "4000003920000003", "visa", "credit", "JP"),
    paying("au", "4000000360000006", "visa", "credit", "AU"),
    paying("br", "4000000760000002", "visa", "credit", "BR"),
    paying("mx", "4000004840008001", "visa", "credit", "MX"),
    paying("in", "4000003560000008", "visa", "credit", "IN"),
    paying("bypassPending", "4000000000000077", "visa", "credit", "US"),
    paying("threeDSecureOptional", "4000000000003055", "visa", "credit", "US"),
    followed_by("createDispute", "4000000000000259", FollowUp::Dispute("fraudulent")),
    followed_by(
        "createDisputeProductNotReceived",
        "4000000000002685",
        FollowUp::Dispute("product_not_received"),
    ),
    followed_by("createDisputeInquiry", "4000000000001976", FollowUp::Inquiry("general")),
    followed_by("createIssuerFraudRecord", "4000000000005423", FollowUp::FraudWarning),
    followed_by("refundFail", "4000000000005126", FollowUp::RefundFails),
    followed_by("pendingRefund", "4000000000007726", FollowUp::RefundPends),
    declining("chargeDeclined", "4000000000000002", &GENERIC),
    declining("chargeDeclinedInsufficientFunds", "4000000000009995", &FUNDS),
    declining("chargeDeclinedLostCard", "4000000000009987", &LOST),
    declining("chargeDeclinedStolenCard", "4000000000009979", &STOLEN),
    declining("chargeDeclinedExpiredCard", "4000000000000069", &EXPIRED),
    declining("chargeDeclinedIncorrectCvc", "4000000000000127", &CVC),
    declining("chargeDeclinedProcessingError", "4000000000000119", &PROCESSING),
    declining("chargeDeclinedVelocityLimitExceeded", "4000000000006975", &VELOCITY),
    declining("chargeDeclinedFraudulent", "4100000000000019", &FRAUD),
    declining("chargeCustomerFail", "4000000000000341", &GENERIC),
    authenticating("authenticationRequired", "4000002760003184", "DE", None),
    authenticating("authenticationRequiredOnSetup", "4000002500003155", "FR", None),
    set_up(authenticating("authenticationRequiredSetupForOffSession", "4000003800000446", "IT", None)),
    authenticating(
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "4000008260003178",
        "GB",
        Some(&FUNDS),
    ),
    authenticating("threeDSecureRequired", "4000000000003063", "US", None),
    authenticating("threeDSecure2Required", "4000000000003220", "US", None),
    authenticating("threeDSecureRequiredChargeDeclined", "4000008400001629", "US", Some(&GENERIC)),
    authenticating("threeDSecureRequiredProcessingError", "4000008400001280", "US", Some(&PROCESSING)),
];

/// The test card of a `pm_card_…` or `tok_…` id. Stripe has most declines both with and without `visa_`.
pub(crate) fn by_id(id: &str) -> Option<&'static TestCard> {
    let name = id.strip_prefix("pm_card_").or_else(|| id.strip_prefix("tok_"))?;
    by_name(name).or_else(|| by_name(name.strip_prefix("visa_").filter(|rest| rest.starts_with("charge"))?))
}

pub(crate) fn by_name(name: &str) -> Option<&'static TestCard> {
    CARDS.iter().find(|card| card.name == name)
}

/// The test card with this number; spaces and dashes are ignored.
pub(crate) fn by_number(number: &str) -> Result<&'static TestCard, StripeError> {
    let digits = number.chars().filter(|character| !matches!(character, ' ' | '-'));
    CARDS.iter().find(|card| digits.clone().eq(card.number.chars())).ok_or_else(|| {
        StripeError::card("incorrect_number", None, "Your card number is incorrect.").param("number")
    })
}
