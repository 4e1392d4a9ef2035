"""The audit of books that are written here by hand, from the documents: a payment that Stripe converted, and what
belongs to no payment. The lists have the fields that the audit reads."""

import unittest

import stripe

import audit
from stripe_lists import Lists

CREATED, DAY = 1_796_041_025, "PLATFORM#2026-11-30"
PAYMENT, METADATA = "PAYMENT#pay_1", {"payment_id": "pay_1", "creator_id": "ana"}


def made(**fields):
    return stripe.StripeObject.construct_from({"metadata": {}, **fields}, None)


def transaction(name, kind, amount, source=None, fee=0, category=None):
    return made(id=f"txn_{name}", type=kind, reporting_category=category or kind, currency="usd", amount=amount,
                fee=fee, net=amount - fee, created=CREATED, source=source)


def entry(partition, name, *postings):
    posted = [{"account": account, "currency": currency, "amount": amount} for account, currency, amount in postings]
    return {(partition, f"ENTRY#{name}"): {"entry_id": name, "postings": posted}}


def converted_lists():
    """Of 10.61 EUR a dashboard refunds 3.00. The refund fails, and the share is paid again at the charge's rate."""
    euros, dollars = {"currency": "eur"}, {"currency": "usd"}
    intent = made(id="pi_1", object="payment_intent", status="succeeded", amount=1061, metadata=METADATA,
                  transfer_data={"amount": 1000}, **euros)
    charge = made(id="ch_1", object="charge", payment_intent="pi_1", amount=1061, **euros)
    refund = made(id="re_1", object="refund", payment_intent="pi_1", amount=300, status="failed", **euros)
    share = made(id="tr_1", object="transfer", source_transaction="ch_1", transfer_group=None, destination="acct_1",
                 amount=1000, **euros)
    again = made(id="tr_2", object="transfer", source_transaction=None, transfer_group="pay_1", destination="acct_1",
                 amount=305, **dollars)
    reversal = made(id="trr_1", object="transfer_reversal", transfer="tr_1", amount=282, **euros)
    moved = [
        transaction("charge", "charge", 1146, charge, fee=63),
        transaction("share", "transfer", -1080, share),
        transaction("refund", "refund", -326, refund),
        transaction("reversal", "transfer_refund", 306, reversal, category="transfer_reversal"),
        transaction("failed", "refund_failure", 327, refund),
        transaction("again", "transfer", -305, again),
    ]
    balance = {"usd": sum(each.net for each in moved)}
    return Lists([intent], [charge], [share, again], [refund], [], moved, balance)


def converted_items():
    def fx(name, amount, converted):
        pair = "fx:eur/usd"
        return entry(PAYMENT, f"fx/txn_{name}", ("platform", "eur", -amount), (pair, "eur", amount),
                     (pair, "usd", -converted), ("platform", "usd", converted))

    refund = ("card", "eur", 300), ("owed:ana", "eur", -282), ("platform", "eur", -18)
    failed = [(account, currency, -amount) for account, currency, amount in refund]
    transfers = {"originals": {"ch_1": "tr_1"}, "retransfers": {"tr_2": {"amount": 282}},
                 "reversals": {"trr_1": {"amount": 282, "transfer": "tr_1"}}}
    refunds = {"at_stripe": {"re_1": {"status": "failed", "split": {"creator": 282, "platform": 18}}}}
    state = {"succeeded": True, "fees": {"txn_charge": {"amount": 63, "currency": "usd"}}, "refunds": refunds,
             "transfers": transfers}
    return {
        ("ACCOUNT#acct_1", "CREATOR"): {"creator_id": "ana"},
        (PAYMENT, "STATE"): {"creator_id": "ana", "currency": "eur", "amount": 1000, "total": 1061,
                             "status": "succeeded", "state": {"intent": "pi_1", **state}},
        **entry(PAYMENT, "settled", ("card", "eur", -1061), ("creator:ana", "eur", 1000), ("fee_reserve", "eur", 61)),
        **entry(PAYMENT, "fee/txn_charge", ("fee_reserve", "eur", -61), ("platform", "eur", 61),
                ("stripe_fees", "usd", 63), ("platform", "usd", -63)),
        **entry(PAYMENT, "refund/re_1", *refund),
        **entry(PAYMENT, "refund/re_1/failed", *failed),
        **entry(PAYMENT, "reversal/trr_1", ("owed:ana", "eur", 282), ("creator:ana", "eur", -282)),
        **entry(PAYMENT, "transfer/tr_2", ("owed:ana", "eur", -282), ("creator:ana", "eur", 282)),
        **fx("charge", 1061, 1146), **fx("share", -1000, -1080), **fx("refund", -300, -326),
        **fx("reversal", 282, 306), **fx("failed", 300, 327), **fx("again", -282, -305),
    }


def platform_lists():
    moved = [
        transaction("topup", "topup", 5000),
        transaction("payout", "payout", -900, made(id="po_1", object="payout"), fee=5),
        transaction("radar", "stripe_fee", -20, category="fee"),
        transaction("goodwill", "adjustment", 7, category="other_adjustment"),
    ]
    return Lists([], [], [], [], [], moved, {"usd": 4082})


def platform_items():
    balance = "stripe_balance"
    return {
        **entry(DAY, "txn_topup", (balance, "usd", 5000), ("bank", "usd", -5000)),
        **entry(DAY, "txn_payout", (balance, "usd", -905), ("bank", "usd", 900), ("stripe_fees", "usd", 5)),
        **entry(DAY, "txn_radar", (balance, "usd", -20), ("stripe_fees", "usd", 20)),
        **entry(DAY, "txn_goodwill", (balance, "usd", 7), ("adjustments", "usd", -7)),
    }


class WrittenBooks(unittest.TestCase):
    def finds(self, lists, items, edits, *wanted):
        """The audit finds nothing in the books, and what is wanted once they have these entries; `None` for none."""
        self.assertEqual(audit.findings(lists, items), [])
        edited = {key: item for key, item in {**items, **edits}.items() if item is not None}
        found = audit.findings(lists, edited)
        self.assertIn(wanted, [(finding.where, finding.what, finding.error) for finding in found])

    def finds_in_conversion(self, error, edits):
        [(partition, name)] = edits
        self.finds(converted_lists(), converted_items(), edits, partition, name.removeprefix("ENTRY#"), error)

    def finds_in_platform(self, error, edits):
        [(partition, name)] = edits
        self.finds(platform_lists(), platform_items(), edits, partition, name.removeprefix("ENTRY#"), error)

    def test_a_conversion_is_missing(self):
        self.finds_in_conversion("is missing", {(PAYMENT, "ENTRY#fx/txn_refund"): None})

    def test_a_conversion_is_a_cent_too_high(self):
        edits = entry(PAYMENT, "fx/txn_again", ("platform", "eur", 282), ("fx:eur/usd", "eur", -282),
                      ("fx:eur/usd", "usd", 306), ("platform", "usd", -306))
        self.finds_in_conversion("has the wrong amount", edits)

    def test_a_conversion_has_its_currencies_reversed(self):
        edits = entry(PAYMENT, "fx/txn_share", ("platform", "eur", 1000), ("fx:usd/eur", "eur", -1000),
                      ("fx:usd/eur", "usd", 1080), ("platform", "usd", -1080))
        self.finds_in_conversion("has the wrong account", edits)

    def test_a_retransfer_in_the_balances_currency_is_not_what_is_owed(self):
        edits = entry(PAYMENT, "transfer/tr_2", ("owed:ana", "eur", -290), ("creator:ana", "eur", 290))
        self.finds_in_conversion("has the wrong amount", edits)

    def test_a_converted_fee_is_in_the_payments_currency(self):
        edits = entry(PAYMENT, "fee/txn_charge", ("fee_reserve", "eur", -61), ("platform", "eur", -2),
                      ("stripe_fees", "eur", 63))
        self.finds_in_conversion("has the wrong currency", edits)

    def test_a_payout_is_missing(self):
        self.finds_in_platform("is missing", {(DAY, "ENTRY#txn_payout"): None})

    def test_a_fee_of_the_platform_is_a_cent_too_low(self):
        edits = entry(DAY, "txn_radar", ("stripe_balance", "usd", -19), ("stripe_fees", "usd", 19))
        self.finds_in_platform("has the wrong amount", edits)

    def test_a_payout_leaves_out_the_fee_in_it(self):
        edits = entry(DAY, "txn_payout", ("stripe_balance", "usd", -900), ("bank", "usd", 900))
        self.finds_in_platform("leaves out stripe_fees 5 usd", edits)

    def test_an_adjustment_is_booked_as_a_reserve(self):
        edits = entry(DAY, "txn_goodwill", ("stripe_balance", "usd", 7), ("reserve", "usd", -7))
        self.finds_in_platform("has the wrong account", edits)

    def test_a_topup_is_booked_on_another_day_too(self):
        again = entry("PLATFORM#2026-12-01", "txn_topup", ("stripe_balance", "usd", 5000), ("bank", "usd", -5000))
        self.finds_in_platform("has nothing at Stripe", again)

    def test_stripe_has_another_balance_than_its_lists_and_the_books(self):
        lists = platform_lists()
        lists.balance["usd"] += 1
        found = [(finding.what, finding.error) for finding in audit.findings(lists, platform_items())]
        self.assertEqual(found, [("usd", "differs from Stripe's lists"), ("usd", "differs from the books")])
