"""Runs the stand-in, walks through its endpoints, and prints each deviation from what Stripe publishes."""

import sys

import requests_of_ours
import types_of_npm
import walk_v1
import walk_v2
from document import Document
from stand_in import StandIn


def main(binary, document_path):
    document = Document(document_path)
    why_no_npm = types_of_npm.install()
    if why_no_npm:
        print(f"skipped: openapi: the types of Stripe's npm package: {why_no_npm}")
    deviations = []
    with StandIn(binary, "accounts-v1") as stand_in:
        exchanges = walk_v1.walk(stand_in)
        for exchange in exchanges:
            deviations += document.answer_deviations(exchange)
        for event in stand_in.received("/webhooks"):
            deviations += document.event_deviations(event)
        checked = len(exchanges), len(stand_in.received("/webhooks"))
    with StandIn(binary, "accounts-v2") as stand_in:
        deviations += walk_v2.deviations(stand_in, why_no_npm)
    deviations += requests_of_ours.deviations(document, exchanges)
    for deviation in dict.fromkeys(deviations):
        print(f"DEVIATION {deviation}")
    print(f"{checked[0]} answers and {checked[1]} events of v1, the types of v2, {requests_of_ours.count()} requests of ours")
    return 1 if deviations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
