"""The colour chart as a PDF to print: large for a camera, small for a dermatoscope.

Sizes are exact: print it at 100 %, on matt paper. It holds nothing about anybody.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import cv2
import numpy as np

from dermstation.handover.typesetting import PrintHead, typeset
from dermstation.imaging import chart_layout as layout
from dermstation.imaging.chart import MARKERS

_LEFT_MM, _TOP_MM = 25.0, 40.0  # of the large chart
_SMALL_LEFT_MM, _SMALL_TOP_MM = 93.0, 190.0
_TEXT_RISE_MM = 3.0  # from a line's base to its top
_TITLE = "Colour chart"
_LINES = (
    (28.0, "Print at 100 % on matt paper. Large: for a camera at 20 to 30 cm."),
    (182.0, "Small: for a dermatoscope."),
    (225.0, "Keep the sheet flat and dark; print a new one every year, from the same printer."),
)
_UNDATED = datetime(2025, 1, 1, tzinfo=UTC)  # a PDF/A has a date, the chart has none


def chart_sheet() -> bytes:
    """Return the sheet. It is the same on every PC."""
    told = {
        "alt": _TITLE,
        "left_mm": _LEFT_MM,
        "lines": [{"top_mm": top - _TEXT_RISE_MM, "words": words} for top, words in _LINES],
    }
    head = PrintHead(_TITLE, _TITLE)
    return typeset(
        "chart.typ", head, told, dated=_UNDATED, drawings={"chart.svg": "".join(_drawn())}
    )


def _drawn() -> Iterator[str]:
    """Yield the page as SVG, in millimetres."""
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">'
    for left, top, share, markers in (
        (_LEFT_MM, _TOP_MM, 1.0, layout.LARGE_MARKERS),
        (_SMALL_LEFT_MM, _SMALL_TOP_MM, layout.SMALL_SHARE, layout.SMALL_MARKERS),
    ):
        yield f'<g transform="translate({left:g} {top:g}) scale({share:g})">'
        yield from _chart(markers)
        yield "</g>"
    yield "</svg>"


def _chart(markers: tuple[int, ...]) -> Iterator[str]:
    family = cv2.aruco.getPredefinedDictionary(MARKERS)
    for number, (left, top) in zip(markers, layout.MARKER_CORNERS, strict=True):
        cells = family.markerSize + 2
        bits = np.asarray(cv2.aruco.generateImageMarker(family, number, cells))
        size = layout.MARKER_MM / cells
        for row, column in np.argwhere(bits == 0).tolist():
            yield _square(left + column * size, top + row * size, size, layout.INK)
    for centre in layout.EDGE_CENTRES:
        corners = "L".join(f"{x:.4f} {y:.4f}" for x, y in layout.edge_corners(centre).tolist())
        yield f'<path fill="{_ink(layout.INK)}" d="M{corners}Z"/>'
    half, side = layout.PATCH_MM / 2, layout.PATCH_MM
    for (x, y), colour in zip(layout.patch_centres().tolist(), layout.PATCHES, strict=True):
        yield _square(x - half, y - half, side, colour)


def _square(x: float, y: float, side: float, colour: tuple[int, int, int]) -> str:
    sides = f'width="{side:.4f}" height="{side:.4f}"'
    return f'<rect x="{x:.4f}" y="{y:.4f}" {sides} fill="{_ink(colour)}"/>'


def _ink(colour: tuple[int, int, int]) -> str:
    return "#" + bytes(colour).hex()
