"""The entry that must exist for a balance transaction that belongs to no payment
(docs/adr/0019-statement-of-the-balance.md)."""

import datetime
import re

from ledger_rules import postings

# The account on the other side of the balance, by Stripe's type; the first that fits.
ACCOUNTS = (
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


def platform_entry(transaction):
    """The key and the postings of the platform's own entry. An adjustment is what its reporting category says."""
    is_adjustment = transaction.type == "adjustment"
    kind = transaction.reporting_category if is_adjustment else transaction.type
    account = next((account for pattern, account in ACCOUNTS if re.search(pattern, kind)), f"unknown type {kind}")
    day = datetime.datetime.fromtimestamp(transaction.created, datetime.timezone.utc).date()
    currency, amount, fee = transaction.currency, transaction.amount, transaction.fee
    parts = ("stripe_balance", currency, amount - fee), (account, currency, -amount), ("stripe_fees", currency, fee)
    return (f"PLATFORM#{day}", transaction.id), postings(*parts)
