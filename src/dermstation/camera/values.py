"""Check what a child process sent, value by value, before anything is done with it.

Each function returns a value of the kind that it names, and raises MalformedMessageError for
anything else: another type, another range, one entry too many.
"""

import json
import math
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, TypeVar

from dermstation.camera.child_pipe import MalformedMessageError

Named = TypeVar("Named", bound=StrEnum)
Item = TypeVar("Item")

_LARGEST = 1e12


def record(message: bytes, keys: Collection[str]) -> dict[str, Any]:
    """Return the JSON object of a message, which has exactly these keys."""
    try:
        value = json.loads(message)
    except (ValueError, RecursionError):
        raise MalformedMessageError("json") from None
    return fields(value, keys)


def fields(value: object, keys: Collection[str]) -> dict[str, Any]:
    """Return an object that has exactly these keys."""
    if not isinstance(value, dict) or value.keys() != set(keys):
        raise MalformedMessageError("keys")
    return value


def text(value: object, longest: int) -> str:
    """Return a text of at most `longest` signs, all of which can be printed."""
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise MalformedMessageError("text")
    return value


def whole(value: object, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise MalformedMessageError("whole number")
    return value


def number(value: object, least: float = -_LARGEST, most: float = _LARGEST) -> float:
    """Return a number from `least` to `most`."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise MalformedMessageError("number")
    if not math.isfinite(value) or not least <= value <= most:
        raise MalformedMessageError("number")
    return value


def truth(value: object) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise MalformedMessageError("truth value")
    return value


def one_of(kind: type[Named], value: object) -> Named:
    """Return the member of an enumeration that has this value."""
    try:
        return kind(text(value, 40))
    except ValueError:
        raise MalformedMessageError("kind") from None


def items(value: object, most: int, read: Callable[[Any], Item]) -> tuple[Item, ...]:
    """Return the items of a list of at most `most`, each read by `read`."""
    if not isinstance(value, list) or len(value) > most:
        raise MalformedMessageError("list")
    return tuple(read(one) for one in value)


def parts(value: object, count: int) -> list[Any]:
    """Return a list of exactly `count` items, none of them read yet."""
    if not isinstance(value, list) or len(value) != count:
        raise MalformedMessageError("list")
    return value
