"""What is not finished yet, asked anew of the vault: episodes, files in the clear, damage.

Plain functions on an open vault, run on the vault's thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dermstation.domain.records import Certificate, Package, now
from dermstation.domain.states import EpisodeState
from dermstation.vault.audit import Standing
from dermstation.vault.store import DamageKind, Vault
from dermstation.workflow.episodes import Unfinished, unfinished, view_of
from dermstation.workflow.importing import copies_left
from dermstation.workflow.packaging import (
    deadline_of,
    files_there,
    half_written,
    lies_in_the_clear,
)
from dermstation.workflow.retaining import RetainedLine, retained
from dermstation.workflow.walk import EpisodeView
from dermstation.workflow.wiping import damaged_episodes


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The list of unfinished episodes, and what else a person should know of."""

    lines: tuple[Unfinished, ...] = ()
    files_left: int = 0  # in the clear, of an episode wiped or a package not made
    damaged: frozenset[str] = frozenset()  # episodes whose file of pictures is not whole
    files_aside: int = 0  # that an older copy of the index does not list
    retained: Mapping[str, RetainedLine] = field(default_factory=dict)  # by episode id
    is_old_copy: bool = False  # the index or the key files were put back from an older copy
    on_cards: int = 0  # pictures that were imported and not erased from their card
    overdue: int = 0  # packages that lie in the clear longer than they may


def outstanding(vault: Vault, deadline_hours: int = 24) -> Outstanding:
    """Read what is not finished; a package may lie in the clear for `deadline_hours`."""
    lines = unfinished(vault)
    left = sum(len(pending.files_left) for pending in vault.wiping.pending())
    left += sum(files_there(vault, package.id) for package in half_written(vault))
    lost = set(damaged_episodes(vault))
    ids = {line.view.episode.id for line in lines}
    return Outstanding(
        lines,
        left,
        damaged=frozenset(lost & ids),
        files_aside=sum(one.kind is DamageKind.FILE_KEPT_ASIDE for one in vault.damage),
        retained=retained(vault, now().astimezone().date()),
        is_old_copy=vault.standing is not Standing.AGREES,
        on_cards=sum(len(copies_left(vault, episode_id)) for episode_id in ids),
        overdue=sum(_is_overdue(line.view.package, deadline_hours) for line in lines),
    )


def _is_overdue(package: Package | None, deadline_hours: int) -> bool:
    if package is None or not lies_in_the_clear(package):
        return False
    return deadline_of(package, deadline_hours) < now()


def standing(vault: Vault, episode_id: str) -> EpisodeView | Certificate | None:
    """Find where an episode stands: to be worked on, wiped, or None while its wipe waits."""
    if any(episode.id == episode_id for episode in vault.episodes.unfinished()):
        return view_of(vault, episode_id)
    return next((one for one in vault.certificates.all() if one.episode_id == episode_id), None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a person should know of when they come and when they leave."""

    not_handed_over: int = 0
    folders_in_the_clear: tuple[str, ...] = ()
    reviews_due: int = 0
    backup_made: str = ""  # the file of a backup that was finished at the lock
    backup_failed: bool = False


def reminder(vault: Vault) -> Reminder:
    """Count what is not handed over, packages that lie in the clear, and reviews that are due."""
    episodes = vault.episodes.unfinished()
    kept = retained(vault, now().astimezone().date())
    folders = {
        package.folder
        for episode in episodes
        if episode.state is EpisodeState.PACKAGED
        for package in vault.packages.of_episode(episode.id)
        if package.verified_at is not None and files_there(vault, package.id)
    }
    due = sum(one.is_due for one in kept.values())
    return Reminder(len(episodes) - len(kept), tuple(sorted(folders)), due)
