"""Whether what a block printed has the answers that README shows.

JSON shows some fields of an answer: each is in the printed one with the same value, a shown item of a list is in the list in
this order. A text ends with `…` where README shortens it. A line of text is the whole line but for its `…`.
"""

import json
import re

DECODER = json.JSONDecoder()


def missing(answers, printed):
    """The first shown answer that was not printed after those before it, or None."""
    for language, shown in answers:
        found, expected = (
            (json_values(printed), json_values(shown))
            if language == "json"
            else (printed.splitlines(), shown.splitlines())
        )
        is_in = contains if language == "json" else matches
        absent = first_absent(expected, found, is_in)
        if absent is not None:
            return absent
    return None


def first_absent(expected, found, is_in):
    remaining = iter(found)
    return next((each for each in expected if not any(is_in(each, candidate) for candidate in remaining)), None)


def json_values(text):
    """The JSON objects that begin at a line's beginning."""
    values, at = [], 0
    while begin := re.compile(r"^\{", re.MULTILINE).search(text, at):
        value, at = DECODER.raw_decode(text, begin.start())
        values.append(value)
    return values


def contains(shown, printed):
    if isinstance(shown, dict):
        return isinstance(printed, dict) and all(
            name in printed and contains(value, printed[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        same = isinstance(printed, list) and (shown or not printed)
        return same and first_absent(shown, printed, contains) is None
    if isinstance(shown, str):
        return isinstance(printed, str) and matches(shown, printed)
    return type(shown) is type(printed) and shown == printed


def matches(shown, printed):
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, printed.lstrip("\ufeff").strip()) is not None
