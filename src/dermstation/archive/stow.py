"""Send by STOW-RS and read back by WADO-RS (DICOM PS3.18, 10.5 and 10.4).

The status of an answer says little: 200 came with nothing stored. What counts is that the answer
names exactly what was sent.
"""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import requests
from pydicom.dataset import Dataset

from dermstation.archive.connection import ARCHIVE, ArchiveAccess
from dermstation.archive.failures import refusal
from dermstation.archive.objects import ArchiveObject
from dermstation.archive.web import dicom_web, http_trouble, troubles_told, web_session
from dermstation.domain.errors import ErrorCode, StationError

_JSON = "application/dicom+json"
_ANSWERS = {200, 202, 409}  # all stored, some stored, none stored: each with a list
_BAD_REQUEST = 400
_ABSENT = {404, 410}
_AS_IT_LIES_THERE = (("application/dicom", "*"),)  # in whatever transfer syntax
_AT_ONCE = 4  # objects that are read back: the server waits for its disk and index for each
_THERE_ALREADY = 0x0111  # Failure Reason, PS3.7, C: a duplicate; what is there is read back


class WebCourier:
    """The way to an archive by DICOMweb."""

    def __init__(self, access: ArchiveAccess, token: str) -> None:
        """Raise StationError ARCHIVE_NOT_SET, ARCHIVE_OWN_CERTIFICATE."""
        self._access = access
        self._session = web_session(access, token)
        self._services = dicom_web(access, self._session)

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

    def find(self, objects: Sequence[ArchiveObject]) -> Iterator[Dataset | StationError | None]:
        """Read objects back, some at once, each in the transfer syntax in which it lies there.

        An answer that is an error or cannot be read is that object's trouble. Raises StationError
        as `troubles_told` does for an archive that cannot be reached, or answers too late.
        """
        if objects:
            with ThreadPoolExecutor(min(_AT_ONCE, len(objects)), "read-back") as readers:
                yield from readers.map(self._found, objects)

    def _found(self, one: ArchiveObject) -> Dataset | StationError | None:
        with troubles_told(self._access):
            try:
                return self._services.retrieve_instance(*one.place, media_types=_AS_IT_LIES_THERE)
            except requests.HTTPError as error:
                if error.response is not None and error.response.status_code in _ABSENT:
                    return None
                return http_trouble(error.response)
            except requests.RequestException:
                raise
            except Exception:  # noqa: BLE001 - hostile bytes may make pydicom raise anything
                return StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _parts(objects: Sequence[ArchiveObject], boundary: str) -> Iterator[bytes]:
    for one in objects:
        yield f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        yield one.data
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


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
