"""The rules for pictures, read from TOML: parts of a few lines, each with its source. Pure."""

import tomllib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the rules, and its source."""

    title: str
    lines: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Guidance:
    """The rules: a title, a sentence about them, and the parts in order."""

    title: str
    about: str
    parts: tuple[Part, ...]


def read_guidance(text: str) -> Guidance:
    """Read the rules. Raises ValueError for a text that does not hold them."""
    try:
        content: dict[str, Any] = tomllib.loads(text)
        parts = tuple(
            Part(one["title"], tuple(one["lines"]), one["source"]) for one in content["part"]
        )
        return Guidance(content["title"], content["about"], parts)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not the rules for pictures") from error
