"""What is not finished yet, asked anew of the vault: episodes, files in the clear, damage.

Plain functions on an open vault, run on the vault's thread.
"""

from dataclasses import dataclass

from dermstation.domain.records import Certificate, Package, now
from dermstation.vault.store import DamageKind, Vault
from dermstation.workflow.episodes import Unfinished, unfinished, view_of
from dermstation.workflow.packaging import (
    deadline_of,
    files_there,
    half_written,
    lies_in_the_clear,
)
from dermstation.workflow.walk import EpisodeView


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The list of unfinished episodes, and what else a person should know of."""

    lines: tuple[Unfinished, ...] = ()
    files_left: int = 0  # in the clear, of an episode wiped or a package not made
    damaged: frozenset[str] = frozenset()  # episodes whose file of pictures is gone
    overdue: int = 0  # packages that lie in the clear longer than they may


def outstanding(vault: Vault, deadline_hours: int = 24) -> Outstanding:
    """Read what is not finished; a package may lie in the clear for `deadline_hours`."""
    lines = unfinished(vault)
    left = sum(len(pending.files_left) for pending in vault.wiping.pending())
    left += sum(files_there(vault, package.id) for package in half_written(vault))
    lost = {
        damage.reference
        for damage in vault.damage
        if damage.kind is DamageKind.EPISODE_FILE_MISSING
    }
    damaged = frozenset(lost & {line.view.episode.id for line in lines})
    overdue = sum(_is_overdue(line.view.package, deadline_hours) for line in lines)
    return Outstanding(lines, left, damaged, overdue)


def _is_overdue(package: Package | None, deadline_hours: int) -> bool:
    if package is None or not lies_in_the_clear(package):
        return False
    return deadline_of(package, deadline_hours) < now()


def standing(vault: Vault, episode_id: str) -> EpisodeView | Certificate | None:
    """Find where an episode stands: to be worked on, wiped, or None while its wipe waits."""
    if any(episode.id == episode_id for episode in vault.episodes.unfinished()):
        return view_of(vault, episode_id)
    return next((one for one in vault.certificates.all() if one.episode_id == episode_id), None)
