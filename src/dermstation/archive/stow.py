"""Send by STOW-RS and read back by WADO-RS (DICOM PS3.18, 10.5 and 10.4).

The status of an answer says little: 200 came with nothing stored. What counts is that the answer
names exactly what was sent.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import requests
from pydicom.dataset import Dataset

from dermstation.archive.connection import ARCHIVE, ArchiveAccess
from dermstation.archive.failures import refusal
from dermstation.archive.objects import ArchiveObject
from dermstation.archive.web import http_trouble, troubles_told, web_session
from dermstation.domain.errors import ErrorCode, StationError

_JSON = "application/dicom+json"
_ANSWERS = {200, 202, 409}  # all stored, some stored, none stored: each with a list
_OK, _BAD_REQUEST = 200, 400
_ABSENT = {404, 410}
_AS_IT_LIES_THERE = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_END_OF_HEADERS = b"\r\n\r\n"
_PIECE_BYTES = 1 << 20
_AT_ONCE = 4  # objects that are read back: the server waits for its disk and index for each
_THERE_ALREADY = 0x0111  # Failure Reason, PS3.7, C: a duplicate; what is there is read back


class WebCourier:
    """The way to an archive by DICOMweb."""

    def __init__(self, access: ArchiveAccess, token: str) -> None:
        """Raise StationError ARCHIVE_NOT_SET, ARCHIVE_OWN_CERTIFICATE."""
        self._access = access
        self._session = web_session(access, token)

    def store(self, objects: Sequence[ArchiveObject]) -> dict[str, StationError]:
        """Send objects; return what the archive refused or did not confirm, by UID.

        Raises StationError as `troubles_told` does; ARCHIVE_OTHER for an answer about objects that
        were not sent.
        """
        boundary = secrets.token_hex(16)
        media = f'multipart/related; type="application/dicom"; boundary={boundary}'
        with troubles_told(self._access):
            answer = self._session.post(
                f"{self._access.address}/studies",
                data=b"".join(_parts(objects, boundary)),
                headers={"Content-Type": media, "Accept": _JSON},
            )
            if answer.status_code not in _ANSWERS:
                answer.raise_for_status()
                raise http_trouble(answer)
            told = _told(answer)
        return _unconfirmed(told, {one.uid for one in objects})

    def find(self, objects: Sequence[ArchiveObject]) -> Iterator[bytes | StationError | None]:
        """Read objects back, some at once, each in the transfer syntax in which it lies there.

        An answer that is an error or cannot be read is that object's trouble. Raises StationError
        as `troubles_told` does for an archive that cannot be reached, or answers too late.
        """
        if objects:
            with ThreadPoolExecutor(min(_AT_ONCE, len(objects)), "read-back") as readers:
                yield from readers.map(self._found, objects)

    def _found(self, one: ArchiveObject) -> bytes | StationError | None:
        study, series, uid = one.place
        place = f"{self._access.address}/studies/{study}/series/{series}/instances/{uid}"
        with (
            troubles_told(self._access),
            self._session.get(place, headers={"Accept": _AS_IT_LIES_THERE}, stream=True) as answer,
        ):
            if answer.status_code in _ABSENT:
                return None
            if answer.status_code != _OK:
                return http_trouble(answer)
            return _only_part(answer, one.most_bytes)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _parts(objects: Sequence[ArchiveObject], boundary: str) -> Iterator[bytes]:
    for one in objects:
        yield f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        yield one.data
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _only_part(answer: requests.Response, most_bytes: int) -> bytes | StationError:
    """Return the one part of a multipart answer (RFC 2046), unless it is endless or no such."""
    pieces, left = [], most_bytes
    for piece in answer.iter_content(_PIECE_BYTES):
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            break
    body = b"".join(pieces)
    named = _BOUNDARY.search(answer.headers.get("Content-Type", ""))
    mark = b"--" + (named[1] or named[2]).encode("latin-1") if named else b""
    begins = body.find(_END_OF_HEADERS, max(0, body.find(mark)))
    ends = body.rfind(b"\r\n" + mark)
    if not mark or left < 0 or not 0 <= begins < ends:
        return StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)
    return body[begins + len(_END_OF_HEADERS) : ends]


def _told(answer: requests.Response) -> Dataset:
    try:
        return Dataset.from_json(answer.json())
    except Exception:  # noqa: BLE001 - hostile JSON may make pydicom raise anything
        if answer.status_code >= _BAD_REQUEST:
            raise http_trouble(answer) from None
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE) from None


def _unconfirmed(told: Dataset, sent: set[str]) -> dict[str, StationError]:
    """Return what an answer does not say is stored, with the reason that it gives."""
    stored = {str(one.get("ReferencedSOPInstanceUID")) for one in _items(told, "ReferencedSOP")}
    failed = {
        str(one.get("ReferencedSOPInstanceUID")): int(one.get("FailureReason") or 0)
        for one in _items(told, "FailedSOP")
    }
    if not stored | failed.keys() <= sent:
        raise StationError(ErrorCode.ARCHIVE_OTHER, part="answer")
    there = stored - failed.keys()
    there |= {uid for uid, reason in failed.items() if reason == _THERE_ALREADY}
    unnamed = StationError(ErrorCode.ARCHIVE_NOT_STORED, reason="unnamed")
    return {uid: refusal(failed[uid]) if uid in failed else unnamed for uid in sent - there}


def _items(told: Dataset, name: str) -> Sequence[Dataset]:
    return told.get(f"{name}Sequence") or []
