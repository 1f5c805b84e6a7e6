"""The body map of the referral summary: one view in vector paths, with the site and the spot.

The patient's left and right are labelled, because a picture of a body can be read both ways.
"""

from collections.abc import Sequence

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from dermstation.body_map import VIEWS, side_at, view_with
from dermstation.domain.lesion_facts import Spot
from dermstation.domain.records import Lesion
from dermstation.domain.sites import Side, body_site
from dermstation.handover.body_shapes import Point, body_view, shaded
from dermstation.handover.pdf_page import ACCENT, ALERT, INK, MUTED, Sheet

FIGURE_WIDTH = 34 * mm
FIGURE_HEIGHT = 32 * mm
_WORDS_HEIGHT = 3.2 * mm
_WORDS_SIZE = 6.5
_SKIN, _LINE = HexColor("#f6e7dc"), HexColor("#8a6a55")
_SIDE_NOT_KNOWN = HexColor("#9cc0e2")  # paler: it may be either side
_SPOT_RADIUS = 0.85 * mm


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
        self._view = body_view(view)
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
        for shape in self._view.shapes:
            _fill(canvas, shape.outline, _SKIN if shape.is_filled else None)
            part = shaded(self._name, shape, self._code, self._side)
            if part:
                _fill(canvas, part, self._colour())

    def _colour(self) -> Color:
        lacks_side = self._side is None and body_site(self._code).has_side
        return _SIDE_NOT_KNOWN if lacks_side else ACCENT

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


def _fill(canvas: Canvas, outline: Sequence[Point], colour: Color | None) -> None:
    path = canvas.beginPath()
    path.moveTo(*outline[0])
    for point in outline[1:]:
        path.lineTo(*point)
    path.close()
    if colour is not None:
        canvas.setFillColor(colour)
    canvas.drawPath(path, stroke=1, fill=int(colour is not None))
