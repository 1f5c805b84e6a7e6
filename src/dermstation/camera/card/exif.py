"""Read what the camera wrote about a picture: when, with which camera, which way up.

Trusts nothing: a tag that is damaged, out of bounds or without sense counts as unknown, and costs
no other tag. Runs in the reader's process.
"""

from datetime import datetime, timedelta, timezone

from dermstation.camera.card.pictures import ExifFacts
from dermstation.imaging.exif import Directory, Exif, Tag, exif_of
from dermstation.imaging.orientation import UPRIGHT, is_orientation

_LONGEST_NAME = 60
_MOST_OFFSET = timedelta(hours=14)
# of a camera the two are the same instant: the second helps if the first is damaged
_TIMES = ((Tag.TAKEN, Tag.TAKEN_OFFSET), (Tag.DIGITISED, Tag.DIGITISED_OFFSET))


def read_exif(data: bytes) -> ExifFacts:
    """Return the EXIF facts of a JPEG; whatever is missing or damaged is left out by itself."""
    exif = exif_of(data)
    return ExifFacts(
        _taken(exif),
        _camera(exif.text(Directory.PICTURE, Tag.MAKE), exif.text(Directory.PICTURE, Tag.MODEL)),
        _orientation(exif.number(Directory.PICTURE, Tag.ORIENTATION)),
    )


def _taken(exif: Exif) -> datetime | None:
    for time, offset in _TIMES:
        taken = _taken_at(exif.text(Directory.EXIF, time), exif.text(Directory.EXIF, offset))
        if taken is not None:
            return taken
    return None


def _taken_at(text: str | None, offset: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        taken = datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - local
    except ValueError:
        return None
    zone = _zone(offset)
    return taken if zone is None else taken.replace(tzinfo=zone)


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    try:
        sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[4:6])
    except (ValueError, IndexError):
        return None
    away = timedelta(hours=hours, minutes=minutes)
    if sign not in "+-" or offset[3] != ":" or away > _MOST_OFFSET:
        return None
    return timezone(away if sign == "+" else -away)


def _camera(make: str | None, model: str | None) -> str:
    """Return the camera's name; the model often begins with the maker already."""
    maker, name = _plain(make), _plain(model)
    both = name if name.lower().startswith(maker.lower()) else f"{maker} {name}"
    return both.strip()[:_LONGEST_NAME]


def _plain(text: str | None) -> str:
    return "".join(sign for sign in text or "" if sign.isascii() and sign.isprintable()).strip()


def _orientation(value: int | None) -> int:
    return value if value is not None and is_orientation(value) else UPRIGHT
