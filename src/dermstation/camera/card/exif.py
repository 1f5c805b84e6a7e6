"""Read what the camera wrote about a picture: when, with which camera, which way up.

Trusts nothing: anything that does not parse, is out of bounds or makes the parser warn counts as
unknown. Runs in the reader's process.
"""

import warnings
from datetime import datetime, timedelta, timezone

from PIL import Image
from PIL.ExifTags import IFD, Base

from dermstation.camera.card.pictures import ExifFacts
from dermstation.imaging.jpeg_segments import HEADER_BYTES, header_segments
from dermstation.imaging.orientation import UPRIGHT, is_orientation

_APP1 = 0xE1
_SIGNATURE = b"Exif\0\0"
_LONGEST_NAME = 60
_MOST_OFFSET = timedelta(hours=14)


def read_exif(data: bytes) -> ExifFacts:
    """Return the EXIF facts of a JPEG; what is missing is left out, damaged EXIF gives none."""
    try:
        block = next(
            data[begin + HEADER_BYTES : end]
            for marker, begin, end in header_segments(data)
            if marker == _APP1 and data.startswith(_SIGNATURE, begin + HEADER_BYTES)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exif = Image.Exif()
            exif.load(block)
            inner = exif.get_ifd(IFD.Exif)
            return ExifFacts(
                _taken_at(inner.get(Base.DateTimeOriginal), inner.get(Base.OffsetTimeOriginal)),
                _camera(exif.get(Base.Make), exif.get(Base.Model)),
                _orientation(exif.get(Base.Orientation)),
            )
    except (
        StopIteration,
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        LookupError,
        ArithmeticError,
        RuntimeError,
        Warning,
    ):
        return ExifFacts()


def _taken_at(text: object, offset: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        taken = datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - local
    except ValueError:
        return None
    zone = _zone(offset)
    return taken if zone is None else taken.replace(tzinfo=zone)


def _zone(offset: object) -> timezone | None:
    if not isinstance(offset, str):
        return None
    try:
        sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[4:6])
    except (ValueError, IndexError):
        return None
    away = timedelta(hours=hours, minutes=minutes)
    if sign not in "+-" or offset[3] != ":" or away > _MOST_OFFSET:
        return None
    return timezone(away if sign == "+" else -away)


def _camera(make: object, model: object) -> str:
    """Return the camera's name; the model often begins with the maker already."""
    maker, name = _plain(make), _plain(model)
    both = name if name.lower().startswith(maker.lower()) else f"{maker} {name}"
    return both.strip()[:_LONGEST_NAME]


def _plain(text: object) -> str:
    if not isinstance(text, str):
        return ""
    return "".join(sign for sign in text if sign.isascii() and sign.isprintable()).strip()


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and is_orientation(value) else UPRIGHT
