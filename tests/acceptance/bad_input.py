"""Bad input on every route with a body is answered with a 4xx problem, without delay."""

import json
import unittest

import api
import fixture

HUGE = 10**30
MEGABYTE = 1_000_000
TEXTS = [7, 1.5, True, [], {}]

WRONG = {
    "creator_id": [None, *TEXTS, "", " ", "a b", "x" * 256, "é", "a\0", "a\tb"],
    "amount": [None, True, "1000", "", [], {}, 0, -1, 0.5, -HUGE, HUGE, 10**12, 2**63, -(2**63), 2**64],
    "currency": [None, *TEXTS, "", "USD", "zzz", "us", "usdd", "\U0001f980", "eur"],
    "quote": [*TEXTS, "", "x", "a.b.c", "é", "\0"],
    "message": [*TEXTS, "x" * 501, "a\0b", "\x1b[31m"],
    "anonymous": ["yes", 1, 0, [], {}, "true"],
    "context": [*TEXTS, "x" * 201, "a\0b"],
    "receiving": [None, *TEXTS, "", "ENABLED", "on", "enabled "],
    "reason": [None, *TEXTS, "", "x" * 501, "a\0b"],
    "stripe_account_id": [*TEXTS, "", "acct", "acct_none", "cus_1", "acct_../x", "acct_" + "x" * 300, "acct_é"],
    "percentage": ["10", True, [], {}, -1, 101, 1.5, HUGE, 256, 2**32 + 1],
    "paused": ["yes", "true", 1, 0, [], {}],
}

PAYMENT = {"creator_id": "ana", "amount": 1000, "currency": "usd"}
OPTIONAL = {"quote": "q", "message": "Hello", "anonymous": True, "context": "room:42"}
CHANGE = {"receiving": "enabled", "reason": "A test", "stripe_account_id": "acct_1"}
REFUND = {"amount": 1000, "reason": "A test"}
ROLLOUT = {"percentage": 1, "paused": False, "reason": "A test"}
ROUTES = [
    ("POST", "/v1/quotes", PAYMENT, ()),
    ("POST", "/v1/payments", PAYMENT, OPTIONAL),
    ("POST", "/v1/payments/pay_0123456789abcdef0123456789abcdef/refunds", REFUND, ()),
    ("PUT", "/v1/admin/creators/ana/eligibility", CHANGE, ()),
    ("PUT", "/v1/admin/rollout", ROLLOUT, ()),
]


def shown(value):
    text = value.decode(errors="replace") if isinstance(value, bytes) else json.dumps(value)
    return text if len(text) < 48 else f"{text[:40]}… {len(text)} characters"


def raw_bodies(required):
    """Bodies that are wrong on every route."""
    text = json.dumps(required)
    first = next(iter(required))
    yield from (b"", b"null", b"true", b"0", b'""', b"[]", b"{", b"{}x", b"{,}", b"x", b"'", b"\0")
    yield from (b"\xff\xfe{}", b"\xef\xbb\xbf{}")
    yield b"[" + text.encode() + b"]"
    yield text[:-1].encode()
    yield f"{text}{text}".encode()
    yield text.replace('"', '"\xff', 1).encode("latin-1")
    yield text.replace("}", ', "reason": "\\ud800"}').encode()
    yield text.replace("}", ', "tip": 1}').encode()
    yield text.replace("}", ', "__proto__": {}}').encode()
    yield text.replace("{", f'{{"{first}": {json.dumps(required[first])}, ', 1).encode()
    for number in (b"1e999", b"-1e999", b"NaN", b"Infinity", b"0x10", b"01", b"9" * 10_000):
        yield text.encode().replace(b"{", b'{"amount": ' + number + b", ", 1)
    for depth in (200, 100_000):
        yield b"[" * depth
        yield b"[" * depth + b"]" * depth
        yield b'{"a":' * depth + b"1" + b"}" * depth
        yield text.encode().replace(b"}", b', "message": ' + b"[" * depth + b"]" * depth + b"}")
    yield b" " * MEGABYTE
    yield b"x" * MEGABYTE
    yield b"\xff" * MEGABYTE
    yield b"9" * MEGABYTE
    yield json.dumps({**required, "message": "x" * MEGABYTE}).encode()


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls)
        cls.operator = api.operator(cls.stack)

    def refused(self, method, path, body):
        key = {"idempotency-key": fixture.unique("key")}
        answer = self.operator.send(method, path, body, key)
        self.assertIn(answer.problem[0], range(400, 500))

    def test_malformed_bodies_are_a_problem(self):
        before = fixture.all_items(self.stack)
        for method, path, required, _ in ROUTES:
            for body in raw_bodies(required):
                with self.subTest(route=f"{method} {path}", body=shown(body)):
                    self.refused(method, path, body)
        self.assertEqual(fixture.changed_keys(self.stack, before), [])

    def test_fields_of_a_wrong_type_or_value_are_a_problem(self):
        before = fixture.all_items(self.stack)
        for method, path, required, optional in ROUTES:
            for field in (*required, *optional):
                for value in WRONG[field]:
                    with self.subTest(route=f"{method} {path}", field=field, value=shown(value)):
                        self.refused(method, path, {**required, field: value})
        self.assertEqual(fixture.changed_keys(self.stack, before), [])

    def test_a_missing_field_is_a_problem(self):
        for method, path, required, _ in ROUTES:
            for field in set(required) - {"stripe_account_id", "percentage", "paused"}:
                with self.subTest(route=f"{method} {path}", without=field):
                    self.refused(method, path, {name: value for name, value in required.items() if name != field})

    def test_an_unsigned_webhook_body_is_refused_before_it_is_read(self):
        for body in raw_bodies(PAYMENT):
            with self.subTest(body=shown(body)):
                answer = fixture.deliver(self.stack, body, "t=1,v1=00")
                self.assertEqual(answer.problem, (400, "invalid_signature"))

    def test_a_signed_webhook_body_of_any_kind_is_accepted_and_kept(self):
        for body in raw_bodies(PAYMENT):
            with self.subTest(body=shown(body)):
                api.ok(fixture.deliver(self.stack, body))

    def test_keys_that_are_not_1_to_255_visible_characters_are_a_problem(self):
        for key in (None, "", " ", "a b", "x" * 256, "é", "\t"):
            with self.subTest(key=shown(key)):
                headers = {} if key is None else {"idempotency-key": key}
                answer = self.operator.send("POST", "/v1/payments", PAYMENT, headers)
                self.assertEqual(answer.problem, (400, "invalid_request"))

    def test_invalid_ids_in_the_path_are_a_problem(self):
        for bad in ("x" * 256, "a%20b", "%00", "%ff", "%C3%A9", "%zz"):
            with self.subTest(id=shown(bad)):
                self.assertEqual(self.operator.get(f"/v1/creators/{bad}").problem, (404, "not_found"))
                path = f"/v1/admin/creators/{bad}/eligibility"
                self.assertEqual(self.operator.get(path).problem, (404, "not_found"))
                self.assertEqual(self.operator.get(f"/v1/payments/{bad}").problem, (404, "not_found"))
