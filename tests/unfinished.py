"""Every episode that is not wiped, read whole: what tests ask a vault in the middle of a walk."""

from dermstation.vault.store import Vault
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import place_of
from dermstation.workflow.work_list import WorkLine


def unfinished(vault: Vault) -> tuple[WorkLine, ...]:
    """List the episodes newest first, each with its place."""
    views = [view_of(vault, episode.id) for episode in vault.episodes.unfinished()]
    return tuple(WorkLine(view, place_of(view)) for view in views)
