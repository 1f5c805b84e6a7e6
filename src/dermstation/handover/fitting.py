"""Fit the pictures of a package into the bytes that its destination allows.

A picture that fits stays as it is. The others share the remaining bytes evenly and are made
smaller, each at most down to the smallest size allowed for its shot. Works in memory, on the
caller's thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, QualityReport
from dermstation.domain.records import Capture, MediaType
from dermstation.handover.contents import CaptureContents
from dermstation.handover.jpeg import is_self_contained, with_label
from dermstation.handover.shrinking import SizeLadder
from dermstation.imaging.assessment import assess
from dermstation.imaging.codec import decode
from dermstation.imaging.colour_space import (
    decode_srgb,
    encoded,
    is_rgb_coded,
    is_srgb,
    profile_of,
)
from dermstation.imaging.orientation import UPRIGHT, upright

_PNG_AS_JPEG_QUALITY = 95
_LABEL_BYTES = 1_024  # at most what `with_label` adds

# from the report on the file, and whether it is a reduced copy, to what its label says
Describe = Callable[[QualityReport, bool], str]


@dataclass(frozen=True, slots=True, repr=False)
class FittedPicture:
    """A picture as a JPEG file. `shrunk` means that it was made smaller.

    `as_stored` means that its coded picture is the one that the vault holds, byte for byte.
    `report` judges the file: it is the capture's own report unless the picture was made smaller;
    then the smaller copy is judged anew.
    """

    data: bytes
    shrunk: bool
    report: QualityReport
    as_stored: bool = False

    def is_worse_than(self, capture: Capture) -> bool:
        """Return whether the file is judged worse than the capture was."""
        return self.report.verdict.badness > capture.report.verdict.badness


@dataclass(frozen=True, slots=True)
class Room:
    """The bytes available for pictures: in each file, and in all files together (0: no limit).

    In a room that is `in_pdf`, the colours of every picture must be sRGB: a PDF shows the numbers
    of a JPEG without asking for its profile.
    """

    file_bytes: int
    all_bytes: int = 0
    in_pdf: bool = False


def fit(
    held: Sequence[CaptureContents], told: Sequence[Describe], room: Room
) -> list[FittedPicture]:
    """Return every picture as a file that fits the room, with the label that `told` gives it.

    Raises StationError PACKAGE_TOO_BIG if the pictures do not fit even at their smallest sizes,
    IMAGE_UNREADABLE or IMAGE_TOO_LARGE for a capture that cannot be used.
    """
    usable = [_is_usable(one, room) for one in held]
    wholes = [_whole(*each, room) for each in zip(held, usable, told, strict=True)]
    copies = _Fitting(held, wholes, room).within()
    fitted = [
        FittedPicture(whole, False, one.capture.report, as_stored)
        if copy is whole
        else _reduced(copy, one.capture, describe)
        for one, copy, whole, as_stored, describe in zip(
            held, copies, wholes, usable, told, strict=True
        )
    ]
    _check([one.data for one in fitted], room)
    return fitted


def is_turned(capture: Capture) -> bool:
    """Return whether the stored pixels are not upright, so that they must be turned in a copy.

    The camera notes the turn in the EXIF, which does not leave the vault.
    """
    return capture.details.orientation not in (None, UPRIGHT)


def _reduced(copy: bytes, capture: Capture, describe: Describe) -> FittedPicture:
    report = _report(capture, copy)
    label = describe(report, True)
    labelled = with_label(copy, captured_at=capture.captured_at, label=label)
    return FittedPicture(labelled, True, report)


def _report(capture: Capture, data: bytes) -> QualityReport:
    """Judge a reduced copy."""
    found = assess(decode_srgb(data), capture.shot)
    if capture.derivation is None:
        return found
    # Marks drawn on a copy would be judged too; only the loss of sharpness is the picture's own.
    return replace(
        found,
        judgements=tuple(
            found.judgement(one.aspect) if one.aspect is Aspect.FOCUS else one
            for one in capture.report.judgements
        ),
    )


def _whole(held: CaptureContents, usable: bool, describe: Describe, room: Room) -> bytes:
    """Return the picture as a JPEG file at its full size."""
    data, capture = held.image, held.capture
    if not usable:
        profile = profile_of(data)
        if room.in_pdf:
            pixels, profile = decode_srgb(data), None
        else:
            pixels = decode(data)
        pixels = upright(pixels, capture.details.orientation)
        data = encoded(pixels, _PNG_AS_JPEG_QUALITY, profile)
    label = describe(capture.report, False)
    return with_label(data, captured_at=capture.captured_at, label=label)


def _is_usable(held: CaptureContents, room: Room) -> bool:
    """Return whether the coded picture in the vault can go into the file as it is."""
    is_jpeg = held.capture.media_type is MediaType.JPEG
    return is_jpeg and not _is_made_anew(held, room) and is_self_contained(held.image)


def _is_made_anew(held: CaptureContents, room: Room) -> bool:
    """Return whether the picture's own pixels cannot be used: they are turned, or not sRGB."""
    if is_turned(held.capture):
        return True
    profile = profile_of(held.image)
    is_other = profile is not None and not is_srgb(profile)
    return room.in_pdf and (is_other or is_rgb_coded(held.image))


class _Fitting:
    """The pictures of one package and the smaller copies made of them so far."""

    def __init__(
        self,
        held: Sequence[CaptureContents],
        wholes: Sequence[bytes],
        room: Room,
    ) -> None:
        self._room = room
        self._held = held
        self._wholes = wholes
        self._ladders: dict[int, SizeLadder] = {}

    def within(self) -> list[bytes]:
        """Return the files: small pictures stay as they are, the others share the rest evenly.

        The smaller copies have no label yet, but room for one.
        """
        fitted, room = list(self._wholes), self._room
        settled: dict[int, int] = {}  # pictures larger than their share even at their smallest size
        while True:
            pending = [index for index in range(len(fitted)) if index not in settled]
            share = room.file_bytes
            if room.all_bytes:
                left = room.all_bytes - sum(settled.values())
                share = min(share, _even_share([len(self._wholes[one]) for one in pending], left))
            for index in pending:
                fitted[index] = self._at_most(index, share)
                size = len(fitted[index])
                if fitted[index] is not self._wholes[index]:
                    size += _LABEL_BYTES
                if size > share:
                    settled[index] = size
            if all(index not in settled for index in pending):
                return fitted

    def _at_most(self, index: int, limit_bytes: int) -> bytes:
        whole, capture = self._wholes[index], self._held[index].capture
        if len(whole) <= limit_bytes:
            return whole
        if index not in self._ladders:
            held = self._held[index]
            image = whole if _is_made_anew(held, self._room) else held.image
            self._ladders[index] = SizeLadder(image, capture.shot)
        return self._ladders[index].within(limit_bytes - _LABEL_BYTES)


def _check(fitted: Sequence[bytes], room: Room) -> None:
    total, largest = sum(map(len, fitted)), max(map(len, fitted), default=0)
    if largest > room.file_bytes or (room.all_bytes and total > room.all_bytes):
        raise StationError(
            ErrorCode.PACKAGE_TOO_BIG,
            captures=len(fitted),
            size_bytes=total,
            limit=room.all_bytes or room.file_bytes,
        )


def _even_share(sizes: Sequence[int], budget_bytes: int) -> int:
    """Return the cap at which the sizes, each cut to the cap, add up to at most the budget."""
    left, ordered = budget_bytes, sorted(sizes)
    for done, size in enumerate(ordered):
        share = max(0, left) // (len(ordered) - done)
        if size > share:
            return share
        left -= size
    return max(ordered, default=0)
