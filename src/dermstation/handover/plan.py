"""The plan of a package: names that say nothing about the patient, and pictures that fit.

Each file, and all of them together, stay within the destination's limits. Writes nothing; works in
memory, on the caller's thread.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.records import Capture, Lesion
from dermstation.handover.contents import PackageContents
from dermstation.handover.fitting import FittedPicture, Room, fit
from dermstation.handover.options import PackageOptions
from dermstation.handover.picture_facts import exif_words
from dermstation.handover.removal import FOLDER_PREFIX

SUMMARY_NAME = "referral-summary.pdf"
SUMMARY_DICOM_NAME = "referral-summary.dcm"
FHIR_NAME = "referral.xml"
_TOKEN_LETTERS = "bcdfghjkmnpqrstv"  # noqa: S105 - no vowels, so no words; no digits, so no dates
_TOKEN_CHARS = 10
# Upper bounds for everything except the pictures, checked by tests/unit/handover/test_plan.py.
_FONT_BYTES = 90_000  # the common letters of the embedded faces, and the page's own drawing
_LETTER_BYTES = 700  # one more letter in an embedded face; an emoji takes the most
_CHARACTER_BYTES = 3
_PICTURE_TEXT_BYTES = 1_200  # a caption and a line in the list of files
_DICOM_BYTES = 6_000  # by which a DICOM file is larger than the JPEG in it
_FHIR_BYTES = 12_000
_FHIR_LESION_BYTES = 6_000
_FHIR_FILE_BYTES = 2_600
_XML_CHARACTER_BYTES = 12  # all text is there twice, once of it for people
_SUMMARY_PICTURE_BYTES = 120_000
_SUMMARY_PICTURES_BYTES = 1_200_000


@dataclass(frozen=True, slots=True, repr=False)
class PlannedImage:
    """One picture: its name and final bytes. `shrunk` means that it was made smaller.

    `report` judges the final file; `worse` means that it is judged worse than the capture was.
    `as_stored` means that its coded picture is the one that the vault holds, byte for byte.
    """

    name: str
    label: str
    data: bytes
    lesion: Lesion
    capture: Capture
    shrunk: bool
    report: QualityReport
    worse: bool
    as_stored: bool

    @property
    def dicom_name(self) -> str:
        """Return the name of the same picture's DICOM file."""
        return self.name.removesuffix(".jpg") + ".dcm"


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """The folder's name, the pictures, and the most bytes each copy in the summary may take."""

    folder_name: str
    images: tuple[PlannedImage, ...]
    summary_picture_bytes: int
    options: PackageOptions

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the files in the order in which they are attached."""
        return file_names([image.name for image in self.images], self.options)


def folder_name(package_id: str) -> str:
    """Return the folder's name: short, random, without digits that could be read as a date."""
    letters = [_TOKEN_LETTERS[int(digit, 16)] for digit in package_id[:_TOKEN_CHARS]]
    return FOLDER_PREFIX + "".join(letters)


def image_names(captures: Sequence[tuple[Lesion, Capture]]) -> tuple[str, ...]:
    """Return the pictures' file names, in order: `L1-closeup.jpg`, then `L1-closeup-2.jpg`."""
    seen: Counter[str] = Counter()
    names = []
    for lesion, capture in captures:
        stem = f"{lesion.label}-{capture.shot.value}"
        seen[stem] += 1
        names.append(f"{stem}.jpg" if seen[stem] == 1 else f"{stem}-{seen[stem]}.jpg")
    return tuple(names)


def file_names(images: Sequence[str], options: PackageOptions) -> tuple[str, ...]:
    """Return a package's file names in order, beginning with the summary, which is read first."""
    if options.one_pdf:
        return (SUMMARY_NAME,)
    names = [SUMMARY_NAME, *images]
    if options.fhir:
        names.append(FHIR_NAME)
    if options.dicom:
        names += [name.removesuffix(".jpg") + ".dcm" for name in images]
        names.append(SUMMARY_DICOM_NAME)
    return tuple(names)


def plan_package(contents: PackageContents) -> PackagePlan:
    """Choose names and make every picture fit.

    Raises StationError PACKAGE_TOO_MANY_FILES, PACKAGE_TOO_BIG if the pictures do not fit even at
    their smallest sizes, IMAGE_UNREADABLE or IMAGE_TOO_LARGE for a capture that cannot be used.
    """
    options = contents.options
    pairs = [(one.lesion, held) for one in contents.lesions for held in one.captures]
    names = image_names([(lesion, held.capture) for lesion, held in pairs])
    _check_count(file_names(names, options), options)
    copies = _copy_bytes(len(pairs), options)
    labels = [_label(lesion, held.capture) for lesion, held in pairs]
    told = [
        partial(exif_words, label, contents.patient, held.capture)
        for label, (_, held) in zip(labels, pairs, strict=True)
    ]
    fitted = fit([held for _, held in pairs], told, _room(contents, len(pairs), copies))
    images = tuple(
        _planned(name, label, one, lesion, held.capture)
        for name, label, one, (lesion, held) in zip(names, labels, fitted, pairs, strict=True)
    )
    return PackagePlan(folder_name(contents.package_id), images, copies, options)


def _planned(
    name: str, label: str, fitted: FittedPicture, lesion: Lesion, capture: Capture
) -> PlannedImage:
    return PlannedImage(
        name,
        label,
        fitted.data,
        lesion,
        capture,
        fitted.shrunk,
        fitted.report,
        fitted.is_worse_than(capture),
        fitted.as_stored,
    )


def _check_count(names: Sequence[str], options: PackageOptions) -> None:
    most = options.limits.files_most
    if most and len(names) > most:
        raise StationError(ErrorCode.PACKAGE_TOO_MANY_FILES, files=len(names), limit=most)


def _copy_bytes(count: int, options: PackageOptions) -> int:
    """Return the most bytes for each picture's copy in the summary; 0 if it needs no copies."""
    if options.one_pdf or not count:
        return 0
    limits = options.limits
    room = min(_SUMMARY_PICTURES_BYTES, (limits.file_bytes - 2 * _FONT_BYTES) // 2)
    if limits.total_bytes:
        room = min(room, limits.total_bytes // 4)
    return min(_SUMMARY_PICTURE_BYTES, room // count)


def _room(contents: PackageContents, count: int, copy_bytes: int) -> Room:
    """Return the bytes left for the picture files after everything else."""
    options, limits = contents.options, contents.options.limits
    text_bytes = _text_bytes(contents, count)
    if options.one_pdf:
        whole = min(limits.file_bytes, limits.total_bytes or limits.file_bytes)
        return Room(max(0, whole - text_bytes), max(1, whole - text_bytes), in_pdf=True)
    file_bytes = limits.file_bytes - (_DICOM_BYTES if options.dicom else 0)
    if not limits.total_bytes:
        return Room(file_bytes)
    each_file = 2 if options.dicom else 1
    beside = text_bytes + copy_bytes * count
    if options.dicom:
        beside += beside + _DICOM_BYTES * (count + 1)
    if options.fhir:
        beside += _fhir_bytes(contents, count * each_file)
    return Room(file_bytes, max(1, (limits.total_bytes - beside) // each_file))


def _text_bytes(contents: PackageContents, count: int) -> int:
    text = _written(contents)
    letters = sum(not one.isascii() for one in set(text))
    fonts = _FONT_BYTES + letters * _LETTER_BYTES
    captions = _PICTURE_TEXT_BYTES * max(count, len(contents.lesions))
    return fonts + len(text) * _CHARACTER_BYTES + captions


def _fhir_bytes(contents: PackageContents, files: int) -> int:
    lesions = _FHIR_LESION_BYTES * len(contents.lesions)
    words = len(_written(contents)) * _XML_CHARACTER_BYTES
    return _FHIR_BYTES + lesions + _FHIR_FILE_BYTES * files + words


def _written(contents: PackageContents) -> str:
    """Return all text that people wrote."""
    consent, patient = contents.episode.consent, contents.patient
    return "".join(
        [
            contents.episode.question,
            patient.full_name,
            contents.practice_name,
            contents.referrer_words,
            2 * contents.referrer.direct_line,
            *contents.operators.values(),
            consent.no_pictures_because if consent else "",
            consent.circumstances.giver_name if consent else "",
            consent.circumstances.interpreter_name if consent else "",
            consent.circumstances.giver_role if consent else "",
            *(one.lesion.facts.safeguards.chaperone_name for one in contents.lesions),
            *(one.lesion.history_words for one in contents.lesions),
            *(2 * one.lesion.facts.opinion.words for one in contents.lesions),
            *(note for one in contents.lesions for note in one.lesion.facts.history.notes.values()),
            *(gap.words for one in contents.lesions if (gap := one.lesion.facts.no_dermoscopy)),
            *(one.override_reason or "" for one in contents.captures),
            *contents.copies_given,
            *(reason for one in contents.lesions for reason in one.left_out.values()),
        ]
    )


def _label(lesion: Lesion, capture: Capture) -> str:
    return f"{lesion.label} {picture_words(capture)}"


def picture_words(capture: Capture) -> str:
    """Return what a picture is in words: "close-up", or "close-up, marked copy"."""
    return capture.title.lower()
