//! The codes of problems, each with its status and its title: clients depend on the first two, people read the third.

use lambda_http::http::StatusCode;

/// Declares the codes, each with its status and title.
macro_rules! problem_codes {
    ($($name:ident = $code:literal, $status:ident, $title:literal;)+) => {
        /// What went wrong, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemCode {
            $($name,)+
        }

        impl ProblemCode {
            /// Every code, so that tests can compare them with `infra/openapi.yaml` and with the problems that they saw.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the code in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// Returns the status of every problem with this code.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)+
                }
            }

            /// Returns the title of every problem with this code.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }
        }
    };
}

problem_codes! {
    InvalidRequest = "invalid_request", BAD_REQUEST, "The request is not valid";
    InvalidSignature = "invalid_signature", BAD_REQUEST, "The signature does not hold";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Not authenticated";
    Forbidden = "forbidden", FORBIDDEN, "Operators only";
    CreatorNotReceiving = "creator_not_receiving", FORBIDDEN, "The creator cannot receive";
    RefundWindowClosed = "refund_window_closed", FORBIDDEN, "The window for refunds is closed";
    NotFound = "not_found", NOT_FOUND, "Not found";
    RequestInProgress = "request_in_progress", CONFLICT, "Still in progress";
    AccountDisconnected = "account_disconnected", CONFLICT, "The account is not connected";
    AccountInUse = "account_in_use", CONFLICT, "The account is in use";
    AccountRestricted = "account_restricted", CONFLICT, "The account cannot receive";
    BodyNotKept = "body_not_kept", CONFLICT, "The body is not kept";
    CountryFixed = "country_fixed", CONFLICT, "The country is fixed";
    NoDashboard = "no_dashboard", CONFLICT, "There is no dashboard";
    NothingOwed = "nothing_owed", CONFLICT, "Not in this state of the payment";
    PaymentDisputed = "payment_disputed", CONFLICT, "Not in this state of the payment";
    PaymentNotSettled = "payment_not_settled", CONFLICT, "Not in this state of the payment";
    TooManyWaves = "too_many_waves", CONFLICT, "Too many waves";
    WaveRolledBack = "wave_rolled_back", CONFLICT, "The wave is rolled back";
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "Somebody else wrote first";
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    AccountIncomplete = "account_incomplete", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    AccountNotFound = "account_not_found", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    AmountAboveMaximum = "amount_above_maximum", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    AmountAboveRefundable = "amount_above_refundable", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    AmountBelowMinimum = "amount_below_minimum", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    CountryUnsupported = "country_unsupported", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    CurrencyMismatch = "currency_mismatch", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    CurrencyUnsupported = "currency_unsupported", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    DisputeNotHolding = "dispute_not_holding", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    EmailRefused = "email_refused", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    EmailRequired = "email_required", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    NothingToRefund = "nothing_to_refund", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    OnboardingRefused = "onboarding_refused", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    PaymentRefused = "payment_refused", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    QuoteExpired = "quote_expired", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    QuoteInvalid = "quote_invalid", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    QuoteMismatch = "quote_mismatch", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    SelfPayment = "self_payment", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    TooManyRefunds = "too_many_refunds", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    UrlNotAllowed = "url_not_allowed", UNPROCESSABLE_ENTITY, "The request cannot be carried out";
    SenderLimit = "sender_limit", TOO_MANY_REQUESTS, "A limit is reached";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal error";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Temporarily unavailable";
}
