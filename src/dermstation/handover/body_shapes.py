"""The shapes of the body map: what a view is drawn of, and what is shaded for a lesion's site.

Reads the station's own SVGs, which contain only absolute M, L, C and Z commands, ellipses and
texts. Only the lesion's side is shaded, as a shape of its own: a shape that is hidden by a clip
would show in a program that ignores the clip, and the wrong side would be operated on. Pure
functions.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree as ET

from dermstation.body_map import MIDLINE_SHOWN, drawing, side_at, site_of
from dermstation.domain.sites import Side

Point = tuple[float, float]
_TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")
_POINTS = {"M": 2, "L": 2, "C": 6, "Z": 0}
_CURVE_STEPS = 12
_ELLIPSE_STEPS = 48


@dataclass(frozen=True, slots=True)
class BodyShape:
    """One shape of a drawing: its id, its outline as points, and whether it is filled."""

    name: str
    outline: tuple[Point, ...]
    is_filled: bool


@dataclass(frozen=True, slots=True)
class BodyView:
    """One view of the body: its size, its shapes as they are painted, and its words."""

    width: float
    height: float
    shapes: tuple[BodyShape, ...]
    words: tuple[tuple[float, float, float, str], ...]  # x, y, size, text


def shaded(view: str, shape: BodyShape, code: str, side: Side | None) -> tuple[Point, ...]:
    """Return the part of a shape that is on the lesion's side; empty if there is none.

    If the side is not known, all of the shape is returned.
    """
    if site_of(shape.name) != code:
        return ()
    width = body_view(view).width
    low, high = 0.0, 1.0
    if side is Side.MIDLINE:
        low, high = 0.5 - MIDLINE_SHOWN, 0.5 + MIDLINE_SHOWN
    elif side is not None:
        low, high = (0.0, 0.5) if side_at(view, 0.0) is side else (0.5, 1.0)
    part = _cut(shape.outline, high * width, keeps_lower=True)
    part = _cut(part, low * width, keeps_lower=False)
    return part if len({x for x, _ in part}) > 1 else ()


def _cut(outline: Sequence[Point], at: float, *, keeps_lower: bool) -> tuple[Point, ...]:
    """Return what lies left (or right) of a vertical line (Sutherland and Hodgman's algorithm)."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise([*outline[-1:], *outline]):
        was_in = x0 <= at if keeps_lower else x0 >= at
        is_in = x1 <= at if keeps_lower else x1 >= at
        if was_in != is_in:
            kept.append((at, y0 + (y1 - y0) * (at - x0) / (x1 - x0)))
        if is_in:
            kept.append((x1, y1))
    return tuple(kept)


@cache
def body_view(view: str) -> BodyView:
    """Return a view of the body. Raises FileNotFoundError if there is no such view."""
    root = ET.fromstring(drawing(view))  # noqa: S314 - the station's own file
    _, _, width, height = (float(one) for one in root.attrib["viewBox"].split())
    shapes: list[BodyShape] = []
    words: list[tuple[float, float, float, str]] = []
    _collect(root, shapes, words, is_filled=True)
    return BodyView(width, height, tuple(shapes), tuple(words))


def _collect(
    parent: ET.Element,
    shapes: list[BodyShape],
    words: list[tuple[float, float, float, str]],
    *,
    is_filled: bool,
) -> None:
    for one in parent:
        tag, known = one.tag.rpartition("}")[2], one.attrib
        filled = is_filled and known.get("fill") != "none"
        if tag == "g":
            _collect(one, shapes, words, is_filled=filled)
        elif tag == "path":
            shapes.append(BodyShape(known.get("id", ""), tuple(_points(known["d"])), filled))
        elif tag == "ellipse":
            x, y, rx, ry = (float(known[name]) for name in ("cx", "cy", "rx", "ry"))
            shapes.append(BodyShape(known.get("id", ""), tuple(_around(x, y, rx, ry)), filled))
        elif tag == "text":
            x, y, size = (float(known[name]) for name in ("x", "y", "font-size"))
            words.append((x, y, size, one.text or ""))
        else:
            raise ValueError(tag)


def _around(x: float, y: float, rx: float, ry: float) -> Iterator[Point]:
    for step in range(_ELLIPSE_STEPS):
        turn = 2 * math.pi * step / _ELLIPSE_STEPS
        yield x + rx * math.cos(turn), y + ry * math.sin(turn)


def _points(data: str) -> Iterator[Point]:
    """Yield the points of path data; numbers without a letter repeat the last letter."""
    tokens = _TOKEN.findall(data)
    letter, place, last = "M", 0, (0.0, 0.0)
    while place < len(tokens):
        if tokens[place] in _POINTS:
            letter, place = tokens[place], place + 1
        numbers = [float(one) for one in tokens[place : place + _POINTS[letter]]]
        place += _POINTS[letter]
        if letter == "C":
            yield from _curve([last, *zip(numbers[::2], numbers[1::2], strict=True)])
        elif letter != "Z":
            yield numbers[0], numbers[1]
        last = (numbers[-2], numbers[-1]) if numbers else last


def _curve(control: Sequence[Point]) -> Iterator[Point]:
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(share * point[axis] for share, point in zip(shares, control, strict=True))
            for axis in (0, 1)
        )
        yield x, y
