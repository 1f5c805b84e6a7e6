"""Tell by their names which files of a card a camera or a phone wrote at one press.

DCF (JEITA CP-3461) names a picture by four free signs and a number; the files of one folder with
one number belong together. Phones and computers add to the name. Pure functions.
"""

import re
from enum import StrEnum
from pathlib import PurePath

_DCF = re.compile(r"(?!\d{4})[a-z0-9_]{4}(\d{4})")
_EDITED = re.compile(r"[a-z_]{3,4}e(\d{4})")  # IMG_E0001 is what a phone made of IMG_0001
_ADDED = re.compile(r"[^a-z0-9]\D.{0,30}|[^a-z0-9]\d{1,3}\)?(\D.{0,30})?", re.DOTALL)
_SHORTEST = 5  # of a name to which something may have been added


class Kinship(StrEnum):
    """How surely a file belongs to the shot of a picture."""

    CERTAIN = "certain"
    POSSIBLE = "possible"  # the same number or name in another folder: it may be another shot


def kinship(picture: PurePath, other: PurePath) -> Kinship | None:
    """Return how surely `other` belongs to the shot of `picture`, or None if it does not."""
    mine, its = _stem(picture), _stem(other)
    number = number_of(mine)
    if not _is_same_name(mine, its) and (number is None or number != number_of(its)):
        return None
    is_beside = _folder(picture) == _folder(other)
    return Kinship.CERTAIN if is_beside else Kinship.POSSIBLE


def number_of(stem: str) -> str | None:
    """Return the number in a name by DCF, or in that of an edited picture; None without one."""
    if (edited := _EDITED.fullmatch(stem)) is not None:
        return edited[1]
    named = _DCF.fullmatch(stem)
    return named[1] if named is not None and named[1] != "0000" else None


def _is_same_name(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < _SHORTEST or not any(sign.isdigit() for sign in short):
        return False
    return long.startswith(short) and _ADDED.fullmatch(long[len(short) :]) is not None


def _stem(path: PurePath) -> str:
    """Return a name without its suffix, and without the dots of what a Mac puts beside a file."""
    name = path.name.removeprefix("._").lstrip(".")
    return PurePath(name).stem.casefold()


def _folder(path: PurePath) -> str:
    return path.parent.as_posix().casefold()
