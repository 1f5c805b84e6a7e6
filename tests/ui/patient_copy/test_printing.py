"""The sheet is the same on paper, in the PDF and on the screen, and printer failures are shown."""

from io import BytesIO

import numpy as np
import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.patient_copy import printing
from dermstation.ui.system.printers import ask_printer, new_printer
from dermstation.workflow.patient_copy import OUR_WORDS, CopySheet

A4_POINTS = (595, 842)
SHEET = CopySheet(
    "Test Practice",
    (("What it is", "A close-up picture of the skin"), ("Where", "Forearm, front")),
    OUR_WORDS,
    np.full((240, 320, 3), (40, 90, 200), np.uint8),
)


def page_of(pdf: bytes):
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert tuple(round(float(one)) for one in page.mediabox[2:]) == A4_POINTS
    return page


def words_of(pdf: bytes) -> str:
    return " ".join(page_of(pdf).extract_text().split())


def test_the_pdf_is_one_page_of_a4_with_picture_and_words(dressed) -> None:
    pdf = printing.sheet_pdf(SHEET)
    words = words_of(pdf)
    for part in ("Your picture", "Test Practice", "Forearm, front", "not a diagnosis"):
        assert part in words
    assert len(page_of(pdf).images) == 1
    assert PdfReader(BytesIO(pdf)).metadata.title == "Your picture"


def test_the_printer_gets_the_same_page(dressed, tmp_path) -> None:
    printer = new_printer(printing.PRINTED_AS)
    assert printer.docName() == "Copy of a picture"
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printing.print_sheet(printer, SHEET)
    assert words_of((tmp_path / "printed.pdf").read_bytes()) == words_of(printing.sheet_pdf(SHEET))


def test_the_screen_shows_the_picture_in_its_colours(dressed) -> None:
    image = printing.sheet_image(SHEET, 300)
    colour = image.pixelColor(150, 150)
    assert (colour.red(), colour.green(), colour.blue()) == (200, 90, 40)  # from BGR


@pytest.mark.qt_log_ignore("Returned false", extend=True)
def test_a_printer_failure_is_reported(dressed, tmp_path) -> None:
    printer = new_printer(printing.PRINTED_AS)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "gone" / "printed.pdf"))
    with pytest.raises(StationError) as refused:
        printing.print_sheet(printer, SHEET)
    assert refused.value.code is ErrorCode.COPY_NOT_PRINTED


def test_a_pc_without_a_printer_is_reported(qtbot, monkeypatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    with pytest.raises(StationError) as refused:
        ask_printer(None, "")
    assert refused.value.code is ErrorCode.PRINTER_ABSENT
