"""What a payment's own item must say of money: its fields by path, with the values of Stripe's objects."""

# The sets of Stripe's ids in the item. Nothing else may be in them.
SETS = ("state.fees.", "state.refunds.at_stripe.", "state.disputes.funds.", "state.disputes.summaries.",
        "state.transfers.reversals.", "state.transfers.retransfers.")


def flat(value, path=""):
    """The leaves of an item by their path, as texts."""
    if isinstance(value, dict):
        pairs = ((f"{path}.{name}" if path else name, inner) for name, inner in value.items())
        return {leaf: text for inner_path, inner in pairs for leaf, text in flat(inner, inner_path).items()}
    return {path: str(value)}


def ids(fields):
    """The members of the sets of Stripe's ids, such as `state.fees.txn_1`."""
    starts = ((field, start) for field in fields for start in SETS if field.startswith(start))
    return {start + field.removeprefix(start).split(".")[0] for field, start in starts}


def payment_item(amounts):
    """The fields that Stripe's lists decide, by path."""
    payment = amounts.payment
    found = {
        "creator_id": payment.creator,
        "currency": payment.currency,
        "amount": payment.chosen,
        "total": payment.total,
        "state.intent": payment.intent.id,
    }
    if payment.succeeded:
        found |= {"status": "succeeded", "state.succeeded": True}
    for refund in payment.refunds:
        path, part = f"state.refunds.at_stripe.{refund.id}", amounts.booked_part(f"refund/{refund.id}")
        found |= {f"{path}.status": refund.status, f"{path}.split.creator": part}
        found[f"{path}.split.platform"] = refund.amount - part
    for dispute in payment.disputes:
        path = f"state.disputes.summaries.{dispute.id}"
        found |= {f"{path}.status": dispute.status, f"{path}.amount": dispute.amount}
    for transaction in payment.transactions:
        found |= dict(_of_transaction(transaction, amounts))
    return {field: str(value) for field, value in found.items()}


def _of_transaction(transaction, amounts):
    source, amount = transaction.source, amounts.amount(transaction)
    match transaction.reporting_category:
        case "charge":
            yield f"state.fees.{transaction.id}.amount", transaction.fee
            yield f"state.fees.{transaction.id}.currency", transaction.currency
        case "dispute" | "dispute_reversal":
            path = f"state.disputes.funds.{transaction.id}"
            yield f"{path}.dispute", source.id
            yield f"{path}.charged", -amount
            yield f"{path}.creator", amounts.booked_part(f"dispute/{transaction.id}")
            yield f"{path}.fee", transaction.fee
        case "transfer" if source.source_transaction:
            yield f"state.transfers.originals.{source.source_transaction}", source.id
        case "transfer":
            yield f"state.transfers.retransfers.{source.id}.amount", -amount
        case "transfer_reversal":
            yield f"state.transfers.reversals.{source.id}.amount", amount
            yield f"state.transfers.reversals.{source.id}.transfer", source.transfer
