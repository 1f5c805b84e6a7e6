"""A printer of the PC, chosen in its own dialog, and pages for it. GUI thread.

The print queue belongs to the PC; the station itself writes nothing unencrypted.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QGuiApplication, QImage, QPagedPaintDevice, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.system.adorning import adorning


def ask_printer(window: QWidget, name: str) -> QPrinter | None:
    """Return the printer chosen in the PC's own dialog, never a file; None if cancelled.

    The station may have been locked when this returns. Raises StationError PRINTER_ABSENT.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise StationError(ErrorCode.PRINTER_ABSENT)
    printer = new_printer(name)
    dialog = QPrintDialog(printer, window)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, False)  # would be unencrypted
    # exec, because the Windows dialog cannot be shown in any other way
    chosen = dialog.exec() == QPrintDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if chosen else None


def new_printer(name: str) -> QPrinter:
    """Return the default printer set to A4; the print queue shows the name, which is nobody's."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setCreator(QGuiApplication.applicationName())
    set_a4(printer)
    return printer


def set_a4(device: QPagedPaintDevice) -> None:
    """Set a device to the whole of a sheet of A4."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    if isinstance(device, QPrinter):
        device.setFullPage(True)
    device.setPageMargins(QMarginsF(0, 0, 0, 0))


def print_with(printer: QPrinter, paint: Callable[[QPainter], None]) -> bool:
    """Paint on a printer, and return whether it took everything."""
    is_printed = False
    with adorning("printing"):  # a driver may fail in any way
        painter = QPainter()
        if painter.begin(printer):
            try:
                paint(painter)
            finally:
                is_printed = painter.end()
    return is_printed


def print_pages(printer: QPrinter, pages: Sequence[bytes]) -> bool:
    """Print PNGs, one a sheet, and return whether the printer took them."""

    def paint(painter: QPainter) -> None:
        for place, page in enumerate(pages):
            if place:
                printer.newPage()
            image = QImage.fromData(page)
            painter.setWindow(QRect(0, 0, image.width(), image.height()))
            painter.drawImage(0, 0, image)

    return print_with(printer, paint)
