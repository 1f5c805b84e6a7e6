"""The colour chart as a PDF to print: large for a camera, small for a dermatoscope.

Sizes are exact: print it at 100 %, on matt paper. It holds nothing about anybody.
"""

from io import BytesIO

import cv2
import numpy as np
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.imaging import chart_layout as layout
from dermstation.imaging.chart import MARKERS

_LEFT_MM, _TOP_MM = 25.0, 40.0  # of the large chart
_SMALL_LEFT_MM, _SMALL_TOP_MM = 93.0, 190.0
_TITLE = "Colour chart"
_LINES = (
    (28.0, "Print at 100 % on matt paper. Large: for a camera at 20 to 30 cm."),
    (182.0, "Small: for a dermatoscope."),
    (225.0, "Keep the sheet flat and dark; print a new one every year, from the same printer."),
)


def chart_sheet() -> bytes:
    """Return the sheet. It is the same on every PC."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(_TITLE)
    fonts = DocumentFonts()
    canvas.setFont(fonts.regular, 10)
    for top, words in _LINES:
        canvas.drawString(_LEFT_MM * mm, A4[1] - top * mm, words)
    for left, top, share, markers in (
        (_LEFT_MM, _TOP_MM, 1.0, layout.LARGE_MARKERS),
        (_SMALL_LEFT_MM, _SMALL_TOP_MM, layout.SMALL_SHARE, layout.SMALL_MARKERS),
    ):
        canvas.saveState()
        canvas.translate(left * mm, A4[1] - top * mm)
        canvas.scale(share * mm, -share * mm)  # the layout's millimetres, downwards
        _draw(canvas, markers)
        canvas.restoreState()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, markers: tuple[int, ...]) -> None:
    family = cv2.aruco.getPredefinedDictionary(MARKERS)
    _ink(canvas, layout.INK)
    for number, (left, top) in zip(markers, layout.MARKER_CORNERS, strict=True):
        cells = family.markerSize + 2
        bits = np.asarray(cv2.aruco.generateImageMarker(family, number, cells))
        size = layout.MARKER_MM / cells
        for row, column in np.argwhere(bits == 0):
            canvas.rect(left + column * size, top + row * size, size, size, stroke=0, fill=1)
    for centre in layout.EDGE_CENTRES:
        path = canvas.beginPath()
        first, *others = layout.edge_corners(centre).tolist()
        path.moveTo(*first)
        for corner in others:
            path.lineTo(*corner)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    half, side = layout.PATCH_MM / 2, layout.PATCH_MM
    for (x, y), colour in zip(layout.patch_centres().tolist(), layout.PATCHES, strict=True):
        _ink(canvas, colour)
        canvas.rect(x - half, y - half, side, side, stroke=0, fill=1)


def _ink(canvas: Canvas, colour: tuple[int, int, int]) -> None:
    red, green, blue = colour
    canvas.setFillColor(Color(red / 255, green / 255, blue / 255))
