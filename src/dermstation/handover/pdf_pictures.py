"""The pictures of the referral summary: in rows over the full width, the dermoscopic the largest.

The package's own files hold the full pictures; these copies are only for reading. If the PDF is the
whole package, its pictures are the ones that count: they keep their pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from dermstation.domain.quality import Verdict
from dermstation.domain.quality_words import quality_words
from dermstation.domain.records import LIGHT_WORDS
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.handover.plan import PackagePlan, PlannedImage
from dermstation.handover.typesetting import PrintedPicture
from dermstation.handover.uk_time import in_words
from dermstation.imaging.codec import Bgr, encode_jpeg
from dermstation.imaging.colour_space import decode_srgb
from dermstation.imaging.headers import probe

PAGE_WIDTH_MM = 184.0  # between the margins of the sheet
PAGE_HEIGHT_MM = 255.0
GUTTER_MM = 4.0
_COLUMNS_MOST = 3
_ROW_HEIGHT_MM = 62.0
_ALONE_WIDTH_MM = 90.0
_DERMOSCOPIC_SHARES = {1: 1.5, 2: 1.3}  # by the number of lesions: two of them fit one page
_DERMOSCOPIC_SHARE = 1.4
_BAR_LENGTHS_MM = (100, 50, 20, 10, 5, 2, 1, 0.5)
_BAR_SHARE = 0.4
_COPY_LONG_SIDE_PX = 1000
_COPY_QUALITIES = (84, 76, 68, 60)
_COPY_SCALE_STEP = 0.8
_COPY_LEAST_SIDE_PX = 200


@dataclass(frozen=True, slots=True, repr=False)
class _Shown:
    """A picture of the package as the summary shows it, and the name of its copy."""

    image: PlannedImage
    name: str
    picture: PrintedPicture
    share: float  # of its row

    @property
    def aspect(self) -> float:
        return self.picture.width / self.picture.height


class SummaryPictures:
    """The pictures of one summary: the copies to embed, and what is said of each."""

    def __init__(self, plan: PackagePlan, names: Mapping[str, str]) -> None:
        """Reduce the pictures; `names` maps operator ids to names.

        Raises StationError IMAGE_UNREADABLE or IMAGE_TOO_LARGE.
        """
        self._names = names
        lesions = len({image.lesion.id for image in plan.images})
        large = _DERMOSCOPIC_SHARES.get(lesions, _DERMOSCOPIC_SHARE)
        self._shown = [
            _Shown(
                image,
                f"picture-{number}.svg",
                _printed(image, plan.summary_picture_bytes),
                large if image.capture.shot is ShotKind.DERMOSCOPIC else 1.0,
            )
            for number, image in enumerate(plan.images, start=1)
        ]

    @property
    def copies(self) -> dict[str, PrintedPicture]:
        """Return the pictures by the names under which the template finds them."""
        return {one.name: one.picture for one in self._shown}

    def rows(self, lesion_id: str) -> list[list[dict[str, Any]]]:
        """Return a lesion's pictures for the template, up to three in a row."""
        mine = [one for one in self._shown if one.image.lesion.id == lesion_id]
        rows = [mine[at : at + _COLUMNS_MOST] for at in range(0, len(mine), _COLUMNS_MOST)]
        return [
            [self._described(one, width) for one, width in zip(row, _widths(row), strict=True)]
            for row in rows
        ]

    def large(self) -> list[dict[str, Any]]:
        """Return every picture as large as a page, for a package that is one PDF."""
        return [
            {
                "file": one.name,
                "alt": _alt(one.image),
                "width_mm": min(PAGE_WIDTH_MM, PAGE_HEIGHT_MM * one.aspect),
                "title": f"{_alt(one.image)}. {one.image.lesion.told_site}",
            }
            for one in self._shown
        ]

    def _described(self, one: _Shown, width_mm: float) -> dict[str, Any]:
        capture = one.image.capture
        return {
            "file": one.name,
            "alt": _alt(one.image),
            "width_mm": width_mm,
            "title": f"{one.image.lesion.label} {SHOT_GUIDES[capture.shot].title}",
            "light": _light(one.image),
            "bar": _bar(one.image, width_mm),
            "faults": list(_faults(one.image)),
            "notes": list(self._notes(one.image)),
        }

    def _notes(self, image: PlannedImage) -> Iterator[str]:
        copy = image.capture.derivation
        if copy is not None:
            maker = self._names.get(copy.made_by, "operator not known")
            yield copy.meaning
            yield f"Copy made {in_words(copy.made_at)} by {maker}"
        if image.shrunk:
            yield "Reduced to fit"


def _printed(image: PlannedImage, copy_bytes: int) -> PrintedPicture:
    """Return the picture reduced to at most `copy_bytes`, or as it is if that is 0."""
    shown = reduced_copy(image.data, copy_bytes) if copy_bytes else image.data
    header = probe(shown)
    return PrintedPicture(shown, header.width, header.height)


def _widths(row: Sequence[_Shown]) -> list[float]:
    """Return the width of each picture: the row is full, and no picture is too high for it."""
    if len(row) == 1:
        return [min(_ALONE_WIDTH_MM, _ROW_HEIGHT_MM * row[0].aspect)]
    room = PAGE_WIDTH_MM - (len(row) - 1) * GUTTER_MM
    shares = sum(one.share for one in row)
    return [min(room * one.share / shares, _ROW_HEIGHT_MM * one.aspect) for one in row]


def _light(image: PlannedImage) -> str:
    capture = image.capture
    light = capture.details.polarisation
    if light is not None:
        return LIGHT_WORDS[light]
    is_asked = capture.shot is ShotKind.DERMOSCOPIC
    return "polarised or not: not recorded" if is_asked else ""


def _alt(image: PlannedImage) -> str:
    """Return what a picture is, for those who do not see it: "L1 dermoscopic, polarised, good"."""
    return f"{image.label}, {quality_words(image.report)}"


def _faults(image: PlannedImage) -> Iterator[str]:
    """Yield what a reader must know of a picture that is not good."""
    capture = image.capture
    if image.report.verdict is not Verdict.GOOD:
        words = quality_words(image.report)
        yield f"{words[0].upper()}{words[1:]}"
    if image.worse:
        yield f"As taken: {quality_words(capture.report)}"
    if capture.override_reason:
        yield f"Kept because: {capture.override_reason}"


def _bar(image: PlannedImage, shown_mm: float) -> dict[str, Any] | None:
    """Return the scale bar below a calibrated picture, of a round length on the skin."""
    details = image.capture.details
    if details.mm_per_px is None:
        return None
    width_mm = details.mm_per_px * image.capture.upright_width  # on the skin
    wanted = width_mm * _BAR_SHARE
    length_mm = next((one for one in _BAR_LENGTHS_MM if one <= wanted), _BAR_LENGTHS_MM[-1])
    about = f" \u00b1 {details.scale_error:.0%}" if details.scale_error else ""
    return {"mm": shown_mm * length_mm / width_mm, "words": f"{length_mm:g} mm{about}"}


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
