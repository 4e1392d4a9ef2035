"""The official Python package drives the stand-in's v2, and its types say what an answer is."""

import json

import stripe
from stripe.v2.core._account import Account
from stripe.v2.core._account_link import AccountLink
from stripe.v2.core._event import Event

import types_of

SECRET = "whsec_stand_in_thin"
EVERYTHING = ["configuration.customer", "configuration.merchant", "configuration.recipient", "defaults",
              "future_requirements", "identity", "requirements"]


def deviations(stand_in):
    client = stripe.StripeClient("sk_test_oracle", base_addresses={"api": stand_in.url})
    core = client.v2.core
    made = core.accounts.create({
        "contact_email": "ana@example.com",
        "display_name": "Ana",
        "dashboard": "express",
        "identity": {"country": "US"},
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "configuration": {
            "merchant": {"capabilities": {"card_payments": {"requested": True}}},
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}},
        },
        "metadata": {"creator_id": "ana"},
    })
    answers = [("POST /v2/core/accounts", Account, made)]
    for action in ("reset", "review", "hold_payouts", "ask_details", "restrict", "restore", "reject"):
        stand_in.call("POST", f"/stand_in/accounts/{made.id}/{action}")
        answers.append((f"an account after {action}", Account, core.accounts.retrieve(made.id, {"include": EVERYTHING})))
    answers.append(("an account with nothing included", Account, core.accounts.retrieve(made.id)))
    pages = {"refresh_url": "https://a.example.com", "return_url": "https://b.example.com"}
    use_case = {"type": "account_onboarding", "account_onboarding": pages}
    answers.append(("POST /v2/core/account_links", AccountLink, core.account_links.create({"account": made.id, "use_case": use_case})))
    listed = core.events.list({"object_id": made.id, "limit": 3})
    events = list(listed.auto_paging_iter())
    assert len(events) > 6, f"the package pages through {len(events)} events"
    for each in [*events, core.events.retrieve(events[0].id)]:
        answers.append((f"event {each.type}", type(each), each))
    closed = core.accounts.close(made.id, {"applied_configurations": ["merchant", "recipient"]})
    assert closed.closed is True
    found = [line for where, kind, answer in answers for line in types_of.deviations(where, kind, raw(answer))]
    return found + refusals(core) + notifications(stand_in, client)


def refusals(core):
    """The package reads the code of an error of v2."""
    try:
        core.accounts.retrieve("acct_nobody")
    except stripe.InvalidRequestError as error:
        return [] if error.code == "not_found" else [f"the error of an unknown account has the code {error.code}"]
    return ["an unknown account is found"]


def notifications(stand_in, client):
    """The package parses what an event destination receives, and fetches the event and its account from there."""
    stand_in.call("POST", "/stand_in/event_destinations/ping")
    kinds = {"v2.core.event_destination.ping", "v2.core.account[requirements].updated",
             "v2.core.account[configuration.recipient].capability_status_updated", "v2.core.account.closed"}
    stand_in.wait_for("the thin events", lambda: kinds <= {each["type"] for each in stand_in.received("/thin")})
    found = []
    for body, signature in stand_in.signed("/thin"):
        notification = client.parse_event_notification(body, signature, SECRET)
        if type(notification).__name__.startswith("Unknown"):
            found.append(f"the package does not know the event {notification.type}")
        if notification.fetch_event().id != notification.id:
            found.append(f"{notification.type} fetches another event")
        if notification.type.startswith("v2.core.account[") and notification.fetch_related_object().object != "v2.core.account":
            found.append(f"{notification.type} has another related object")
    return found


def raw(answer):
    return json.loads(json.dumps(answer.to_dict(recursive=True) if hasattr(answer, "to_dict") else answer))


assert Event.OBJECT_NAME == "v2.core.event"
