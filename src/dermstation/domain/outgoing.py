"""What is on its way to the image archive: its states, and when it is tried again. Pure."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dermstation.domain.errors import ErrorCode

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=1)
_MOST_DOUBLINGS = 8  # more than that is longer than the longest wait


class OutgoingState(StrEnum):
    """How far an object has come."""

    QUEUED = "queued"  # not sent yet, or refused for a reason that may pass
    SENT = "sent"  # perhaps in the archive; nothing was read back yet
    PROVEN = "proven"  # read back and found equal
    FAILED = "failed"  # trying again by itself would not help
    WITHDRAWN = "withdrawn"  # its package was; kept to know the object again


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One DICOM object on its way to the archive.

    `datasets` are the hashes of everything that was sent under its UID: the archive keeps what
    came first. `trouble` and `facts` are those of the last failure.
    """

    instance_uid: str
    episode_id: str
    capture_id: str
    state: OutgoingState
    queued_at: datetime
    pixels_sha256: str
    datasets: tuple[str, ...] = ()
    tries: int = 0
    next_try_at: datetime | None = None
    trouble: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    proven_at: datetime | None = None
    archive: str = ""  # the host that gave it back

    @property
    def was_sent(self) -> bool:
        """Return whether the archive may have it already."""
        return bool(self.datasets)


@dataclass(frozen=True, slots=True)
class ArchiveProof:
    """What proved that an archive has an episode's pictures: each was read back, and was equal."""

    archive: str  # its host
    objects: int
    proven_at: datetime  # the last of them


# An archive that answers so will answer so again until somebody has done something.
_FOR_GOOD = frozenset(
    {
        ErrorCode.ARCHIVE_DIFFERS,
        ErrorCode.ARCHIVE_OTHER,
        ErrorCode.ARCHIVE_FORMAT,
    }
)


def is_for_good(code: ErrorCode) -> bool:
    """Return whether trying again by itself would not help."""
    return code in _FOR_GOOD


def next_try(tries: int, at: datetime) -> datetime:
    """Return when to try again after `tries` failures: each time twice as long, up to an hour.

    Up to half of the wait is left to chance, or all stations would come at once when a server is
    back.
    """
    doublings = min(tries - 1, _MOST_DOUBLINGS)
    wait = min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
    share = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    return at + wait * share
