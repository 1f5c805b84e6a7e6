"""Read the answers of the card reader's process, which is not trusted: a picture may own it.

Every value is checked, also against what was asked for. The bytes of a picture are hashed here, and
its headers are looked at, before they are kept. Raises MalformedMessageError for anything that the
process of ours does not answer.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermstation.camera.card.companions import MOST_COMPANIONS
from dermstation.camera.card.inspection import (
    MAX_BYTES,
    PREVIEW_PIXELS,
    THUMBNAIL_WIDTH,
    check,
)
from dermstation.camera.card.listing import MOST_LISTED, MOST_SEEN
from dermstation.camera.card.pictures import (
    CardFile,
    CardThumbnail,
    Companion,
    Companions,
    EraseOutcome,
    ExifFacts,
    Inspected,
    Listing,
)
from dermstation.camera.child_pipe import MalformedMessageError
from dermstation.camera.values import fields, items, number, one_of, parts, record, text, whole
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind

LONGEST_ANSWER = 8 * 2**20  # a list of the longest names
LONGEST_BUFFER = max(MAX_BYTES, PREVIEW_PIXELS * 3 + 2**16)
_LONGEST_PATH = 4096
_LONGEST_TEXT = 100
_MOST_FACTS = 8
_MOST_MEASURES = 64
_MOST_FILE_BYTES = 2**63
_LONGEST_SIDE = 2**16
_CODES = frozenset(one for one in ErrorCode if one.startswith(("card_", "image_")))


def raise_trouble(message: bytes) -> None:
    """Raise the StationError that an answer reports, if it reports one."""
    if not message.startswith(b'{"error"'):
        return
    said = record(message, ("error", "facts"))
    code = one_of(ErrorCode, said["error"])
    facts = said["facts"]
    if code not in _CODES or not isinstance(facts, dict) or len(facts) > _MOST_FACTS:
        raise MalformedMessageError("error")
    raise StationError(code, **{_name(key): _fact(value) for key, value in facts.items()})


def listing_of(message: bytes) -> Listing:
    """Return a listing."""
    said = record(message, ("files", "others", "not_listed", "is_whole"))
    if not isinstance(said["is_whole"], bool):
        raise MalformedMessageError("is_whole")
    return Listing(
        items(said["files"], MOST_LISTED, _file),
        whole(said["others"], 0, MOST_SEEN),
        whole(said["not_listed"], 0, MOST_SEEN),
        said["is_whole"],
    )


def thumbnail_of(message: bytes, pixels: bytes, path: str) -> CardThumbnail:
    """Return the thumbnail of the file at `path`."""
    said = record(message, ("file", "sha256", "exif", "shape"))
    small = _pixels(said["shape"], pixels, THUMBNAIL_WIDTH, THUMBNAIL_WIDTH**2)
    return CardThumbnail(
        _file_at(said["file"], path), _hash(said["sha256"]), _exif(said["exif"]), small
    )


def inspected_of(
    message: bytes, data: bytes, pixels: bytes, path: str, shot: ShotKind
) -> Inspected:
    """Return the picture at `path`, judged as a shot of this kind."""
    keys = ("file", "sha256", "width", "height", "exif", "report", "shape")
    said = record(message, keys)
    file = _file_at(said["file"], path)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        info = check(data)
    except StationError:
        raise MalformedMessageError("picture") from None
    report = _report(said["report"])
    size = (said["width"], said["height"])
    if (
        sha256 != said["sha256"]
        or len(data) != file.size_bytes
        or size != (info.width, info.height)
        or (report.shot, report.width, report.height) != (shot, *size)
    ):
        raise MalformedMessageError("another picture")
    most = PREVIEW_PIXELS + 2**14  # its sides were rounded
    shown = _pixels(said["shape"], pixels, _LONGEST_SIDE, most)
    return Inspected(file, sha256, *size, _exif(said["exif"]), report, data, shown)


def companions_of(message: bytes, pictures: Collection[str]) -> Companions:
    """Return the companions of the pictures at these paths."""
    said = record(message, ("files", "is_whole"))
    if not isinstance(said["is_whole"], bool):
        raise MalformedMessageError("is_whole")

    def companion(listed: object) -> Companion:
        file, picture, is_certain = parts(listed, 3)
        if picture not in pictures or not isinstance(is_certain, bool):
            raise MalformedMessageError("companion")
        found = Companion(_file(file), picture, is_certain)
        if found.path in pictures:
            raise MalformedMessageError("a picture is no companion")
        return found

    return Companions(items(said["files"], MOST_COMPANIONS, companion), said["is_whole"])


def outcome_of(message: bytes) -> EraseOutcome:
    """Return the outcome of an erasure."""
    return one_of(EraseOutcome, record(message, ("outcome",))["outcome"])


def _name(key: str) -> str:
    if not key.isidentifier() or key in {"self", "code"} or len(key) > _LONGEST_TEXT:
        raise MalformedMessageError("fact")
    return key


def _fact(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    return text(value, _LONGEST_TEXT) if isinstance(value, str) else number(value)


def _file(listed: object) -> CardFile:
    path, size_bytes, modified_at = parts(listed, 3)
    if not isinstance(path, str) or not 0 < len(path) <= _LONGEST_PATH:
        raise MalformedMessageError("path")
    return CardFile(path, whole(size_bytes, 0, _MOST_FILE_BYTES), _instant(modified_at))


def _file_at(listed: object, path: str) -> CardFile:
    file = _file(listed)
    if file.path != path:
        raise MalformedMessageError("another file")
    return file


def _exif(noted: object) -> ExifFacts:
    said = fields(noted, ("taken_at", "camera", "orientation"))
    orientation = whole(said["orientation"], 1, 8)  # EXIF 2.32
    return ExifFacts(_instant(said["taken_at"]), text(said["camera"], _LONGEST_TEXT), orientation)


def _instant(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(text(value, _LONGEST_TEXT))
    except ValueError:
        raise MalformedMessageError("instant") from None


def _hash(value: object) -> str:
    said = text(value, 64)
    if len(said) != 64 or not set(said) <= set("0123456789abcdef"):  # noqa: PLR2004 - hex digits
        raise MalformedMessageError("hash")
    return said


def _report(value: Any) -> QualityReport:
    try:
        report = QualityReport.from_json(value)
    except (LookupError, ValueError, TypeError, AttributeError, OverflowError):
        raise MalformedMessageError("report") from None
    number(report.elapsed_ms, least=0)
    aspects = [one.aspect for one in report.judgements]
    if not aspects or len(set(aspects)) != len(aspects):
        raise MalformedMessageError("aspects")
    for judgement in report.judgements:
        number(judgement.score, 0, 100)
        if len(judgement.measures) > _MOST_MEASURES:
            raise MalformedMessageError("measures")
        for name, measure in judgement.measures.items():
            text(name, _LONGEST_TEXT)
            number(measure)
    return report


def _pixels(shape: object, raw: bytes, longest: int, most: int) -> NDArray[np.uint8]:
    height, width, planes = (whole(side, 1, longest) for side in parts(shape, 3))
    if planes != 3 or height * width > most or len(raw) != height * width * 3:  # noqa: PLR2004 - B, G, R
        raise MalformedMessageError("shape")
    return np.frombuffer(raw, np.uint8).reshape(height, width, 3)
