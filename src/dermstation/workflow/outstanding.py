"""What is not finished yet, asked anew of the vault: episodes, files in the clear, damage.

Plain functions on an open vault, run on the vault's thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dermstation.domain.records import Certificate, now
from dermstation.domain.states import EpisodeState
from dermstation.vault.audit import Standing
from dermstation.vault.store import DamageKind, Vault
from dermstation.workflow.episodes import Unfinished, unfinished, view_of
from dermstation.workflow.packaging import files_there, half_written
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


def outstanding(vault: Vault) -> Outstanding:
    """Read what is not finished."""
    lines = unfinished(vault)
    left = sum(len(pending.files_left) for pending in vault.wiping.pending())
    left += sum(files_there(vault, package.id) for package in half_written(vault))
    lost = set(damaged_episodes(vault))
    aside = sum(damage.kind is DamageKind.FILE_KEPT_ASIDE for damage in vault.damage)
    return Outstanding(
        lines,
        left,
        frozenset(lost & {line.view.episode.id for line in lines}),
        aside,
        retained(vault, now().astimezone().date()),
        vault.standing is not Standing.AGREES,
    )


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


def reminder(vault: Vault) -> Reminder:
    """Count what is not handed over, packages that lie in the clear, and reviews that are due."""
    lines = unfinished(vault)
    kept = retained(vault, now().astimezone().date())
    packed = [line.view for line in lines if line.view.episode.state is EpisodeState.PACKAGED]
    folders = {
        view.package.folder
        for view in packed
        if view.package is not None and files_there(vault, view.package.id)
    }
    due = sum(one.is_due for one in kept.values())
    return Reminder(len(lines) - len(kept), tuple(sorted(folders)), due)
