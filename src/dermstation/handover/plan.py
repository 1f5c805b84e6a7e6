"""The plan of a package: names that say nothing of the patient, and pictures that fit.

Every file, and all of them together, keep within what e-RS takes. Writes nothing; works in memory
on the caller's thread.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, Lesion, MediaType
from dermstation.domain.shots import SHOT_GUIDES
from dermstation.handover.contents import CaptureContents, PackageContents
from dermstation.handover.jpeg import is_self_contained, with_label
from dermstation.handover.shrinking import SizeLadder
from dermstation.imaging.codec import decode, encode_jpeg

LIMIT_BYTES = 5_242_880  # e-RS: 5 MB a file; GP systems that take 5 MB in all set the total
SUMMARY_NAME = "referral-summary.pdf"
FOLDER_PREFIX = "referral-"
_TOKEN_LETTERS = "bcdfghjkmnpqrstv"  # noqa: S105 - no vowels: no words; no digits: no dates
_TOKEN_CHARS = 10
_PNG_AS_JPEG_QUALITY = 95
_SUMMARY_TEXT_BYTES = 260_000  # text and embedded fonts
_SUMMARY_PICTURE_BYTES = 120_000
_SUMMARY_PICTURES_BYTES = 1_200_000
_LABEL_BYTES = 512  # at most what `with_label` adds


@dataclass(frozen=True, slots=True, repr=False)
class PlannedImage:
    """One picture file: its name and final bytes. `shrunk` tells that pixels were given up."""

    name: str
    label: str
    data: bytes
    lesion: Lesion
    capture: Capture
    shrunk: bool


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """The folder's name, its picture files, and how much the summary's pictures may take."""

    folder_name: str
    images: tuple[PlannedImage, ...]
    summary_picture_bytes: int


def folder_name(package_id: str) -> str:
    """Name the package's folder: short, random, without digits that could read as a date."""
    letters = [_TOKEN_LETTERS[int(digit, 16)] for digit in package_id[:_TOKEN_CHARS]]
    return FOLDER_PREFIX + "".join(letters)


def image_names(captures: Sequence[tuple[Lesion, Capture]]) -> tuple[str, ...]:
    """Name the picture files, in order: `L1-closeup.jpg`, and `L1-closeup-2.jpg` for a second."""
    seen: Counter[str] = Counter()
    names = []
    for lesion, capture in captures:
        stem = f"{lesion.label}-{capture.shot.value}"
        seen[stem] += 1
        names.append(f"{stem}.jpg" if seen[stem] == 1 else f"{stem}-{seen[stem]}.jpg")
    return tuple(names)


def plan_package(contents: PackageContents) -> PackagePlan:
    """Choose names and make every picture fit.

    Raises StationError PACKAGE_TOO_BIG where the pictures cannot fit at their least sizes, and
    IMAGE_UNREADABLE or IMAGE_TOO_LARGE for a capture that cannot be used.
    """
    pairs = [(one.lesion, held) for one in contents.lesions for held in one.captures]
    names = image_names([(lesion, held.capture) for lesion, held in pairs])
    picture_bytes = min(_SUMMARY_PICTURE_BYTES, _SUMMARY_PICTURES_BYTES // max(1, len(pairs)))
    summary_bytes = _SUMMARY_TEXT_BYTES + picture_bytes * len(pairs)
    labels = [_label(lesion, held.capture) for lesion, held in pairs]
    files = [_whole(held, label) for (_, held), label in zip(pairs, labels, strict=True)]
    fitted = _fit(pairs, labels, files, LIMIT_BYTES - summary_bytes)
    images = tuple(
        PlannedImage(name, label, data, lesion, held.capture, data is not whole)
        for name, label, data, whole, (lesion, held) in zip(
            names, labels, fitted, files, pairs, strict=True
        )
    )
    return PackagePlan(folder_name(contents.package_id), images, picture_bytes)


def _label(lesion: Lesion, capture: Capture) -> str:
    return f"{lesion.label} {SHOT_GUIDES[capture.shot].title.lower()}"


def _whole(held: CaptureContents, label: str) -> bytes:
    """Give the picture as a JPEG file with nothing given up."""
    data = held.image
    if held.capture.media_type is not MediaType.JPEG or not is_self_contained(data):
        data = encode_jpeg(decode(data), _PNG_AS_JPEG_QUALITY)
    return with_label(data, captured_at=held.capture.captured_at, label=label)


def _fit(
    pairs: Sequence[tuple[Lesion, CaptureContents]],
    labels: Sequence[str],
    files: Sequence[bytes],
    budget_bytes: int,
) -> list[bytes]:
    """Bring files within the budget: small ones stay, the others share the rest evenly."""
    ladders: dict[int, SizeLadder] = {}
    fitted = list(files)
    settled: dict[int, int] = {}  # pictures at their least size that is over their share
    while True:
        left = budget_bytes - sum(settled.values())
        pending = [index for index in range(len(files)) if index not in settled]
        share = _even_share([len(files[index]) for index in pending], left)
        stuck = False
        for index in pending:
            fitted[index] = files[index]
            if len(files[index]) <= share:
                continue
            capture = pairs[index][1].capture
            ladder = ladders.setdefault(index, SizeLadder(pairs[index][1].image, capture.shot))
            fitted[index] = with_label(
                ladder.within(share - _LABEL_BYTES),
                captured_at=capture.captured_at,
                label=labels[index],
            )
            if len(fitted[index]) > share:
                settled[index] = len(fitted[index])
                stuck = True
        if not stuck:
            break
    total = sum(map(len, fitted))
    if total > budget_bytes:
        raise StationError(
            ErrorCode.PACKAGE_TOO_BIG, captures=len(files), size_bytes=total, limit=budget_bytes
        )
    return fitted


def _even_share(sizes: Sequence[int], budget_bytes: int) -> int:
    """Find the cap that brings the sum of sizes, each cut at the cap, within the budget."""
    left, ordered = budget_bytes, sorted(sizes)
    for done, size in enumerate(ordered):
        share = max(0, left) // (len(ordered) - done)
        if size > share:
            return share
        left -= size
    return LIMIT_BYTES
