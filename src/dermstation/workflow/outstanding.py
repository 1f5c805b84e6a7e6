"""What is not finished yet, asked anew of the vault: episodes, files in the clear, damage.

Plain functions on an open vault, run on the vault's thread.
"""

from dataclasses import dataclass

from dermstation.domain.records import Certificate
from dermstation.vault.audit import Standing
from dermstation.vault.store import DamageKind, Vault
from dermstation.workflow.episodes import Unfinished, unfinished, view_of
from dermstation.workflow.importing import copies_left
from dermstation.workflow.packaging import files_there, half_written
from dermstation.workflow.walk import EpisodeView
from dermstation.workflow.wiping import damaged_episodes


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The list of unfinished episodes, and what else a person should know of."""

    lines: tuple[Unfinished, ...] = ()
    files_left: int = 0  # in the clear, of an episode wiped or a package not made
    damaged: frozenset[str] = frozenset()  # episodes whose file of pictures is not whole
    files_aside: int = 0  # that an older copy of the index does not list
    is_old_copy: bool = False  # the index or the key files were put back from an older copy
    on_cards: int = 0  # pictures that were imported and not erased from their card


def outstanding(vault: Vault) -> Outstanding:
    """Read what is not finished."""
    lines = unfinished(vault)
    left = sum(len(pending.files_left) for pending in vault.wiping.pending())
    left += sum(files_there(vault, package.id) for package in half_written(vault))
    lost = set(damaged_episodes(vault))
    ids = {line.view.episode.id for line in lines}
    return Outstanding(
        lines,
        left,
        damaged=frozenset(lost & ids),
        files_aside=sum(damage.kind is DamageKind.FILE_KEPT_ASIDE for damage in vault.damage),
        is_old_copy=vault.standing is not Standing.AGREES,
        on_cards=sum(len(copies_left(vault, episode_id)) for episode_id in ids),
    )


def standing(vault: Vault, episode_id: str) -> EpisodeView | Certificate | None:
    """Find where an episode stands: to be worked on, wiped, or None while its wipe waits."""
    if any(episode.id == episode_id for episode in vault.episodes.unfinished()):
        return view_of(vault, episode_id)
    return next((one for one in vault.certificates.all() if one.episode_id == episode_id), None)
