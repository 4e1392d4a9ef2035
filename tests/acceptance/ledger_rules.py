"""The entries and balances that must be in the ledger of a payment, by docs/ARCHITECTURE.md and docs/adr, from Stripe's
lists alone.

Stripe's lists decide every amount but one: how a refund made in Stripe's dashboard, or a dispute, was divided when what
was left of the creator's share limited it. There the booked division counts if it is within its limits; the sum is
exact again, because nothing may be owed at rest.
"""

import collections
import re

from stripe_lists import CARD, SHARE, metadata

# Amounts in these currencies are multiples of this (docs.stripe.com/currencies).
STEPS = {**dict.fromkeys(("isk", "ugx"), 100), **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10)}
FURTHER = re.compile(r"(.*/further)/\d+")


def postings(*parts):
    """The sums by (account, currency), without zeros."""
    sums = collections.Counter()
    for account, currency, amount in parts:
        sums[account, currency] += amount
    return {key: amount for key, amount in sums.items() if amount}


def opposite(entry):
    return {key: -amount for key, amount in entry.items()}


class PaymentRules:
    """What must be booked for one payment. `booked` has the postings of its entries, by id."""

    def __init__(self, payment, booked):
        self.payment, self.booked, self.own = payment, booked, payment.currency
        self.creator, self.owed = f"creator:{payment.creator}", f"owed:{payment.creator}"
        self.claims = {}
        for refund in payment.refunds:
            self.claims[f"refund/{refund.id}"] = self._part_of_refund(refund)
        for transaction in payment.transactions:
            if transaction.reporting_category == "dispute":
                self.claims[f"dispute/{transaction.id}"] = self.share(-self.own_amount(transaction))
        self.transactions = {self.entry_id(transaction): transaction.id for transaction in payment.transactions}

    def share(self, amount):
        """The creator's share of an amount of the charge, rounded down to the currency's step."""
        part = max(amount, 0) * self.payment.chosen // self.payment.total
        return part - part % STEPS.get(self.own, 1)

    def _part_of_refund(self, refund):
        ours = metadata(refund, "creator_amount")
        return self.share(refund.amount) if ours is None else int(ours)

    def part(self, entry):
        """What the creator bears in a booked entry."""
        return -self.booked.get(entry, {}).get((self.owed, self.own), 0)

    def _divided(self, entry, low, high, *parts):
        """An entry whose rest the platform bears; the creator's part is as booked, within its limits."""
        part = min(max(self.part(entry), low), high) if entry in self.booked else high
        return postings(*parts, (self.owed, self.own, -part), ("platform", self.own, part))

    def _limits(self, entry):
        """The creator's part: its share, and less only as far as the other parts leave less of the chosen amount."""
        high = self.claims[entry]
        return min(high, max(0, self.payment.chosen - sum(self.claims.values()) + high)), high

    def entry_id(self, transaction):
        source = transaction.source
        match transaction.reporting_category:
            case "charge":
                return f"fee/{transaction.id}"
            case "refund":
                return f"refund/{source.id}"
            case "refund_failure":
                return f"refund/{source.id}/failed"
            case "dispute" | "dispute_reversal":
                return f"dispute/{transaction.id}"
            case "transfer":
                return "settled" if source.source_transaction else f"transfer/{source.id}"
            case "transfer_reversal":
                return f"reversal/{source.id}"
            case other:
                return f"{other}/{transaction.id}"

    def own_amount(self, transaction):
        """A balance transaction's amount in the payment's currency: Stripe's own integer, or what is booked if that is
        about its worth at the charge's rate."""
        source, converted = transaction.source, transaction.amount
        if transaction.currency == self.own:
            return converted
        sign = 1 if converted > 0 else -1
        same_kind = [each for each in self.payment.transactions
                     if each.source.id == source.id and each.reporting_category == transaction.reporting_category]
        if source.currency == self.own and len(same_kind) == 1:
            return sign * source.amount
        charge = next(each for each in self.payment.transactions if each.reporting_category == "charge")
        worth = round(converted * self.payment.total / charge.amount)
        account = "card" if transaction.reporting_category in CARD else self.creator
        booked = -self.booked.get(self.entry_id(transaction), {}).get((account, self.own), 0)
        return booked if abs(booked - worth) <= 1 + self.payment.total // charge.amount else worth

    def entries(self):
        """The postings of every entry that must exist, by id."""
        if not self.payment.succeeded:
            return {}
        total, chosen = self.payment.total, self.payment.chosen
        found = {"settled": self._post(card=-total, creator=chosen, fee_reserve=total - chosen)}
        for refund in self.payment.refunds:
            entry, amount = f"refund/{refund.id}", refund.amount
            is_ours = metadata(refund, "creator_amount") is not None
            limits = (self.claims[entry],) * 2 if is_ours else self._limits(entry)
            parts = ("card", self.own, amount), ("platform", self.own, -amount)
            found[entry] = self._divided(entry, *limits, *parts)
            if refund.status in ("failed", "canceled"):
                found[f"{entry}/failed"] = opposite(found[entry])
        for transaction in self.payment.transactions:
            found.update(self._of_transaction(transaction, found))
        for prefix in {match[1] for match in map(FURTHER.fullmatch, self.booked) if match}:
            numbers = range(1, 1 + sum(entry.startswith(f"{prefix}/") for entry in self.booked))
            if self._can_be_adjusted(prefix):
                found |= {f"{prefix}/{n}": self._divided(f"{prefix}/{n}", -chosen, chosen) for n in numbers}
        return found

    def _post(self, **amounts):
        names = {"creator": self.creator, "owed": self.owed}
        return postings(*((names.get(account, account), self.own, amount) for account, amount in amounts.items()))

    def _can_be_adjusted(self, prefix):
        in_dashboard = any(metadata(refund, "creator_amount") is None for refund in self.payment.refunds)
        disputes = [f"dispute/{dispute.id}/further" for dispute in self.payment.disputes]
        return prefix in disputes or (in_dashboard and prefix == "refunds/further")

    def _of_transaction(self, transaction, found):
        entry, amount, currency = self.entry_id(transaction), self.own_amount(transaction), transaction.currency
        fee = ("stripe_fees", currency, transaction.fee), ("platform", currency, -transaction.fee)
        reserve = self.payment.total - self.payment.chosen
        match transaction.reporting_category:
            case "charge":
                yield entry, postings(("fee_reserve", self.own, -reserve), ("platform", self.own, reserve), *fee)
            case "dispute" | "dispute_reversal" as category:
                limits = self._limits(entry) if category == "dispute" else self._reinstated(transaction)
                parts = ("card", self.own, -amount), ("platform", self.own, amount)
                yield entry, self._divided(entry, *limits, *parts, *fee)
            case "transfer" | "transfer_reversal" if entry != "settled":
                yield entry, self._post(owed=amount, creator=-amount)
            case category if category not in CARD | SHARE:
                yield entry, postings(("platform", currency, transaction.net))
        if currency != self.own:
            fx = f"fx:{self.own}/{currency}"
            gave = ("platform", self.own, -amount), (fx, self.own, amount)
            got = (fx, currency, -transaction.amount), ("platform", currency, transaction.amount)
            yield f"fx/{transaction.id}", postings(*gave, *got)

    def _of_dispute(self, dispute):
        return [each for each in self.payment.transactions
                if each.source.id == dispute and each.reporting_category in ("dispute", "dispute_reversal")]

    def _reinstated(self, transaction):
        """The creator's part of a reinstatement: all that the dispute took, once nothing of it is withdrawn any more."""
        moved = self._of_dispute(transaction.source.id)
        taken = sum(self.part(f"dispute/{each.id}") for each in moved if each.reporting_category == "dispute")
        taken += sum(self.part(entry) for entry in self.booked
                     if entry.startswith(f"dispute/{transaction.source.id}/further/"))
        is_whole = len(moved) == 2 and sum(map(self.own_amount, moved)) == 0
        return -taken, -taken if is_whole else 0

    def balances(self):
        """The balance of each account, from balance transactions alone; every other account is at zero."""
        parts = []
        for transaction in self.payment.transactions:
            amount, currency = self.own_amount(transaction), transaction.currency
            if transaction.reporting_category in CARD | SHARE:
                account = "card" if transaction.reporting_category in CARD else self.creator
                parts.append((account, self.own, -amount))
            parts += [("stripe_fees", currency, transaction.fee), ("platform", currency, transaction.net)]
            if currency != self.own:
                fx = f"fx:{self.own}/{currency}"
                parts += [(fx, self.own, amount), (fx, currency, -transaction.amount)]
        return postings(*parts)

    def creators_share(self):
        """What stays with the creator, from charge, refunds and disputes alone: not from what was transferred."""
        standing = [refund for refund in self.payment.refunds if refund.status not in ("failed", "canceled")]
        ours = [int(metadata(refund, "creator_amount") or 0) for refund in standing]
        dashboard = sum(refund.amount for refund in standing if metadata(refund, "creator_amount") is None)
        moved = [[-self.own_amount(each) for each in self._of_dispute(dispute.id)] for dispute in self.payment.disputes]
        disputed = sum(min(sum(map(self.share, amounts)), self.share(sum(amounts))) for amounts in moved)
        left = max(0, self.payment.chosen - sum(ours) - disputed)
        returned = sum(refund.amount for refund in standing) + sum(map(sum, moved))
        is_all_back = dashboard > 0 and returned >= self.payment.total
        return 0 if is_all_back else left - min(left, self.share(dashboard))
