"""Stripe's official packages drive the stand-in's v2, and their types say what an answer, an event and a request of ours are."""

import json

import stripe
from stripe.v2.core._account import Account
from stripe.v2.core._account_link import AccountLink
from stripe.v2.core._event import Event
from stripe.v2.core._event_destination import EventDestination

import requests_of_ours
import types_of
import types_of_npm

SECRET = "whsec_stand_in_thin"
EVERYTHING = ["configuration.customer", "configuration.merchant", "configuration.recipient", "defaults",
              "future_requirements", "identity", "requirements"]
PAGES = {"refresh_url": "https://a.example.com", "return_url": "https://b.example.com"}
CREATION = {
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
}
DESTINATION = {
    "enabled_events": ["v2.core.account.closed"],
    "event_payload": "thin",
    "events_from": ["@accounts"],
    "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
    "metadata": {"deployment": "oracle"},
    "name": "oracle",
    "type": "webhook_endpoint",
    "webhook_endpoint": {"url": "https://oracle.example.com/v2"},
}


def deviations(stand_in, why_no_npm):
    client = stripe.StripeClient("sk_test_oracle", base_addresses={"api": stand_in.url})
    core = client.v2.core
    answers = [*accounts(stand_in, core), *destinations(core)]
    found = [line for where, kind, answer in answers for line in types_of.deviations(where, kind, raw(answer))]
    found += refusals(core) + notifications(stand_in, client)
    if why_no_npm:
        return found
    values = [(where, name_of(kind), raw(answer)) for where, kind, answer in answers]
    return found + types_of_npm.deviations(values + requests_of_ours.typed_v2()) + driven_by_npm(stand_in)


def accounts(stand_in, core):
    made = core.accounts.create(CREATION)
    answers = [("POST /v2/core/accounts", Account, made)]
    for action in ("reset", "review", "hold_payouts", "ask_details", "restrict", "restore", "reject"):
        stand_in.call("POST", f"/stand_in/accounts/{made.id}/{action}")
        answers.append((f"an account after {action}", Account, core.accounts.retrieve(made.id, {"include": EVERYTHING})))
    answers.append(("an account with nothing included", Account, core.accounts.retrieve(made.id)))
    use_case = {"type": "account_onboarding", "account_onboarding": PAGES}
    answers.append(("POST /v2/core/account_links", AccountLink, core.account_links.create({"account": made.id, "use_case": use_case})))
    answers += [("a listed account", Account, each) for each in core.accounts.list({"limit": 20}).data]
    listed = core.events.list({"object_id": made.id, "limit": 3})
    events = list(listed.auto_paging_iter())
    assert len(events) > 6, f"the package pages through {len(events)} events"
    for each in [*events, core.events.retrieve(events[0].id)]:
        answers.append((f"event {each.type}", type(each), each))
    closed = core.accounts.close(made.id, {"applied_configurations": ["merchant", "recipient"]})
    assert closed.closed is True
    return [*answers, ("a closed account", Account, closed)]


def destinations(core):
    made, changed = (core.event_destinations.create({**DESTINATION, "name": f"oracle {at}"}) for at in range(2))
    answers = [
        ("a destination", made),
        ("a destination changed", core.event_destinations.update(changed.id, {"name": "changed", "metadata": {"a": "b"}})),
        ("a destination disabled", core.event_destinations.disable(changed.id)),
        ("a destination retrieved", core.event_destinations.retrieve(changed.id, {"include": ["webhook_endpoint.url"]})),
        ("a destination enabled", core.event_destinations.enable(changed.id)),
        *(("a destination listed", each) for each in core.event_destinations.list({"limit": 20}).data),
    ]
    return [(where, EventDestination, answer) for where, answer in answers]


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


def driven_by_npm(stand_in):
    received = [{"body": body.decode(), "signature": signature} for body, signature in stand_in.signed("/thin")]
    told = {"creation": CREATION, "include": EVERYTHING, "pages": PAGES, "notifications": received}
    return types_of_npm.drive(stand_in, SECRET, told)


def name_of(kind):
    """The npm package's name of a class of the Python package. Its events are alternatives of one type."""
    return "Event" if issubclass(kind, Event) else kind.__name__


def raw(answer):
    return json.loads(json.dumps(answer.to_dict(recursive=True) if hasattr(answer, "to_dict") else answer))


assert Event.OBJECT_NAME == "v2.core.event"
