"""Send by C-STORE and read back by C-GET, for an archive without DICOMweb (PS3.4, annexes B, C)."""

from collections.abc import Sequence

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

    def find(self, one: ArchiveObject) -> Dataset | None:
        """Read an object back; None if the archive does not have it.

        Raises StationError as `associated` does, ARCHIVE_FAILED.
        """
        found: list[Dataset] = []

        def keep(event: Event) -> int:
            held = event.dataset
            held.file_meta = event.file_meta
            found.append(held)
            return _SUCCESS

        wanted = Dataset()
        wanted.QueryRetrieveLevel = "IMAGE"
        wanted.StudyInstanceUID, wanted.SeriesInstanceUID, wanted.SOPInstanceUID = one.place
        contexts = [build_context(_Get), _context(one)]
        with associated(self._access, self._node, contexts, on_store=keep) as association:
            if not any(c.abstract_syntax == _Get for c in association.accepted_contexts):
                raise format_trouble([build_context(_Get)], ARCHIVE)
            status: int | None = None
            for answer, _ in association.send_c_get(wanted, _Get):
                status = answer.get("Status")
        if found:
            return found[0]
        if status is None:  # broken off, as by Orthanc for a title that it does not know
            raise title_trouble(self._access, ARCHIVE)
        if status != _SUCCESS and status not in _UNABLE:
            raise refusal(status)
        return None


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
