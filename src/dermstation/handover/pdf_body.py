"""The body map of the referral summary: one view in vector paths, with the site and the spot.

Draws the station's own SVG, which contains only absolute M, L, C and Z commands, ellipses and
texts. The patient's left and right are labelled, because a picture of a body can be read both ways.
"""

import re
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from dermstation.body_map import (
    MIDLINE_SHOWN,
    VIEWS,
    drawing,
    side_at,
    site_of,
    sites_of,
    view_with,
)
from dermstation.domain.lesion_facts import Spot
from dermstation.domain.records import Lesion
from dermstation.domain.sites import Side, body_site
from dermstation.handover.pdf_page import ACCENT, ALERT, INK, MUTED, Sheet

FIGURE_WIDTH = 34 * mm
FIGURE_HEIGHT = 32 * mm
_WORDS_HEIGHT = 3.2 * mm
_WORDS_SIZE = 6.5
_SKIN, _LINE = HexColor("#f6e7dc"), HexColor("#8a6a55")
_SIDE_NOT_KNOWN = HexColor("#9cc0e2")  # paler: it may be either side
_SPOT_RADIUS = 0.85 * mm
_TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")
_POINTS = {"M": 2, "L": 2, "C": 6, "Z": 0}


@dataclass(frozen=True, slots=True)
class _Shape:
    """One shape of a drawing: its id, path steps, and whether it is filled."""

    name: str
    steps: tuple[tuple[str, tuple[float, ...]], ...]
    is_filled: bool


@dataclass(frozen=True, slots=True)
class _View:
    width: float
    height: float
    shapes: tuple[_Shape, ...]
    words: tuple[tuple[float, float, float, str], ...]  # x, y, size, text


def body_figure(lesion: Lesion, sheet: Sheet) -> "BodyFigure | None":
    """Return the figure of a lesion's site, or None if no view shows the site."""
    spot = lesion.facts.spot
    if spot is not None and spot.view not in VIEWS:
        spot = None  # written by a newer station
    view = spot.view if spot else view_with(lesion.site_code)
    return None if view is None else BodyFigure(view, lesion.site_code, lesion.side, spot, sheet)


class BodyFigure(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A view of the body with one site shaded, always of the same size."""

    def __init__(
        self, view: str, code: str, side: Side | None, spot: Spot | None, sheet: Sheet
    ) -> None:
        super().__init__()
        self._name, self._code, self._side, self._spot = view, code, side, spot
        self._fonts = sheet.fonts
        self._view = _parsed(view)
        self.width, self.height = FIGURE_WIDTH, FIGURE_HEIGHT

    def _restrictSize(self, _width: float, _height: float) -> tuple[float, float]:  # noqa: N802
        """Return the size; reportlab calls this for a picture beside text."""
        return self.width, self.height

    def _unRestrictSize(self) -> None:  # noqa: N802
        """Do nothing: the size is fixed."""

    def draw(self) -> None:
        """Draw the body, the site, the spot and the words."""
        canvas, view = self.canv, self._view
        room = self.height - _WORDS_HEIGHT
        scale = min(self.width / view.width, room / view.height)
        canvas.saveState()
        canvas.translate((self.width - view.width * scale) / 2, self.height)
        canvas.scale(scale, -scale)
        canvas.setStrokeColor(_LINE)
        canvas.setLineWidth(0.35 / scale)
        canvas.setLineJoin(1)
        self._draw_body(canvas)
        if self._spot is not None:
            canvas.setFillColor(ALERT)
            canvas.setStrokeColor(HexColor("#ffffff"))
            canvas.setLineWidth(0.5 / scale)
            at = self._spot.x * view.width, self._spot.y * view.height
            canvas.circle(*at, _SPOT_RADIUS / scale, stroke=1, fill=1)
        canvas.restoreState()
        self._write(canvas, scale)

    def _draw_body(self, canvas: Canvas) -> None:
        band = self._band()
        for shape in self._view.shapes:
            _fill(canvas, shape, _SKIN)
            if band is None or site_of(shape.name) != self._code:
                continue
            canvas.saveState()
            clip = canvas.beginPath()
            clip.rect(band[0], 0, band[1] - band[0], self._view.height)
            canvas.clipPath(clip, stroke=0, fill=0)
            _fill(canvas, shape, self._colour())
            canvas.restoreState()

    def _colour(self) -> Color:
        lacks_side = self._side is None and body_site(self._code).has_side
        return _SIDE_NOT_KNOWN if lacks_side else ACCENT

    def _band(self) -> tuple[float, float] | None:
        """Return the left and right edge of the shading, in drawing units; None for no shading."""
        if self._code not in sites_of(self._name):
            return None
        width = self._view.width
        if self._side is None:
            return 0, width
        if self._side is Side.MIDLINE:
            return width * (0.5 - MIDLINE_SHOWN), width * (0.5 + MIDLINE_SHOWN)
        return (0, width / 2) if side_at(self._name, 0.0) is self._side else (width / 2, width)

    def _write(self, canvas: Canvas, scale: float) -> None:
        fonts = self._fonts
        canvas.setFillColor(INK)
        canvas.setFont(fonts.regular, _WORDS_SIZE)
        for line, words in enumerate(("Patient's", "")):
            y = self.height - _WORDS_SIZE * (line + 1)
            canvas.drawString(0, y, fonts.plain(words or side_at(self._name, 0.0).value))
            canvas.drawRightString(
                self.width, y, fonts.plain(words or side_at(self._name, 1.0).value)
            )
        canvas.setFillColor(MUTED)
        left = (self.width - self._view.width * scale) / 2
        for x, y, size, words in self._view.words:
            canvas.setFont(fonts.regular, max(5.0, size * scale))
            canvas.drawCentredString(left + x * scale, self.height - y * scale, fonts.plain(words))
        below = VIEWS[self._name]
        if self._colour() is _SIDE_NOT_KNOWN:
            below = f"{below}; side not recorded"
        elif self._spot is not None:
            below = f"{below}; the dot is the lesion"
        canvas.setFont(fonts.regular, _WORDS_SIZE)
        canvas.drawCentredString(self.width / 2, 0.6 * mm, fonts.plain(below))


def _fill(canvas: Canvas, shape: _Shape, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.drawPath(_path(canvas, shape), stroke=1, fill=int(shape.is_filled))


def _path(canvas: Canvas, shape: _Shape) -> PDFPathObject:
    path = canvas.beginPath()
    draw = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": path.close}
    ellipse = path.ellipse
    for step, numbers in shape.steps:
        draw.get(step, ellipse)(*numbers)
    return path


@cache
def _parsed(view: str) -> _View:
    root = ET.fromstring(drawing(view))  # noqa: S314 - the station's own file
    _, _, width, height = (float(one) for one in root.attrib["viewBox"].split())
    shapes: list[_Shape] = []
    words: list[tuple[float, float, float, str]] = []
    _collect(root, shapes, words, is_filled=True)
    return _View(width, height, tuple(shapes), tuple(words))


def _collect(
    parent: ET.Element,
    shapes: list[_Shape],
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
            shapes.append(_Shape(known.get("id", ""), _steps(known["d"]), filled))
        elif tag == "ellipse":
            x, y, rx, ry = (float(known[name]) for name in ("cx", "cy", "rx", "ry"))
            around = ("ellipse", (x - rx, y - ry, 2 * rx, 2 * ry))
            shapes.append(_Shape(known.get("id", ""), (around,), filled))
        elif tag == "text":
            x, y, size = (float(known[name]) for name in ("x", "y", "font-size"))
            words.append((x, y, size, one.text or ""))
        else:
            raise ValueError(tag)


def _steps(data: str) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Parse path data; numbers without a letter repeat the last letter."""
    steps: list[tuple[str, tuple[float, ...]]] = []
    tokens = _TOKEN.findall(data)
    letter, place = "M", 0
    while place < len(tokens):
        if tokens[place] in _POINTS:
            letter, place = tokens[place], place + 1
        count = _POINTS[letter]
        steps.append((letter, tuple(float(one) for one in tokens[place : place + count])))
        place += count
    return tuple(steps)
