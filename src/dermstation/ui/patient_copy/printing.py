"""Paint the patient's copy: the same sheet for a printer, a PDF in memory and the screen.

GUI thread.
"""

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QImage,
    QPainter,
    QPdfWriter,
    QPen,
)
from PySide6.QtPrintSupport import QPrinter

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.system.printers import print_with, set_a4
from dermstation.ui.theme import Colour, Scheme, tokens
from dermstation.workflow.patient_copy import CopySheet

PRINTED_AS = "Copy of a picture"
# all in tenths of a millimetre, on A4
_PAGE = QSize(2100, 2970)
_MARGIN = 200
_WIDTH = _PAGE.width() - 2 * _MARGIN
_PICTURE_HEIGHT = 1300
_NAME_WIDTH = 320
_DPI = 254  # one dot is a tenth of a millimetre, the unit of the layout
_WRAP = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignTop.value


def print_sheet(printer: QPrinter, sheet: CopySheet) -> None:
    """Print a sheet. Raises StationError COPY_NOT_PRINTED."""
    if not print_with(printer, lambda painter: paint_sheet(painter, sheet)):
        raise StationError(ErrorCode.COPY_NOT_PRINTED)


def sheet_pdf(sheet: CopySheet) -> bytes:
    """Return a PDF of a sheet, made in memory."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(sheet.title)
    writer.setCreator("dermstation")
    writer.setResolution(_DPI)
    set_a4(writer)
    painter = QPainter(writer)
    paint_sheet(painter, sheet)
    painter.end()
    return bytes(buffer.data().data())


def sheet_image(sheet: CopySheet, width_px: int) -> QImage:
    """Return an image of a sheet for the screen."""
    height_px = round(width_px * _PAGE.height() / _PAGE.width())
    image = QImage(width_px, height_px, QImage.Format.Format_RGB32)
    image.fill(_on_paper(Colour.SURFACE))
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    paint_sheet(painter, sheet)
    painter.end()
    return image


def paint_sheet(painter: QPainter, sheet: CopySheet) -> None:
    """Paint a sheet over the whole device of a painter, at any resolution."""
    painter.setWindow(QRect(0, 0, _PAGE.width(), _PAGE.height()))
    at = _paint_text(painter, sheet.title, _MARGIN, 84, bold=True, colour=Colour.BRAND)
    if sheet.practice:
        at = _paint_text(painter, sheet.practice, at + 10, 46, colour=Colour.INK_SOFT)
    at += 30
    painter.setPen(QPen(_on_paper(Colour.LINE), 5))
    painter.drawLine(_MARGIN, at, _PAGE.width() - _MARGIN, at)
    at = _paint_picture(painter, sheet, at + 50) + 50
    for name, words in sheet.lines:
        _paint_text(painter, name, at, 42, colour=Colour.INK_SOFT, width=_NAME_WIDTH)
        at = _paint_text(painter, words, at, 46, left=_MARGIN + _NAME_WIDTH) + 14
    _paint_text(painter, sheet.words, at + 40, 44)


def _paint_picture(painter: QPainter, sheet: CopySheet, top: int) -> int:
    """Paint the picture across the page and return where it ends."""
    pixels = np.ascontiguousarray(sheet.pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_BGR888)
    scale = min(_WIDTH / width, _PICTURE_HEIGHT / height)
    left = _MARGIN + (_WIDTH - width * scale) / 2
    painter.drawImage(QRectF(left, top, width * scale, height * scale), image)
    ends: float = top + height * scale
    return round(ends)


def _paint_text(
    painter: QPainter,
    words: str,
    top: int,
    size: int,
    *,
    bold: bool = False,
    colour: Colour = Colour.INK,
    left: int = _MARGIN,
    width: int = 0,
) -> int:
    """Paint wrapped words and return where they end."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(size)
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(_on_paper(colour))
    room = QRect(left, top, width or _PAGE.width() - _MARGIN - left, _PAGE.height())
    used = QFontMetrics(font).boundingRect(room, _WRAP, words)
    painter.drawText(QRect(room.topLeft(), QSize(room.width(), used.height() + size)), _WRAP, words)
    return int(top + used.height())


def _on_paper(colour: Colour) -> QColor:
    """Return the colour of the light scheme, whatever the window shows."""
    return QColor(tokens(Scheme.LIGHT)[colour.name])
