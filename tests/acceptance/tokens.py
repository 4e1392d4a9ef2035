"""Tokens that are absent, expired, tampered with, or from another issuer."""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import time
import unittest

import api
import contract
import fixture


def encode(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(segment):
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls)
        cls.good = api.operator(cls.stack).token
        cls.key = json.loads((pathlib.Path(cls.stack.data_dir) / "keys.json").read_text())["token"].encode()
        cls.claims = json.loads(decode(cls.good.split(".")[1]))

    def signed(self, key=None, alg="HS256", **claims):
        head = f"{encode({'alg': alg, 'typ': 'JWT'})}.{encode({**self.claims, **claims})}"
        return f"{head}.{encode(hmac.new(key or self.key, head.encode(), hashlib.sha256).digest())}"

    def test_a_token_signed_by_this_test_is_accepted(self):
        api.ok(api.Caller(self.stack, token=self.signed()).terms("ana"))

    def test_invalid_tokens_are_401(self):
        head, claims, mark = self.good.split(".")
        now = int(time.time())
        tokens = {
            "absent": None,
            "empty": "",
            "no token": "x",
            "three words": "a.b.c",
            "expired": self.signed(exp=now - 1),
            "without an expiry": f"{head}.{encode({'sub': 'sam'})}.{mark}",
            "not valid yet": self.signed(nbf=now + 600),
            "another issuer": self.signed(iss="https://evil.invalid/"),
            "another audience": self.signed(aud="another-api"),
            "another key": self.signed(key=b"guess"),
            "unsigned": f"{encode({'alg': 'none'})}.{claims}.",
            "signature cut off": f"{head}.{claims}.",
            "signature changed": f"{head}.{claims}.{encode(bytes([decode(mark)[0] ^ 1]) + decode(mark)[1:])}",
            "claims changed": f"{head}.{encode({**self.claims, 'sub': 'ana'})}.{mark}",
            "very long": "x" * 7_000,
        }
        for name, token in tokens.items():
            with self.subTest(token=name):
                self.is_401(token)

    def is_401(self, token):
        for method, template, described in contract.routes():
            if described.get("security") == []:
                continue
            path = re.sub(r"\{payment_id\}", "pay_" + "0" * 32, template)
            path = re.sub(r"\{\w+\}", "ana", path)
            body = None if method == "GET" else {}
            answer = api.Caller(self.stack, token=token).send(method, path, body)
            self.assertEqual((answer.status, answer.json), (401, {"message": "Unauthorized"}), f"{method} {path}")

    def test_admin_routes_are_403_without_the_operators_scope(self):
        for scope in (None, "payments", "payments:admins", "admin"):
            caller = api.Caller(self.stack, "sam", scope)
            for method, path in (("GET", "/v1/admin/rollout"), ("PUT", "/v1/admin/creators/ana/eligibility")):
                with self.subTest(scope=scope, route=f"{method} {path}"):
                    answer = caller.send(method, path, None if method == "GET" else {})
                    self.assertEqual((answer.status, answer.json), (403, {"message": "Forbidden"}))
