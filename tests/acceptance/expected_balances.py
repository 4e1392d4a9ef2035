"""The balances of a payment at rest: from balance transactions, and from what stands of the charge."""

from expected_entries import postings
from payment_amounts import has_failed, is_ours
from stripe_lists import CARD, SHARE


def expected_balances(amounts):
    """The balance of each account, from balance transactions alone. Every other account, such as `owed`, is at zero."""
    parts, own = [], amounts.currency
    for transaction in amounts.payment.transactions:
        amount, currency = amounts.amount(transaction), transaction.currency
        if transaction.reporting_category in CARD | SHARE:
            account = "card" if transaction.reporting_category in CARD else amounts.creator
            parts.append((account, own, -amount))
        parts += [("stripe_fees", currency, transaction.fee), ("platform", currency, transaction.net)]
        if currency != own:
            fx = f"fx:{own}/{currency}"
            parts += [(fx, own, amount), (fx, currency, -transaction.amount)]
    return postings(*parts)


def creators_share(amounts):
    """What stays with the creator of the charge, after standing refunds and disputes, whatever was transferred."""
    payment = amounts.payment
    standing = [refund for refund in payment.refunds if not has_failed(refund)]
    ours = sum(amounts.share_of_refund(refund) for refund in standing if is_ours(refund))
    in_dashboard = sum(refund.amount for refund in standing if not is_ours(refund))
    withdrawn = [[-amounts.amount(each) for each in amounts.of_dispute(dispute.id)] for dispute in payment.disputes]
    disputed = sum(min(sum(map(amounts.share, each)), amounts.share(sum(each))) for each in withdrawn)
    left = max(0, payment.chosen - ours - disputed)
    is_all_back = sum(refund.amount for refund in standing) + sum(map(sum, withdrawn)) >= payment.total
    # Dashboard refunds take all that is left once the whole charge is back with the sender.
    return 0 if in_dashboard and is_all_back else left - min(left, amounts.share(in_dashboard))
