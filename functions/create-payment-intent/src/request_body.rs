//! Parses the bodies of quotes and payments.

use payments::{
    Context, CreatorId, Currency, Fingerprint, Message, Money, MoneyError, ReasonCode, SavedCards,
};
use payments_http::{Problem, ProblemCode, Request, json_body};
use serde::{Deserialize, Deserializer, Serialize};

/// The body of `POST /v1/quotes`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteBody {
    creator_id: String,
    amount: i64,
    currency: String,
}

/// The body of `POST /v1/payments`. A retry must repeat it: the fingerprint is computed from its serialized form, so
/// the order of the fields matters. Absent fields are omitted, so that a field added later does not change the
/// fingerprint of today's requests.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PaymentBody {
    creator_id: String,
    amount: i64,
    currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, deserialize_with = "null_as_false", skip_serializing_if = "std::ops::Not::not")]
    anonymous: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    saved_cards: Option<SavedCards>,
}

/// Reads null as absent, which every optional field allows.
fn null_as_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The creator and the chosen amount.
pub(crate) struct Choice {
    pub(crate) creator: CreatorId,
    pub(crate) chosen: Money,
}

/// A valid request for a payment, with the fingerprint that detects a reused key.
pub(crate) struct CreatePayment {
    pub(crate) choice: Choice,
    pub(crate) quote: Option<String>,
    pub(crate) message: Option<Message>,
    pub(crate) anonymous: bool,
    pub(crate) context: Option<Context>,
    pub(crate) saved_cards: Option<SavedCards>,
    pub(crate) fingerprint: Fingerprint,
}

impl Choice {
    pub(crate) fn of(request: &Request) -> Result<Self, Problem> {
        let body: QuoteBody = json_body(request)?;
        Self::parse(&body.creator_id, body.amount, &body.currency)
    }

    fn parse(creator: &str, amount: i64, currency: &str) -> Result<Self, Problem> {
        let creator =
            CreatorId::parse(creator).map_err(|error| Problem::invalid_field("creator_id", error))?;
        let currency =
            Currency::parse(currency).map_err(|error| Problem::invalid_field("currency", error))?;
        let chosen = Money::new(amount, currency).map_err(|error| match error {
            MoneyError::TooLarge => {
                let reason = ReasonCode::AmountAboveMaximum;
                Problem::new(ProblemCode::AmountAboveMaximum, reason.message())
                    .field("amount")
                    .reasons([reason])
            }
            MoneyError::NotPositive | MoneyError::NotAStep { .. } => Problem::invalid_field("amount", error),
        })?;
        Ok(Self { creator, chosen })
    }
}

impl CreatePayment {
    pub(crate) fn of(request: &Request) -> Result<Self, Problem> {
        let mut body: PaymentBody = json_body(request)?;
        let choice = Choice::parse(&body.creator_id, body.amount, &body.currency)?;
        let message = Message::parse_optional(body.message.as_deref());
        let message = message.map_err(|error| Problem::invalid_field("message", error))?;
        let context = body.context.as_deref().map(Context::parse).transpose();
        let context = context.map_err(|error| Problem::invalid_field("context", error))?;
        // The same text is the same request, whichever line breaks it was sent with.
        body.message = message.as_ref().map(|text| text.as_str().to_owned());
        body.context = context.as_ref().map(|text| text.as_str().to_owned());
        let fingerprint = Fingerprint::of(&body);
        let PaymentBody { anonymous, quote, saved_cards, .. } = body;
        Ok(Self { choice, message, context, anonymous, quote, saved_cards, fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(body: &str) -> Result<CreatePayment, Problem> {
        CreatePayment::of(&Request::new(body.into()))
    }

    fn refused(body: &str) -> (u16, &'static str) {
        let problem = order(body).err().unwrap();
        (problem.code.status().as_u16(), problem.code.as_str())
    }

    const PLAIN: &str = r#"{"creator_id": "ana", "amount": 1000, "currency": "usd"}"#;

    #[test]
    fn the_order_of_fields_and_defaults_do_not_make_another_request() {
        let same = r#"{"currency":"usd","anonymous":null,"amount":1000,"message":null,"creator_id":"ana"}"#;
        assert_eq!(order(PLAIN).ok().unwrap().fingerprint, order(same).ok().unwrap().fingerprint);
    }

    #[test]
    fn the_line_breaks_of_a_form_and_its_empty_message_do_not_make_another_request() {
        let with = |more: &str| order(&PLAIN.replace('}', &format!(", {more}}}"))).ok().unwrap();
        let empty = with(r#""message": """#);
        assert_eq!((empty.message, empty.fingerprint), (None, order(PLAIN).ok().unwrap().fingerprint));
        let form = with(r#""message": "a\r\nb", "context": "c\r\nd""#);
        assert_eq!(form.message.as_ref().map(Message::as_str), Some("a\nb"));
        assert_eq!(form.fingerprint, with(r#""message": "a\nb", "context": "c\nd""#).fingerprint);
    }

    #[test]
    fn every_field_makes_another_request() {
        let plain = order(PLAIN).ok().unwrap().fingerprint;
        for more in [
            r#""quote": "q""#,
            r#""message": "m""#,
            r#""anonymous": true"#,
            r#""context": "c""#,
            r#""saved_cards": "web""#,
        ] {
            let body = PLAIN.replace('}', &format!(", {more}}}"));
            assert_ne!(order(&body).ok().unwrap().fingerprint, plain, "{more}");
        }
        assert_ne!(order(&PLAIN.replace("1000", "1001")).ok().unwrap().fingerprint, plain);
    }

    #[test]
    fn saved_cards_are_shown_on_the_web_or_in_an_app() {
        let with = |shown: &str| PLAIN.replace('}', &format!(r#", "saved_cards": {shown}}}"#));
        assert_eq!(order(&with("\"mobile\"")).ok().unwrap().saved_cards, Some(SavedCards::Mobile));
        assert_eq!(order(&with("null")).ok().unwrap().saved_cards, None);
        assert_eq!(refused(&with("\"desktop\"")), (400, "invalid_request"));
    }

    #[test]
    fn amounts_that_are_no_money_are_refused() {
        let amount =
            |amount: &str, currency: &str| refused(&PLAIN.replace("1000", amount).replace("usd", currency));
        assert_eq!(amount("0", "usd"), (400, "invalid_request"));
        assert_eq!(amount("-5", "usd"), (400, "invalid_request"));
        assert_eq!(amount("10.5", "usd"), (400, "invalid_request"));
        assert_eq!(amount("1005", "kwd"), (400, "invalid_request"));
        assert_eq!(amount("1000", "USD"), (400, "invalid_request"));
        assert_eq!(amount("1000", "zzz"), (400, "invalid_request"));
        assert_eq!(amount("9223372036854775807", "usd"), (422, "amount_above_maximum"));
    }

    #[test]
    fn messages_are_moderated_by_length_and_characters() {
        let message = |text: &str| PLAIN.replace('}', &format!(r#", "message": "{text}"}}"#));
        assert!(order(&message("Thank you!\\nSee you")).is_ok());
        assert_eq!(refused(&message(" ")), (400, "invalid_request"));
        assert_eq!(refused(&message("\\u0000")), (400, "invalid_request"));
        assert_eq!(refused(&message(&"x".repeat(501))), (400, "invalid_request"));
    }
}
