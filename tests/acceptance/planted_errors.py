"""The audit agrees with the books of every kind of payment, and finds each planted error, by name.

Each test says what is wrong with the books, plants that alone, and undoes it.
"""

import itertools

import audit
import fixture
from audited_payments import BY_HAND, IN_DASHBOARD, REFUNDED
from fixture import CHOSEN, FEE, TOTAL
from planting import ENTRY, Planting


class PlantedErrors(Planting):
    def test_a_reversal_is_missing(self):
        self.finds("is missing", {self.key("refunded_and_reversed", "reversal/"): None})

    def test_a_reversal_by_hand_and_its_retransfer_are_missing_and_every_balance_is_right(self):
        reversal, retransfer = self.key("reversed_by_hand", "reversal/"), self.key("reversed_by_hand", "transfer/")
        for key in (reversal, retransfer):
            self.assertEqual({abs(int(posting["amount"])) for posting in self.items[key]["postings"]}, {BY_HAND})
            self.finds("is missing", {reversal: None, retransfer: None}, key)

    def test_a_failed_refund_is_not_booked_back(self):
        self.finds("is missing", {self.key("refund_failed", "refund/", "/failed"): None})

    def test_nothing_books_the_balance_transaction_of_a_dispute_won(self):
        [reinstated] = [each for each in self.lists.transactions if each.reporting_category == "dispute_reversal"]
        self.finds("is missing", {self.key("dispute_won", f"dispute/{reinstated.id}"): None})

    def test_an_entry_has_nothing_at_stripe(self):
        partition, _ = key = self.key("refunded_in_dashboard", "refund/")
        refund = {**self.posted(key, card=7, owed=-7, platform=0)[key], "entry_id": "refund/re_unknown"}
        self.finds("has nothing at Stripe", {(partition, f"{ENTRY}refund/re_unknown"): refund})

    def test_a_refund_is_booked_twice_under_another_id(self):
        partition, name = key = self.key("refunded", "refund/")
        entry = name.removeprefix(ENTRY)
        copied = {**self.items[key], "entry_id": f"{entry}2"}
        self.finds(f"is booked twice, as {entry} too", {(partition, f"{name}2"): copied})

    def test_a_reversal_is_in_another_payments_partition(self):
        key = self.key("refunded", "reversal/")
        moved = self.state("paid")[0], key[1]
        edits = {key: None, moved: self.items[key]}
        self.finds("is missing", edits, key)
        self.finds("has nothing at Stripe", edits, moved)

    def test_an_entry_is_filed_under_another_id(self):
        edits = self.changed(self.key("paid", "settled"), lambda item: item.update(entry_id="settled2"))
        self.finds("is filed under another id", edits)

    def test_a_charge_is_a_cent_too_low_and_its_entry_sums_to_zero(self):
        key = self.key("paid", "settled")
        self.finds("has the wrong amount", self.posted(key, card=1 - TOTAL, fee_reserve=FEE - 1))

    def test_a_foreign_cards_fee_is_booked_as_a_domestic_one(self):
        self.finds("has the wrong amount", self.posted(self.key("foreign_card", "fee/"), stripe_fees=FEE, platform=0))

    def test_a_retransfer_has_the_wrong_sign(self):
        key = self.key("refund_failed", "transfer/")
        self.finds("has the wrong sign", self.posted(key, owed=REFUNDED, creator=-REFUNDED))

    def test_a_refund_has_the_wrong_currency(self):
        euros = lambda item: [posting.update(currency="eur") for posting in item["postings"]]
        self.finds("has the wrong currency", self.changed(self.key("refunded", "refund/"), euros))

    def test_a_charge_is_booked_for_another_creator(self):
        ours, theirs = f"creator:{self.creator}", f"creator:{self.other_creator}"
        rename = lambda item: [posting.update(account=theirs) for posting in item["postings"]
                               if posting["account"] == ours]
        self.finds("has the wrong account", self.changed(self.key("paid", "settled"), rename))

    def test_an_entry_does_not_sum_to_zero(self):
        key = self.key("reversed_by_hand", "transfer/")
        self.finds("does not sum to zero", self.posted(key, creator=BY_HAND + 1))

    def test_a_disputes_fee_is_left_out(self):
        edits = self.posted(self.key("dispute_lost", "dispute/"), stripe_fees=0, platform=CHOSEN - TOTAL)
        self.finds("leaves out stripe_fees 1500 usd", edits)

    def test_a_cent_of_a_dashboard_refund_is_the_platforms_instead_of_the_creators(self):
        key = self.key("refunded_in_dashboard", "refund/")
        self.finds("has the wrong amount", self.posted(key, owed=-281, platform=281 - IN_DASHBOARD))

    def test_a_cent_of_a_partial_dispute_is_the_platforms_instead_of_the_creators(self):
        key = self.key("disputed_in_part", "dispute/txn_")
        self.finds("has the wrong amount", self.posted(key, owed=-716, platform=-1545))

    def test_an_adjustment_of_shares_is_left_out(self):
        key = self.key("disputed_in_part", "refunds/further/1")
        self.finds("has the wrong balance", {key: None}, what=f"owed:{self.creator} usd")

    def test_a_payout_of_the_platform_is_missing(self):
        self.finds("is missing", {self.platform_key("payout"): None})

    def test_a_fee_of_the_platform_is_a_cent_too_low(self):
        def change(item):
            for posting in item["entry"]["postings"]:
                posting["amount"] += 1 if posting["amount"] < 0 else -1

        self.finds("has the wrong amount", self.changed(self.platform_key("stripe_fee"), change))

    def test_a_topup_is_booked_on_another_day_too(self):
        key = self.platform_key("topup")
        self.finds("has nothing at Stripe", {("PLATFORM#2000-01-01", key[1]): self.items[key]})

    def test_any_entry_that_is_missing_reversed_doubled_or_a_cent_off_is_noticed(self):
        """Each entry of each payment, without the table: some of it is off by a cent and still sums to zero."""
        for (partition, name), item in self.items.items():
            if not (partition.startswith("PAYMENT#") and name.startswith(ENTRY)):
                continue
            wrong = [None, *(self.off_by(item, lambda at, amount: factor * amount) for factor in (-1, 2))]
            pairs = itertools.permutations(range(len(item["postings"])), 2)
            wrong += [self.off_by(item, lambda at, amount: amount + (at == up) - (at == down)) for up, down in pairs]
            for planted in wrong:
                edited = {key: value for key, value in {**self.items, (partition, name): planted}.items() if value}
                found = [(each.where, each.what) for each in audit.findings(self.lists, edited)]
                # Of an adjustment, Stripe's lists show the sum alone.
                named = f"owed:{self.creator} usd" if "/further/" in name else name.removeprefix(ENTRY)
                self.assertIn((partition, named), found, f"{name}: {planted}")

    @staticmethod
    def off_by(item, change):
        changed = [{**posting, "amount": change(at, posting["amount"])} for at, posting in enumerate(item["postings"])]
        return {**item, "postings": changed}

    def test_a_payments_item_has_another_refunded_amount(self):
        key = self.state("refunded")
        [refund] = self.items[key]["state"]["refunds"]["at_stripe"]
        split = lambda item: item["state"]["refunds"]["at_stripe"][refund]["split"]
        edits = self.changed(key, lambda item: split(item).update(creator=REFUNDED - 1))
        self.finds("differs", edits, what=f"state.refunds.at_stripe.{refund}.split.creator")

    def test_a_payments_item_has_a_reversal_that_stripe_does_not_have(self):
        unknown = {"trr_unknown": {"amount": 1, "transfer": fixture.transfer(self.payments["refunded"]).id}}
        add = lambda item: item["state"]["transfers"]["reversals"].update(unknown)
        self.finds("has nothing at Stripe", self.changed(self.state("refunded"), add),
                   what="state.transfers.reversals.trr_unknown")

    def test_a_payments_item_is_missing(self):
        self.finds("is missing", {self.state("paid"): None})

    def test_the_account_that_was_paid_is_another_creators(self):
        transfer = fixture.transfer(self.payments["paid"])
        another = lambda item: item.update(creator_id=self.other_creator)
        edits = self.changed((f"ACCOUNT#{transfer.destination}", "CREATOR"), another)
        self.finds("went to another creator's account", edits, self.state("paid"), what=transfer.id)
