"""Lay out the keys of the capture page on one A4 page, to print and keep beside the station."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.handover.pdf_page import CONTENT_WIDTH, INK, RULE, PageMarks, Sheet, built_pdf
from dermstation.workflow.capture_keys import KEY_TABLE, WHEN

TITLE = "Keys for taking pictures"
_COLUMNS = tuple(share * CONTENT_WIDTH for share in (0.15, 0.51, 0.34))
_LOOK = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.1 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.3 * mm),
        ("LINEBELOW", (0, 0), (-1, -1), 0.6, RULE),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, INK),
    ]
)


def card_pdf() -> bytes:
    """Return the card as a PDF of one page, readable in grey. The same table gives the same bytes.

    Source: `workflow/capture_keys.py`.
    """
    sheet = Sheet(DocumentFonts())
    head = [sheet.text(words, 10, bold=True) for words in ("Key", "What it does", "When")]
    rows = [
        [
            sheet.text(row.all_keys, 11, bold=True),
            sheet.text(row.about, 10.5),
            sheet.text(row.when, 8.5, leading=1.7),  # on the same baseline as the others
        ]
        for row in KEY_TABLE
    ]
    story: list[Flowable] = [
        sheet.text(TITLE, 17, bold=True),
        Spacer(1, 2 * mm),
        Table([head, *rows], colWidths=_COLUMNS, style=_LOOK),
        Spacer(1, 3 * mm),
        sheet.text(f"{'; '.join(f'{words}: {meaning}' for words, meaning in WHEN)}.", 9),
    ]
    marks = PageMarks("Dermatoscope station", "", "Made by: dermstation keys")
    return built_pdf(story, marks, sheet, title=TITLE, subject="", keywords="")
