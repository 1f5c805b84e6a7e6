"""How far an episode's pictures have come on their way to the archive, and whether it is proven.

Runs on the vault's thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.local_time import local
from dermstation.domain.outgoing import ArchiveProof, Outgoing, OutgoingState
from dermstation.domain.states import EpisodeState
from dermstation.vault.store import Vault
from dermstation.workflow.messages import message_for
from dermstation.workflow.walk import EpisodeView


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of an episode's objects are proven, wait or have failed.

    `trouble` is the last one; `next_try_at` is None if nothing has to wait.
    """

    episode_id: str
    objects: int
    proven: int
    failed: int
    trouble: StationError | None = None
    next_try_at: datetime | None = None

    @property
    def is_proven(self) -> bool:
        """Return whether the archive has all of it."""
        return self.proven == self.objects

    @property
    def words(self) -> tuple[str, ...]:
        """Return what an operator should know of it, line by line."""
        lines = [f"In the archive, read back and found equal: {self.proven} of {self.objects}."]
        if self.trouble is not None:
            said = message_for(self.trouble)
            lines.append(f"{said.what} {said.todo}")
        if self.next_try_at is not None:
            lines.append(f"The next try is at {local(self.next_try_at):%H:%M}.")
        return tuple(lines)


def standings(vault: Vault) -> tuple[Standing, ...]:
    """Return how it stands with each episode that goes to the archive, oldest first."""
    objects = vault.outgoing.all()
    episodes = dict.fromkeys(one.episode_id for one in objects)
    return tuple(_standing(one, [o for o in objects if o.episode_id == one]) for one in episodes)


def standing_of(vault: Vault, episode_id: str) -> Standing | None:
    """Return how it stands with an episode; None if it does not go to the archive."""
    wanted = _wanted(vault.outgoing.of_episode(episode_id))
    return _standing(episode_id, wanted) if wanted else None


def not_sent_of(vault: Vault) -> tuple[str, ...]:
    """List the episodes whose package is made and that do not go to the archive."""
    sent = {one.episode_id for one in vault.outgoing.all()}
    packed = (one for one in vault.episodes.unfinished() if one.state is EpisodeState.PACKAGED)
    return tuple(one.id for one in packed if one.id not in sent)


def archive_proof(vault: Vault, view: EpisodeView) -> ArchiveProof | None:
    """Return what proves that the archive has an episode's pictures as they are now.

    None if they do not go there. Raises StationError ARCHIVE_NOT_PROVEN (`proven`, `objects`).
    """
    wanted = _wanted(vault.outgoing.of_episode(view.episode.id))
    if not wanted:
        return None
    from dermstation.handover.dicom_instances import instance_uid  # noqa: PLC0415 - not at sign-in

    proven = {one.instance_uid: one.proven_at for one in wanted if one.proven_at is not None}
    needed = {one.instance_uid for one in wanted} | {
        str(instance_uid(view.patient, lesion, capture.id))
        for lesion in view.lesions
        for capture in view.packed(lesion)
    }
    if not needed <= proven.keys():
        found = len(needed & proven.keys())
        raise StationError(ErrorCode.ARCHIVE_NOT_PROVEN, proven=found, objects=len(needed))
    return ArchiveProof(wanted[-1].archive, len(needed), max(proven.values()))


def _wanted(objects: Iterable[Outgoing]) -> list[Outgoing]:
    return [one for one in objects if one.state is not OutgoingState.WITHDRAWN]


def _standing(episode_id: str, objects: list[Outgoing]) -> Standing:
    states = [one.state for one in objects]
    troubles = [StationError(ErrorCode(o.trouble), **o.facts) for o in objects if o.trouble]
    waits = [one.next_try_at for one in objects if one.next_try_at is not None]
    return Standing(
        episode_id,
        len(objects),
        states.count(OutgoingState.PROVEN),
        states.count(OutgoingState.FAILED),
        troubles[-1] if troubles else None,
        min(waits, default=None),
    )
