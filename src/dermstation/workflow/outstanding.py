"""Everything unfinished, read afresh from the vault: episodes, files in the clear, damage.

Plain functions on an open vault, run on the vault's thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dermstation.domain.records import Certificate, Operator, now
from dermstation.domain.states import EpisodeState
from dermstation.vault.audit import Rollback
from dermstation.vault.reconciling import DamageKind
from dermstation.vault.store import Vault
from dermstation.workflow.package_files import (
    deadline_of,
    files_there,
    half_written,
    lies_in_the_clear,
)
from dermstation.workflow.retaining import RetainedLine, retained
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView
from dermstation.workflow.wiping import damaged_episodes
from dermstation.workflow.work_list import WorkCounts, WorkPage, WorkQuery, counted, find


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The list of unfinished episodes, and everything else that an operator should know about."""

    work: WorkPage = field(default_factory=WorkPage)
    counts: WorkCounts = field(default_factory=WorkCounts)
    files_left: int = 0  # in the clear, of an episode wiped or a package not made
    damaged: frozenset[str] = frozenset()  # episodes whose file of pictures is damaged or missing
    files_aside: int = 0  # that an older copy of the index does not list
    retained: Mapping[str, RetainedLine] = field(default_factory=dict)  # by episode id
    is_old_copy: bool = False  # the index or the key files were put back from an older copy
    is_key_file_exchanged: bool = False  # a key file was not this vault's own
    is_other_store: bool = False  # another store is at the place of the one before
    key_change_waits: bool = False  # the last step of a wipe, for room on the disk
    on_cards: int = 0  # imported pictures and their companions, not erased from their card
    overdue: int = 0  # packages that have been in the clear for longer than allowed


def outstanding(vault: Vault, operator: Operator, deadline_hours: int = 24) -> Outstanding:
    """Read everything unfinished: the first page of the work list, its counts, and the rest.

    A package may be in the clear for `deadline_hours`.
    """
    left = sum(len(pending.files_left) for pending in vault.wiping.pending())
    left += sum(files_there(vault, package.id) for package in half_written(vault))
    lost = frozenset(one for one in damaged_episodes(vault) if vault.episodes.is_unfinished(one))
    return Outstanding(
        find(vault, operator, WorkQuery()),
        counted(vault),
        left,
        damaged=lost,
        files_aside=sum(one.kind is DamageKind.FILE_KEPT_ASIDE for one in vault.damage),
        retained=retained(vault, now().astimezone().date()),
        is_old_copy=vault.rollback not in (Rollback.NONE, Rollback.VAULT_OTHER),
        is_other_store=vault.rollback is Rollback.VAULT_OTHER,
        key_change_waits=vault.key_change_waits is not None,
        is_key_file_exchanged=vault.key_files.was_exchanged(),
        on_cards=_on_cards(vault),
        overdue=_overdue(vault, deadline_hours),
    )


def _on_cards(vault: Vault) -> int:
    """Count the imported pictures of unfinished episodes, and their companions, still on a card."""
    from dermstation.workflow.importing import copies_left  # noqa: PLC0415 - not to sign in

    companions = [one for one in vault.card_files.companions_left() if one.is_certain]
    episode_ids = {one.episode_id for one in vault.card_files.left()}
    episode_ids |= {one.episode_id for one in companions}
    return sum(
        len(copies_left(vault, one)) + sum(own.episode_id == one for own in companions)
        for one in episode_ids
        if vault.episodes.is_unfinished(one)
    )


def _overdue(vault: Vault, deadline_hours: int) -> int:
    """Count the unfinished episodes whose package has been in the clear for too long."""
    newest = {one.episode_id: one for one in vault.packages.verified()}
    return sum(
        lies_in_the_clear(one)
        and deadline_of(one, deadline_hours) < now()
        and vault.episodes.is_unfinished(one.episode_id)
        for one in newest.values()
    )


def episode_or_certificate(vault: Vault, episode_id: str) -> EpisodeView | Certificate | None:
    """Return an episode, its certificate if it is wiped, or None while its wipe is unfinished."""
    if vault.episodes.is_unfinished(episode_id):
        return view_of(vault, episode_id)
    return next((one for one in vault.certificates.all() if one.episode_id == episode_id), None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Unfinished work that an operator is told about on signing in and on leaving."""

    not_handed_over: int = 0
    folders_in_the_clear: tuple[str, ...] = ()
    reviews_due: int = 0
    backup_made: str = ""  # the file of a backup that was finished at the lock
    backup_failed: bool = False


def reminder(vault: Vault) -> Reminder:
    """Return how many episodes are not handed over, packages in the clear, and reviews due."""
    kept = retained(vault, now().astimezone().date())
    folders = {
        package.folder
        for package in vault.packages.verified()
        if files_there(vault, package.id)
        and vault.episodes.is_unfinished(package.episode_id)
        and vault.episodes.get(package.episode_id).state is EpisodeState.PACKAGED
    }
    due = sum(one.is_due for one in kept.values())
    return Reminder(vault.episodes.count_unfinished() - len(kept), tuple(sorted(folders)), due)
