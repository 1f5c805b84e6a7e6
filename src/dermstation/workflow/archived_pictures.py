"""Earlier pictures of a lesion that the archive holds, to compare with. In memory alone.

They are fetched when a lesion is looked at, and forgotten with the page: nothing of them is written
to this PC, so there is nothing to wipe. Runs on a thread of its own.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dermstation.domain.records import Capture, CaptureDetails, CaptureOrigin, Lesion, MediaType
from dermstation.domain.records import now as this_moment
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.codec import Bgr
from dermstation.imaging.colour_space import decode_srgb
from dermstation.security.keystore import Keystore
from dermstation.settings import Settings
from dermstation.workflow.picture_review import Earlier
from dermstation.workflow.walk import EpisodeView

if TYPE_CHECKING:
    from dermstation.archive.finding import ArchivedPicture

MOST_FETCHED = 4  # of a lesion and a shot, the newest
_REDUCED = 2
_PNG = b"\x89PNG"


@dataclass(frozen=True, slots=True)
class LesionShot:
    """The lesion and the shot for which earlier pictures are wanted."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind


@dataclass(frozen=True, slots=True)
class Fetched:
    """A picture of an earlier visit, with its bytes."""

    earlier: Earlier
    image: bytes = field(repr=False)


def is_offered(settings: Settings) -> bool:
    """Return whether there is an archive that can be asked, and patients whom it may know."""
    return bool(settings.archive_address) and not settings.demo_mode


def fetch_earlier(
    settings: Settings, keystore: Keystore | None, wanted: LesionShot
) -> tuple[Fetched, ...]:
    """Fetch the newest pictures of a lesion from other visits, with their quality measured.

    Raises StationError ARCHIVE_*, IMAGE_UNREADABLE, IMAGE_TOO_LARGE, KEYSTORE_FAILED.
    """
    fetched = _images(settings, keystore, wanted, MOST_FETCHED)
    return tuple(_fetched(one, image, wanted) for one, image in fetched)


def newest_pixels(settings: Settings, keystore: Keystore | None, wanted: LesionShot) -> Bgr | None:
    """Return the newest of these pictures, made smaller, to be laid over the live one.

    None if there is none. Raises StationError as `fetch_earlier` does.
    """
    for _, image in _images(settings, keystore, wanted, 1):
        return decode_srgb(image, _REDUCED)
    return None


def _images(
    settings: Settings, keystore: Keystore | None, wanted: LesionShot, most: int
) -> "Iterator[tuple[ArchivedPicture, bytes]]":
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - slow to import
    from dermstation.archive.finding import fetch_picture, find_pictures  # noqa: PLC0415
    from dermstation.archive.token import find_token  # noqa: PLC0415

    access = access_of(settings)
    token = find_token(keystore, access.address)
    patient = wanted.view.patient
    number = patient.nhs_number.digits
    found = find_pictures(access, token, number, patient.born_on)
    for one in earlier_of(found, wanted)[:most]:
        yield one, fetch_picture(access, token, number, one)


def earlier_of(found: "Sequence[ArchivedPicture]", wanted: LesionShot) -> "list[ArchivedPicture]":
    """Return which pictures show this lesion at another visit, taken in the same way.

    A picture that another one was made of is left out: that one is turned, marked or covered.
    """
    from dermstation.handover.dicom import laterality  # noqa: PLC0415 - slow to import
    from dermstation.handover.dicom_study import derived_uid  # noqa: PLC0415

    lesion = wanted.lesion
    this_visit = derived_uid("study", wanted.view.episode.id)
    of_lesion = (derived_uid("lesion", lesion.id), lesion.site_code, laterality(lesion))
    used = {source for one in found for source in one.sources}
    return [
        one
        for one in found
        if one.study != this_visit
        and one.uid not in used
        and one.is_dermoscopic is (wanted.shot is ShotKind.DERMOSCOPIC)
        and one.is_of_lesion(*of_lesion)
    ]


def _fetched(one: "ArchivedPicture", image: bytes, wanted: LesionShot) -> Fetched:
    pixels = decode_srgb(image)
    lesion, shot = wanted.lesion, wanted.shot
    height, width = pixels.shape[:2]
    capture = Capture(
        id=one.uid,
        episode_id=wanted.view.episode.id,
        lesion_id=lesion.id,
        shot=shot,
        sha256=hashlib.sha256(image).hexdigest(),
        media_type=MediaType.PNG if image.startswith(_PNG) else MediaType.JPEG,
        size_bytes=len(image),
        width=width,
        height=height,
        captured_at=one.taken_at or this_moment(),
        captured_by="",
        camera="",
        report=assess(pixels, shot),
        details=CaptureDetails(origin=CaptureOrigin.CARD),
    )
    return Fetched(Earlier(capture, lesion, False, True, is_archived=True), image)
