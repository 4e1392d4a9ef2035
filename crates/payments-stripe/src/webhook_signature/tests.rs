use super::*;
use proptest::prelude::*;

const NOW_S: i64 = 1_795_473_008;
const BODY: &[u8] = br#"{"id":"evt_1"}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

fn verify(header: &str, body: &[u8], secrets: &[&str]) -> Result<(), SignatureError> {
    let secrets: Vec<Secret> = secrets.iter().map(|text| secret(text)).collect();
    verify_signature(Some(header.as_bytes()), body, &secrets, NOW_S)
}

fn v1(key: &str, body: &[u8]) -> String {
    let header = sign(&secret(key), NOW_S, body);
    header.split_once(",v1=").expect("signature").1.to_owned()
}

/// Computed with OpenSSL: `printf '1795473008.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test`.
const KNOWN: &str = "t=1795473008,v1=9a6608fc2de6c27902d33b3bb0ebbce35098f86087354733067f439cb3393aea";

#[test]
fn a_signature_made_elsewhere_is_accepted_and_ours_is_the_same() {
    assert_eq!(sign(&secret("whsec_test"), NOW_S, BODY), KNOWN);
    assert_eq!(verify(KNOWN, BODY, &["whsec_test"]), Ok(()));
}

#[test]
fn a_missing_header_is_told_apart_from_a_malformed_one() {
    let secrets = [secret("whsec_a")];
    assert_eq!(verify_signature(None, BODY, &secrets, NOW_S), Err(SignatureError::Missing));
    let not_utf8 = b"t=1795473008,v1=\xff";
    assert_eq!(verify_signature(Some(not_utf8), BODY, &secrets, NOW_S), Err(SignatureError::Malformed));
    let v1 = v1("whsec_a", BODY);
    for malformed in [
        String::new(),
        ",".to_owned(),
        "t".to_owned(),
        format!("t={NOW_S}"),
        format!("v1={v1}"),
        format!("t=,v1={v1}"),
        format!("t=now,v1={v1}"),
        format!("t=+{NOW_S},v1={v1}"),
        format!("t=-{NOW_S},v1={v1}"),
        format!("t={NOW_S}.5,v1={v1}"),
        format!("t=99999999999999999999,v1={v1}"),
        format!("t={NOW_S},v0={v1}"),
        format!("t={NOW_S},t={NOW_S},v1={v1}"),
        format!("t={NOW_S},v1={v1},t=1"),
        format!("t={NOW_S};v1={v1}"),
    ] {
        assert_eq!(verify(&malformed, BODY, &["whsec_a"]), Err(SignatureError::Malformed), "{malformed}");
    }
}

#[test]
fn spaces_other_schemes_and_order_do_not_matter() {
    let v1 = v1("whsec_a", BODY);
    for header in [
        format!("t={NOW_S}, v1={v1}"),
        format!(" t = {NOW_S} , v1 = {v1} "),
        format!("v1={v1},t={NOW_S}"),
        format!("t={NOW_S},v0=00,v1={v1},v2=x=y"),
        format!("t={NOW_S},v1={}", v1.to_uppercase()),
    ] {
        assert_eq!(verify(&header, BODY, &["whsec_a"]), Ok(()), "{header}");
    }
}

#[test]
fn one_matching_signature_among_several_is_enough() {
    let (a, b) = (v1("whsec_a", BODY), v1("whsec_b", BODY));
    assert_eq!(verify(&format!("t={NOW_S},v1={b},v1={a}"), BODY, &["whsec_a"]), Ok(()));
    assert_eq!(verify(&format!("t={NOW_S},v1=zz,v1={a}"), BODY, &["whsec_a"]), Ok(()));
    assert_eq!(verify(&format!("t={NOW_S},v1={b},v1={b}"), BODY, &["whsec_a"]), Err(SignatureError::NoMatch));
}

#[test]
fn every_configured_secret_is_tried() {
    let signed_by = |key: &str| sign(&secret(key), NOW_S, BODY);
    for key in ["whsec_old", "whsec_new", "whsec_connect"] {
        assert_eq!(verify(&signed_by(key), BODY, &["whsec_old", "whsec_new", "whsec_connect"]), Ok(()));
    }
    assert_eq!(verify(&signed_by("whsec_other"), BODY, &["whsec_old"]), Err(SignatureError::NoMatch));
    assert_eq!(verify(&signed_by("whsec_old"), BODY, &[]), Err(SignatureError::NoMatch));
}

#[test]
fn an_empty_secret_accepts_nothing() {
    assert_eq!(verify(&sign(&secret(""), NOW_S, BODY), BODY, &[""]), Err(SignatureError::NoMatch));
}

#[test]
fn a_part_of_a_signature_is_no_signature() {
    let v1 = v1("whsec_a", BODY);
    for cut in [0, 1, 2, 32, 62, 63] {
        let header = format!("t={NOW_S},v1={}", &v1[..cut]);
        assert_eq!(verify(&header, BODY, &["whsec_a"]), Err(SignatureError::NoMatch), "{cut}");
    }
    let longer = format!("t={NOW_S},v1={v1}00");
    assert_eq!(verify(&longer, BODY, &["whsec_a"]), Err(SignatureError::NoMatch));
}

#[test]
fn the_tolerance_is_five_minutes_either_way() {
    for (age_s, accepted) in
        [(0, true), (300, true), (-300, true), (301, false), (-301, false), (NOW_S, false)]
    {
        let header = sign(&secret("whsec_a"), NOW_S - age_s, BODY);
        let expected = if accepted { Ok(()) } else { Err(SignatureError::Stale { age_s }) };
        assert_eq!(verify(&header, BODY, &["whsec_a"]), expected, "{age_s}");
    }
}

#[test]
fn a_time_at_the_edge_of_numbers_is_stale_and_no_panic() {
    let header = sign(&secret("whsec_a"), i64::MAX, BODY);
    for now_s in [i64::MIN, -1, 0] {
        let verdict = verify_signature(Some(header.as_bytes()), BODY, &[secret("whsec_a")], now_s);
        assert!(matches!(verdict, Err(SignatureError::Stale { .. })), "{now_s}");
    }
}

#[test]
fn a_forged_old_delivery_is_not_told_that_it_is_old() {
    let header = sign(&secret("whsec_other"), NOW_S - 4_000, BODY);
    assert_eq!(verify(&header, BODY, &["whsec_a"]), Err(SignatureError::NoMatch));
}

#[test]
fn the_time_is_part_of_what_is_signed() {
    let v1 = v1("whsec_a", BODY);
    let header = format!("t={},v1={v1}", NOW_S + 1);
    assert_eq!(verify(&header, BODY, &["whsec_a"]), Err(SignatureError::NoMatch));
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted_whatever_its_bytes(
        body in prop::collection::vec(any::<u8>(), 0..512), key in "[ -~]{1,40}",
    ) {
        let header = sign(&secret(&key), NOW_S, &body);
        prop_assert_eq!(verify(&header, &body, &[&key]), Ok(()));
    }

    #[test]
    fn one_flipped_bit_of_the_body_is_noticed(
        body in prop::collection::vec(any::<u8>(), 1..512), at in any::<prop::sample::Index>(), bit in 0..8_u32,
    ) {
        let header = sign(&secret("whsec_a"), NOW_S, &body);
        let mut flipped = body.clone();
        flipped[at.index(body.len())] ^= 1_u8 << bit;
        prop_assert_eq!(verify(&header, &flipped, &["whsec_a"]), Err(SignatureError::NoMatch));
    }

    #[test]
    fn any_header_is_judged_without_a_panic(header in prop::collection::vec(any::<u8>(), 0..200)) {
        let verdict = verify_signature(Some(&header), BODY, &[secret("whsec_a")], NOW_S);
        prop_assert!(verdict.is_err());
    }
}
