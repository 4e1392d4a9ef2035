"""Values held against the classes of Stripe's Python package."""

import typing
from typing import Any, Literal, Union, get_args, get_origin

from stripe._stripe_object import StripeObject


def deviations(where, kind, value):
    """What a class of the package does not have, or has otherwise."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in (Any, object):
        return []
    if origin is Union:
        if value is None:
            return [] if type(None) in args else [f"{where}: null"]
        tries = [deviations(where, each, value) for each in args if each is not type(None)]
        return min(tries, key=len)
    if origin is Literal:
        return [] if value in args else [f"{where}: {value!r} is none of {args}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [each for item in value for each in deviations(f"{where}[]", args[0], item)]
    if origin is dict or getattr(origin, "__name__", "") == "UntypedStripeObject":
        return [] if isinstance(value, dict) else [f"{where}: no object"]
    if typing.is_typeddict(kind):
        return fields(where, kind, value, kind.__required_keys__)
    if isinstance(kind, type) and issubclass(kind, StripeObject):
        return fields(where, kind, value, None)
    if kind in (str, int, bool, float):
        return [] if type(value) is kind else [f"{where}: {value!r} is no {kind.__name__}"]
    return [f"{where}: the oracle does not know {kind}"]


def fields(where, kind, value, required):
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    hints = hints_of(kind)
    found = [f"{where}: no field {name} in {kind.__name__}" for name in value if name not in hints]
    if required is None:
        # In an answer every field is there, unless it may be null.
        required = [name for name, hint in hints.items() if type(None) not in get_args(hint)]
    found += [f"{where}: {name} is missing" for name in required if name not in value]
    for name, item in value.items():
        if name in hints:
            found += deviations(f"{where}.{name}", hints[name], item)
    return found


def hints_of(kind):
    inner = {name: it for name, it in vars(kind).items() if isinstance(it, type)}
    hints = typing.get_type_hints(kind, localns=inner)
    own = {name for each in kind.__mro__ if each is not StripeObject for name in getattr(each, "__annotations__", {})}
    skipped = {"OBJECT_NAME"} | set(getattr(StripeObject, "__annotations__", {}))
    plain = {name: unwrapped(hint) for name, hint in hints.items() if name in own and name not in skipped}
    return {name: hint for name, hint in plain.items() if not name.startswith("_")}


def unwrapped(hint):
    """A hint without `NotRequired` and `ClassVar`."""
    while getattr(get_origin(hint), "_name", None) in ("NotRequired", "Required", "ClassVar"):
        hint = get_args(hint)[0]
    return hint
