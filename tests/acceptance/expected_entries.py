"""The entries that must be in the ledger, by the tables of docs/ARCHITECTURE.md and docs/adr."""

import collections
import datetime
import re

from payment_amounts import entry_id, has_failed, is_ours
from stripe_lists import CARD, SHARE

ADJUSTMENT = re.compile(r"(.*/further)/\d+")
# The account on the other side of the platform's balance, by Stripe's type; the first that fits.
COUNTERPARTS = (
    (r"reserve|minimum_balance", "reserve"),
    (r"payout|topup|inbound_transfer|obligation", "bank"),
    (r"^fee$|stripe_fee|stripe_fx_fee|fee_credit", "stripe_fees"),
    (r"tax", "tax"),
    (r"application_fee", "application_fees"),
    (r"climate|contribution", "contributions"),
    (r"advance|anticipation", "financing"),
    (r"issuing", "issuing"),
    (r"collection", "collections"),
    (r"unreconciled", "customer_funds"),
    (r"balance_payment", "balance_payments"),
    (r"adjustment", "adjustments"),
)


def postings(*parts):
    """The sums by (account, currency), without zeros."""
    sums = collections.Counter()
    for account, currency, amount in parts:
        sums[account, currency] += amount
    return {key: amount for key, amount in sums.items() if amount}


def opposite(entry):
    return {key: -amount for key, amount in entry.items()}


def platform_entry(transaction):
    """The partition, id and postings of the entry for a transaction that belongs to no payment."""
    # An adjustment is what its reporting category says.
    kind = transaction.reporting_category if transaction.type == "adjustment" else transaction.type
    account = next((account for pattern, account in COUNTERPARTS if re.search(pattern, kind)), f"unknown type {kind}")
    day = datetime.datetime.fromtimestamp(transaction.created, datetime.timezone.utc).date()
    currency, amount, fee = transaction.currency, transaction.amount, transaction.fee
    parts = ("stripe_balance", currency, amount - fee), (account, currency, -amount), ("stripe_fees", currency, fee)
    return f"PLATFORM#{day}", transaction.id, postings(*parts)


class ExpectedEntries:
    """The entries of one payment."""

    def __init__(self, amounts):
        self.amounts, self.payment, self.currency = amounts, amounts.payment, amounts.currency
        refunds = {f"refund/{refund.id}": amounts.share_of_refund(refund) for refund in self.payment.refunds}
        disputes = {entry_id(each): amounts.share(-amounts.amount(each)) for each in self.payment.transactions
                    if each.reporting_category == "dispute"}
        # What each refund and withdrawal takes of the creator's share if enough is left of it.
        self.shares = {**refunds, **disputes}

    def all(self):
        """The postings of every entry that must exist, by id."""
        if not self.payment.succeeded:
            return {}
        found = {"settled": self._settled()}
        for refund in self.payment.refunds:
            entry = f"refund/{refund.id}"
            found[entry] = self._refund(entry, refund)
            if has_failed(refund):
                found[f"{entry}/failed"] = opposite(found[entry])
        for transaction in self.payment.transactions:
            found.update(self._of_transaction(transaction))
        return found | self._adjustments()

    def _post(self, **amounts):
        """Postings in the payment's currency."""
        names = {"creator": self.amounts.creator, "owed": self.amounts.owed}
        return postings(*((names.get(name, name), self.currency, amount) for name, amount in amounts.items()))

    def _settled(self):
        total, chosen = self.payment.total, self.payment.chosen
        return self._post(card=-total, creator=chosen, fee_reserve=total - chosen)

    def _divided(self, entry, limits, *parts):
        """An entry whose rest the platform bears; the creator's part is as booked, within its limits."""
        (low, high), booked = limits, self.amounts.booked
        part = min(max(self.amounts.booked_part(entry), low), high) if entry in booked else high
        return postings(*parts, (self.amounts.owed, self.currency, -part), ("platform", self.currency, part))

    def _limits(self, entry):
        """The creator's part is its share, and less only as far as all others leave less of the chosen amount."""
        share, all_shares = self.shares[entry], sum(self.shares.values())
        return min(share, max(0, self.payment.chosen - all_shares + share)), share

    def _refund(self, entry, refund):
        share = self.shares[entry]
        limits = (share, share) if is_ours(refund) else self._limits(entry)
        parts = ("card", self.currency, refund.amount), ("platform", self.currency, -refund.amount)
        return self._divided(entry, limits, *parts)

    def _of_transaction(self, transaction):
        entry, category = entry_id(transaction), transaction.reporting_category
        amount, own, currency = self.amounts.amount(transaction), self.currency, transaction.currency
        fee = ("stripe_fees", currency, transaction.fee), ("platform", currency, -transaction.fee)
        if category == "charge":
            reserve = self.payment.total - self.payment.chosen
            yield entry, postings(("fee_reserve", own, -reserve), ("platform", own, reserve), *fee)
        elif category in ("dispute", "dispute_reversal"):
            limits = self._limits(entry) if category == "dispute" else self._limits_of_reinstatement(transaction)
            yield entry, self._divided(entry, limits, ("card", own, -amount), ("platform", own, amount), *fee)
        elif category in SHARE and entry != "settled":
            yield entry, self._post(owed=amount, creator=-amount)
        elif category not in CARD | SHARE:
            yield entry, postings(("platform", currency, transaction.net))
        if currency != own:
            fx = f"fx:{own}/{currency}"
            gives = ("platform", own, -amount), (fx, own, amount)
            gets = (fx, currency, -transaction.amount), ("platform", currency, transaction.amount)
            yield f"fx/{transaction.id}", postings(*gives, *gets)

    def _limits_of_reinstatement(self, transaction):
        """At most what the dispute took of the creator's share, and all of it once nothing is withdrawn any more."""
        dispute, part = transaction.source.id, self.amounts.booked_part
        moved = self.amounts.of_dispute(dispute)
        taken = sum(part(entry_id(each)) for each in moved if each.reporting_category == "dispute")
        taken += sum(part(entry) for entry in self.amounts.booked if entry.startswith(f"dispute/{dispute}/further/"))
        is_whole = len(moved) == 2 and sum(map(self.amounts.amount, moved)) == 0
        return -taken, -taken if is_whole else 0

    def _adjustments(self):
        """Numbered from 1, where there are dashboard refunds or disputes. Stripe's lists show their sum alone, so that
        the balances tell whether one is wrong."""
        possible = {f"dispute/{dispute.id}/further" for dispute in self.payment.disputes}
        if not all(map(is_ours, self.payment.refunds)):
            possible.add("refunds/further")
        matches = filter(None, map(ADJUSTMENT.fullmatch, self.amounts.booked))
        count = collections.Counter(match[1] for match in matches if match[1] in possible)
        ids = [f"{prefix}/{number}" for prefix in count for number in range(1, count[prefix] + 1)]
        limits = -self.payment.chosen, self.payment.chosen
        return {entry: self._divided(entry, limits) for entry in ids}
