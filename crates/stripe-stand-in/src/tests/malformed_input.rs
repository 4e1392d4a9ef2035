//! No input makes the stand-in panic or answer with 5xx.

use super::*;
use proptest::prelude::*;

/// Pieces that get further into the code than random bytes.
const PIECES: [&str; 24] = [
    "amount",
    "currency",
    "usd",
    "=",
    "&",
    "[",
    "]",
    "[]",
    "[0]",
    "-1",
    "99999999",
    "1e9",
    "%",
    "%00",
    "%ff",
    "expand",
    "metadata",
    "payment_method_data",
    "transfer_data",
    "card",
    "number",
    "'",
    "\\",
    "\u{1f4b8}",
];

fn malformed() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![prop::sample::select(&PIECES[..]).prop_map(str::to_owned), ".{0,4}"],
        0..24,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn malformed_input_gets_no_5xx(
        method in prop::sample::select(&[Method::GET, Method::POST, Method::DELETE, Method::PUT][..]),
        path in prop_oneof![
            Just("/v1/payment_intents".to_owned()),
            Just("/v1/payment_intents/search".to_owned()),
            Just("/v1/payment_methods".to_owned()),
            Just("/v1/accounts".to_owned()),
            Just("/v1/accounts/acct_creator".to_owned()),
            Just("/v1/events".to_owned()),
            Just("/v1/refunds".to_owned()),
            Just("/v1/transfers".to_owned()),
            Just("/v1/transfers/tr_1/reversals".to_owned()),
            Just("/v1/disputes".to_owned()),
            Just("/v1/payouts".to_owned()),
            malformed().prop_map(|tail| format!("/v1/{tail}")),
            malformed().prop_map(|tail| format!("/3d_secure/{tail}")),
        ],
        query in prop_oneof![malformed(), malformed().prop_map(|query| format!("query={query}"))],
        body in prop_oneof![
            malformed().prop_map(String::into_bytes),
            malformed().prop_map(|more| format!("amount=500&currency=usd&{more}").into_bytes()),
            prop::collection::vec(any::<u8>(), 0..64),
        ],
        now in any::<i64>(),
    ) {
        let mut call = Call::new(method, path).signed_in("sk_test_1", Some("k"), body);
        call.query = query;
        let reply = sandbox().handle(&call, now);
        prop_assert!(reply.status < 500, "{}", reply.body);
    }
}
