"""Give objects to an archive, and believe nothing that it says of them until they are read back.

An archive may answer "stored" and have nothing (its database is down), or have something else
under the same UID (archives keep what came first). So each object is read back and compared; an
object that may have arrived earlier is asked for first. Knows no vault; runs on any thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from dermstation.archive.objects import ArchiveObject
from dermstation.domain.errors import ErrorCode, StationError

_BATCH_BYTES = 16 << 20  # of one request: what is lost if the link is cut
_BATCH_OBJECTS = 32


class Courier(Protocol):
    """A way to an archive: DICOMweb, or DICOM's own protocol."""

    def store(self, objects: Sequence[ArchiveObject]) -> dict[str, StationError]:
        """Send objects; return what the archive refused or did not confirm, by UID.

        Raises StationError for what concerns all of them, such as an archive that is away.
        """
        ...

    def find(self, objects: Sequence[ArchiveObject]) -> Iterator[bytes | StationError | None]:
        """Read objects back: yield each file, or its own trouble, or None if it is not there.

        Raises StationError for what concerns all of them.
        """
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one object: read back and equal if there is no `trouble`."""

    uid: str
    trouble: StationError | None = None


def deliver(courier: Courier, objects: Sequence[ArchiveObject]) -> Iterator[Delivered]:
    """Send what the archive does not have, and yield the outcome of each object.

    A trouble that concerns all of them ends it: the objects that are left have that trouble.
    """
    left = {one.uid: one for one in objects}
    try:
        for batch in _batches(objects):
            for done in _delivered(courier, batch):
                del left[done.uid]
                yield done
    except StationError as trouble:
        for uid in left:
            yield Delivered(uid, trouble)


def _delivered(courier: Courier, batch: Sequence[ArchiveObject]) -> Iterator[Delivered]:
    missing = [one for one in batch if not one.known]
    known = [one for one in batch if one.known]
    for one, found in zip(known, courier.find(known), strict=True):
        if found is None:
            missing.append(one)
        else:
            yield Delivered(one.uid, _trouble(one, found))
    refused = courier.store(missing) if missing else {}
    yield from (Delivered(uid, trouble) for uid, trouble in refused.items())
    stored = [one for one in missing if one.uid not in refused]
    for one, found in zip(stored, courier.find(stored), strict=True):
        yield Delivered(one.uid, _trouble(one, found))


def _trouble(one: ArchiveObject, found: bytes | StationError | None) -> StationError | None:
    """Return what is wrong with an object that was read back; None if it is equal."""
    if found is None:
        return StationError(ErrorCode.ARCHIVE_NOT_STORED, reason="absent")
    if isinstance(found, StationError):
        return found
    try:
        one.check(found)
    except StationError as trouble:
        return trouble
    return None


def _batches(objects: Sequence[ArchiveObject]) -> Iterator[Sequence[ArchiveObject]]:
    batch: list[ArchiveObject] = []
    for one in objects:
        total = sum(len(other.data) for other in batch) + len(one.data)
        if batch and (total > _BATCH_BYTES or len(batch) == _BATCH_OBJECTS):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch
