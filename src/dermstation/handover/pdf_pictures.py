"""The pictures of the referral summary: reduced copies, side by side, each with its facts.

The package's own files hold the full pictures; these copies are only for reading. If the PDF is the
whole package, its pictures are the ones that count, and are set large.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO

import cv2
import numpy as np
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Image, Spacer, Table, TableStyle

from dermstation.domain.quality import Verdict
from dermstation.domain.quality_words import quality_words
from dermstation.domain.shots import ShotKind
from dermstation.handover.pdf_page import ALERT, CONTENT_WIDTH, INK, MUTED, Sheet
from dermstation.handover.plan import PackagePlan, PlannedImage
from dermstation.handover.uk_time import in_words
from dermstation.imaging.codec import Bgr, encode_jpeg
from dermstation.imaging.colour_space import decode_srgb

_COLUMN_GAP = 5 * mm
_COLUMNS_MOST = 3
_PICTURE_HEIGHT = 66 * mm
_LARGE_HEIGHT = 200 * mm
_BAR_LENGTHS_MM = (100, 50, 20, 10, 5, 2, 1, 0.5)
_BAR_SHARE = 0.4
_ROW_STYLE = TableStyle(
    [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 2 * mm),
        ("VALIGN", (0, 0), (-1, 0), "TOP"),
        ("VALIGN", (0, 1), (-1, 1), "TOP"),
        ("NOSPLIT", (0, 0), (-1, 1)),  # keep a picture and its caption together
    ]
)
_COPY_LONG_SIDE_PX = 1000
_COPY_QUALITIES = (84, 76, 68, 60)
_COPY_SCALE_STEP = 0.8
_COPY_LEAST_SIDE_PX = 200


def picture_rows(
    images: Sequence[PlannedImage], names: Mapping[str, str], sheet: Sheet, plan: PackagePlan
) -> list[Flowable]:
    """Lay out the pictures, up to three in a row; `names` maps operator ids to names.

    If the package is a single PDF, each picture has the width of the page and keeps all its pixels.
    """
    columns = 1 if plan.options.one_pdf else min(_COLUMNS_MOST, max(2, len(images)))
    height = _LARGE_HEIGHT if plan.options.one_pdf else _PICTURE_HEIGHT
    width = (CONTENT_WIDTH - (columns - 1) * _COLUMN_GAP) / columns
    rows: list[Flowable] = []
    for first in range(0, len(images), columns):
        together = images[first : first + columns]
        pictures: list[object] = [
            _picture(image, plan.summary_picture_bytes, (width, height), sheet)
            for image in together
        ]
        captions: list[object] = [
            _caption(image, names, sheet, one_pdf=plan.options.one_pdf) for image in together
        ]
        lacking = columns - len(together)
        table = Table(
            [_filled(pictures, lacking), _filled(captions, lacking)],
            colWidths=_spaced([width] * columns, _COLUMN_GAP),
            style=_ROW_STYLE,
        )
        rows += [table, Spacer(1, 4 * mm)]
    return rows


def _filled(cells: Sequence[object], lacking: int) -> list[object]:
    """Return a row of the table: the cells, and empty ones for what they lack to fill it."""
    return _spaced([*cells, *(_nothing() for _ in range(lacking))])


def _spaced(cells: Sequence[object], gap: object = None) -> list[object]:
    """Return the cells with a gap between each two."""
    spaced: list[object] = []
    for cell in cells:
        spaced += [_nothing() if gap is None else gap, cell] if spaced else [cell]
    return spaced


def _nothing() -> list[Flowable]:
    """Return an empty cell; for empty text a table would name one more font."""
    return [Spacer(1, 0)]


def _picture(
    image: PlannedImage, copy_bytes: int, box: tuple[float, float], sheet: Sheet
) -> list[Flowable]:
    """Lay out the picture, with a scale bar if it is calibrated.

    The picture is reduced to at most `copy_bytes`, or shown as it is if that is 0.
    """
    shown = reduced_copy(image.data, copy_bytes) if copy_bytes else image.data
    width_px, height_px = ImageReader(BytesIO(shown)).getSize()
    scale = min(box[0] / width_px, box[1] / height_px)
    picture = Image(BytesIO(shown), width_px * scale, height_px * scale)
    picture.hAlign = "LEFT"
    mm_per_px = image.capture.details.mm_per_px
    if mm_per_px is None:
        return [picture]
    width_mm = mm_per_px * image.capture.upright_width  # on the skin, however small the copy is
    error = image.capture.details.scale_error
    return [picture, Spacer(1, 1 * mm), ScaleBar(width_mm, width_px * scale, error, sheet)]


def _caption(
    image: PlannedImage, names: Mapping[str, str], sheet: Sheet, *, one_pdf: bool
) -> list[Flowable]:
    capture = image.capture
    copy = capture.derivation
    title = f"{image.lesion.label} {capture.title}"
    lacks_light = capture.shot is ShotKind.DERMOSCOPIC and capture.details.polarisation is None
    poor = image.report.verdict is Verdict.POOR
    quality = f"Quality {quality_words(image.report)}"
    if image.worse:
        quality = f"{quality}. Reduced to fit; as taken: {quality_words(capture.report)}"
    lines = [
        sheet.text(title, 10, bold=True),
        *([sheet.text("Polarised or not: not recorded", 8.5)] if lacks_light else []),
        sheet.text(image.lesion.site_words, 8.5),
        *([sheet.text(copy.meaning, 8.5)] if copy is not None else []),
        sheet.text(quality, 8.5, bold=poor, colour=ALERT if poor else INK),
    ]
    if capture.override_reason:
        lines.append(sheet.text(f"Kept because: {capture.override_reason}", 8.5))
    taker = names.get(capture.captured_by, "operator not known")
    lines.append(sheet.text(in_words(capture.captured_at), 8, colour=MUTED))
    lines.append(sheet.text(f"Taken by {taker}", 8, colour=MUTED))
    if copy is not None:
        maker = names.get(copy.made_by, "operator not known")
        made = f"Copy made {in_words(copy.made_at)} by {maker}"
        lines.append(sheet.text(made, 8, colour=MUTED))
    of_file = [] if one_pdf else [image.name]
    told = [*of_file, "reduced to fit"] if image.shrunk else of_file
    if told:
        lines.append(sheet.text(", ".join(told), 8, colour=MUTED))
    return lines


class ScaleBar(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A scale bar below a calibrated picture, for a round length on the skin."""

    def __init__(
        self, width_mm: float, width_points: float, error: float | None, sheet: Sheet
    ) -> None:
        super().__init__()
        self._length_mm = next(
            (one for one in _BAR_LENGTHS_MM if one <= width_mm * _BAR_SHARE), _BAR_LENGTHS_MM[-1]
        )
        self._bar = width_points * self._length_mm / width_mm
        about = f" \u00b1 {error:.0%}" if error else ""
        self._words = f"{self._length_mm:g} mm{about}"
        self._font = sheet.fonts.regular
        self.width, self.height = width_points, 3 * mm
        self.hAlign = "LEFT"

    def draw(self) -> None:
        """Draw the bar, its end marks and its length in words."""
        canvas, middle = self.canv, self.height / 2
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        canvas.line(0, middle, self._bar, middle)
        for at in (0, self._bar):
            canvas.line(at, middle - 1 * mm, at, middle + 1 * mm)
        canvas.setFont(self._font, 8)
        canvas.setFillColor(INK)
        canvas.drawString(self._bar + 2 * mm, middle - 2.6, self._words)


def reduced_copy(data: bytes, limit_bytes: int) -> bytes:
    """Return a JPEG copy in sRGB of at most `limit_bytes`, at most 1000 px wide and high.

    A copy whose long side is down to 200 px is returned even if it is larger than that. Raises
    StationError IMAGE_UNREADABLE or IMAGE_TOO_LARGE.
    """
    picture = _within(decode_srgb(data), _COPY_LONG_SIDE_PX)
    while True:
        for quality in _COPY_QUALITIES:
            copy = encode_jpeg(picture, quality)
            if len(copy) <= limit_bytes:
                return copy
        long_side = max(picture.shape[:2])
        if long_side <= _COPY_LEAST_SIDE_PX:
            return copy
        picture = _within(picture, max(_COPY_LEAST_SIDE_PX, int(long_side * _COPY_SCALE_STEP)))


def _within(bgr: Bgr, long_side_px: int) -> Bgr:
    scale = long_side_px / max(bgr.shape[:2])
    if scale >= 1:
        return bgr
    size = (max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale)))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
