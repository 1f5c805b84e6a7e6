"""The shapes of one picture of the body map: which site is where, and on which side.

Each shape is drawn a second time in a colour of its own. That drawing is never shown; the colour at
the place of a click tells which shape was hit.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from dermstation.body_map import (
    MIDLINE_SHOWN,
    drawing,
    shape_ids,
    side_at,
    site_of,
    sites_of,
)
from dermstation.domain.sites import Side, body_site

_STROKE = re.compile(r'stroke="#[0-9a-f]+"')
_LOOKUP_SCALE = 2
_MIDLINE = 0.03  # of the width, to each side of the middle
_COLOUR_STEP = 0x3A5F17  # spreads the numbers over colours of which no two blend into a third


@dataclass(frozen=True, slots=True)
class Hit:
    """The result of a click: a site with its side, or the picture that shows it larger."""

    code: str = ""
    side: Side | None = None
    leads_to: str = ""


_GRID = 80  # places tried to find a site's middle


class BodyPicture:
    """One picture: front, back, head, hands or feet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._text = drawing(name)
        self.renderer = QSvgRenderer(QByteArray(self._text.encode()))
        self._ids = shape_ids(name)

    @property
    def size(self) -> QSize:
        """Return the size of the drawing in its own units."""
        return self.renderer.defaultSize()

    @property
    def codes(self) -> set[str]:
        """Return the codes of the sites that can be clicked here."""
        return sites_of(self.name)

    def hit(self, x: float, y: float) -> Hit | None:
        """Return the hit at a place, from 0 to 1 across and down; None beside the body."""
        found = self._element(x, y)
        if found is None:
            return None
        if found.startswith("go-"):
            return Hit(leads_to=found.removeprefix("go-").split(".")[0])
        code = site_of(found)
        if not body_site(code).has_side:
            return Hit(code)
        if abs(x - 0.5) < _MIDLINE and self._element(1 - x, y) == found:
            return Hit(code, Side.MIDLINE)
        return Hit(code, self.side_at(x))

    def side_at(self, x: float) -> Side:
        """Return the patient's own side: mirrored in a front view, not in a back view."""
        return side_at(self.name, x)

    def middle(self, code: str, side: Side | None) -> tuple[float, float] | None:
        """Return a place near the middle of a site, from 0 to 1, or None if it is not shown."""
        found = [
            (x / _GRID, y / _GRID)
            for y in range(_GRID + 1)
            for x in range(_GRID + 1)
            if self.hit(x / _GRID, y / _GRID) == Hit(code, side)
        ]
        if not found:
            return None
        across, down = (sorted(axis)[len(found) // 2] for axis in zip(*found, strict=True))
        return min(found, key=lambda at: (at[0] - across) ** 2 + (at[1] - down) ** 2)

    def mark(self, code: str, side: Side | None, colour: QColor) -> QImage:
        """Return an image of one site alone, in one colour, in the size of the look-up drawing."""
        lookup = self._lookup
        wanted = [self._colours[one] for one in self._ids if site_of(one) == code]
        inside = np.isin(lookup, wanted)
        across = (np.arange(lookup.shape[1]) + 0.5) / lookup.shape[1]
        if side is Side.MIDLINE:
            inside &= np.abs(across - 0.5) < MIDLINE_SHOWN
        elif side is not None:
            inside &= (across < 0.5) == (self.side_at(0.0) is side)
        pixels = np.where(inside, np.uint32(colour.rgba()), np.uint32(0))
        height, width = lookup.shape
        return QImage(
            pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32
        ).copy()

    @cached_property
    def _colours(self) -> dict[str, int]:
        return {
            one: (place * _COLOUR_STEP) & 0xFFFFFF for place, one in enumerate(self._ids, start=1)
        }

    @cached_property
    def _lookup(self) -> NDArray[np.uint32]:
        text = _STROKE.sub('stroke="none"', self._text)
        for one, colour in self._colours.items():
            text = text.replace(f'id="{one}"', f'id="{one}" fill="#{colour:06x}"')
        size = self.size * _LOOKUP_SCALE
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(image.rect()))
        painter.end()
        rows = np.frombuffer(image.constBits(), np.uint32).reshape(size.height(), size.width())
        return rows & np.uint32(0xFFFFFF)

    def _element(self, x: float, y: float) -> str | None:
        height, width = self._lookup.shape
        across, down = int(x * width), int(y * height)
        if not (0 <= across < width and 0 <= down < height):
            return None
        around = self._lookup[max(0, down - 1) : down + 2, max(0, across - 1) : across + 2]
        names = {colour: one for one, colour in self._colours.items()}
        here = names.get(int(self._lookup[down, across]))
        # colours blend on the line between two shapes: use the nearest colour of a whole shape
        near = (names[int(one)] for one in around.flat if int(one) in names)
        return here or next(near, None)
