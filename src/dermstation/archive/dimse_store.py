"""Send by C-STORE and read back by C-GET, for an archive without DICOMweb (PS3.4, annexes B, C)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pydicom.dataset import Dataset
from pynetdicom.events import Event
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelGet as _Get,
)

from dermstation.archive.connection import ARCHIVE, ArchiveAccess
from dermstation.archive.dimse import associated, format_trouble, title_trouble
from dermstation.archive.failures import refusal
from dermstation.archive.objects import ArchiveObject
from dermstation.domain.archive_place import DicomNode
from dermstation.domain.errors import ErrorCode, StationError

_SUCCESS = 0x0000
_UNABLE = range(0xC000, 0xD000)  # Orthanc's answer about an object that it does not have
_COERCED = range(0xB000, 0xC000)  # stored, and perhaps changed: what is read back decides


class DimseCourier:
    """The way to an archive by DICOM's own protocol."""

    def __init__(self, access: ArchiveAccess, node: DicomNode) -> None:
        self._access = access
        self._node = node

    def store(self, objects: Sequence[ArchiveObject]) -> dict[str, StationError]:
        """Send objects; return what the archive refused, by UID.

        Raises StationError as `associated` does, ARCHIVE_FAILED for an archive that breaks off.
        """
        contexts = list({_kind(one): _context(one) for one in objects}.values())
        refused = {}
        with associated(self._access, self._node, contexts) as association:
            taken = {
                (one.abstract_syntax, one.transfer_syntax[0])
                for one in association.accepted_contexts
            }
            for one in objects:
                if _kind(one) not in taken:
                    refused[one.uid] = format_trouble([_context(one)], ARCHIVE)
                    continue
                if not association.is_established:
                    raise StationError(ErrorCode.ARCHIVE_FAILED, partner=ARCHIVE, status="aborted")
                answer = association.send_c_store(one.dataset)
                if (trouble := _trouble(answer.get("Status"))) is not None:
                    refused[one.uid] = trouble
        return refused

    def find(self, objects: Sequence[ArchiveObject]) -> Iterator[bytes | StationError | None]:
        """Read objects back, one after another; those of one class and coding share an association.

        With two codings of a class on it, an archive could choose another one than it holds.
        Raises StationError as `associated` does, ARCHIVE_FAILED.
        """
        for _, alike in groupby(objects, _kind):
            yield from self._found(list(alike))

    def _found(self, alike: Sequence[ArchiveObject]) -> Iterator[bytes | StationError | None]:
        given: list[bytes] = []

        def keep(event: Event) -> int:
            given.append(event.encoded_dataset())
            return _SUCCESS

        contexts = [build_context(_Get), _context(alike[0])]
        with associated(self._access, self._node, contexts, on_store=keep) as association:
            if not any(c.abstract_syntax == _Get for c in association.accepted_contexts):
                raise format_trouble([build_context(_Get)], ARCHIVE)
            for one in alike:
                given.clear()
                status: int | None = None
                for answer, _ in association.send_c_get(_wanted(one), _Get):
                    status = answer.get("Status")
                if status is None and one is alike[0]:  # as by Orthanc for a title unknown to it
                    raise title_trouble(self._access, ARCHIVE)
                if status is None or not association.is_established:
                    raise StationError(ErrorCode.ARCHIVE_FAILED, partner=ARCHIVE, status="aborted")
                if given:
                    yield given[0]
                else:
                    yield None if status == _SUCCESS or status in _UNABLE else refusal(status)


def _wanted(one: ArchiveObject) -> Dataset:
    wanted = Dataset()
    wanted.QueryRetrieveLevel = "IMAGE"
    wanted.StudyInstanceUID, wanted.SeriesInstanceUID, wanted.SOPInstanceUID = one.place
    return wanted


def _kind(one: ArchiveObject) -> tuple[str, str]:
    return str(one.dataset.SOPClassUID), str(one.dataset.file_meta.TransferSyntaxUID)


def _context(one: ArchiveObject) -> PresentationContext:
    return build_context(*_kind(one))


def _trouble(status: int | None) -> StationError | None:
    if status is None:
        return StationError(ErrorCode.ARCHIVE_FAILED, partner=ARCHIVE, status="late")
    if status == _SUCCESS or status in _COERCED:
        return None
    return refusal(status)
