"""The layout of the station's PDFs: page, header and footer, type sizes, colours.

The referral summary and the certificate share this A4 layout, which does not depend on their
contents.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph
from reportlab.platypus.tables import CellStyle

from dermstation.handover.pdf_faces import REGULAR
from dermstation.handover.pdf_fonts import DocumentFonts

rl_config.useA85 = 0  # store pictures as bytes: a fifth smaller than as ASCII-85 text
CellStyle.fontname = REGULAR  # a table names a font even if its cells are paragraphs
PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 17 * mm
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN
GAP = 5 * mm
_HEADER_HEIGHT = 10 * mm
_FOOTER_HEIGHT = 8 * mm

INK = HexColor("#15202b")
MUTED = HexColor("#55626e")
RULE = HexColor("#c9d1d9")
PANEL = HexColor("#f2f5f8")
ACCENT = HexColor("#005eb8")
ALERT = HexColor("#a4161a")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fonts of one document, with methods that make its styles and paragraphs."""

    fonts: DocumentFonts

    def style(
        self, size: float, *, bold: bool = False, colour: object = INK, leading: float = 1.36
    ) -> ParagraphStyle:
        """Return a paragraph style of `size` points; `leading` is a multiple of the size."""
        return ParagraphStyle(
            f"s{size}{bold}{colour}",
            fontName=self.fonts.bold if bold else self.fonts.regular,
            fontSize=size,
            leading=size * leading,
            textColor=colour,
            alignment=TA_LEFT,
            splitLongWords=1,
            embeddedHyphenation=1,
        )

    def text(
        self,
        words: str,
        size: float = 9.5,
        *,
        bold: bool = False,
        colour: object = INK,
        leading: float = 1.36,
        keep_with_next: bool = False,
    ) -> Paragraph:
        """Return plain text as a paragraph."""
        style = self.style(size, bold=bold, colour=colour, leading=leading)
        style.keepWithNext = int(keep_with_next)
        return Paragraph(self.fonts.markup(words, bold=bold), style)

    def label(self, words: str) -> Paragraph:
        """Return the name of a field as a paragraph in small grey type."""
        return self.text(words, 7.5, colour=MUTED)


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The words on every page: left and right in its header, left in its footer."""

    head_left: str
    head_right: str
    foot_left: str


def built_pdf(
    story: Sequence[Flowable],
    marks: PageMarks,
    sheet: Sheet,
    *,
    title: str,
    subject: str,
    keywords: str,
) -> bytes:
    """Lay out a story on A4 pages with "Page x of y", and return the PDF.

    The same story gives the same bytes.
    """
    buffer = BytesIO()
    frame = Frame(
        MARGIN,
        MARGIN + _FOOTER_HEIGHT,
        CONTENT_WIDTH,
        PAGE_HEIGHT - 2 * MARGIN - _HEADER_HEIGHT - _FOOTER_HEIGHT + 5 * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=title,
        author="",
        subject=subject,
        keywords=keywords,
        creator="dermstation",
        producer="dermstation",
        invariant=1,
        lang="en-GB",
        displayDocTitle=1,
        initialFontName=sheet.fonts.regular,
    )
    document.addPageTemplates([PageTemplate(id="page", frames=[frame])])

    def canvas(*args: Any, **options: Any) -> "_CountingCanvas":
        return _CountingCanvas(*args, **options, on_page=_page_painter(marks, sheet))

    document.build(list(story), canvasmaker=canvas)
    return buffer.getvalue()


def _page_painter(marks: PageMarks, sheet: Sheet) -> Callable[[Canvas, int, int], None]:
    fonts = sheet.fonts

    def paint(canvas: Canvas, page: int, pages: int) -> None:
        top = PAGE_HEIGHT - MARGIN + 3 * mm
        canvas.setFillColor(ACCENT)
        canvas.setFont(fonts.bold, 9)
        canvas.drawString(MARGIN, top, fonts.plain(marks.head_left))
        canvas.setFillColor(MUTED)
        canvas.setFont(fonts.regular, 8.5)
        canvas.drawRightString(PAGE_WIDTH - MARGIN, top, fonts.plain(marks.head_right))
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, top - 2.6 * mm, PAGE_WIDTH - MARGIN, top - 2.6 * mm)
        foot = MARGIN - 4 * mm
        canvas.setFont(fonts.regular, 8)
        canvas.drawString(MARGIN, foot, fonts.plain(marks.foot_left))
        canvas.drawRightString(PAGE_WIDTH - MARGIN, foot, f"Page {page} of {pages}")

    return paint


class _CountingCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that draws headers and footers once it knows the number of pages."""

    def __init__(
        self,
        *args: Any,
        on_page: Callable[[Canvas, int, int], None],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._on_page = on_page
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's own name
        """Keep the page for later."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Draw the header and footer of every page and write the document."""
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._on_page(self, number, len(self._pages))
            super().showPage()
        super().save()
