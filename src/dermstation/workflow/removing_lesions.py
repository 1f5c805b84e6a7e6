"""Remove a lesion from an episode, and bring it back. Runs on the vault's thread.

Nothing is wiped: its pictures and answers stay in the vault until the wipe of the episode.
"""

from dataclasses import replace

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.vault.store import Vault
from dermstation.workflow.viewing import check_changeable, view_after_change, view_of
from dermstation.workflow.walk import EpisodeView


def remove_lesion(vault: Vault, operator: Operator, episode_id: str, lesion_id: str) -> EpisodeView:
    """Remove a lesion; the others keep their numbers.

    Raises StationError RIGHT_MISSING; STEP_NOT_ALLOWED for the only lesion, and once the package is
    made; LESION_NOT_THERE.
    """
    require(operator, Right.CAPTURE)
    if len(vault.lesions.of_episode(episode_id)) == 1:
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="only lesion", event="removed")
    return _mark(vault, operator, episode_id, lesion_id, is_removed=True)


def bring_back(vault: Vault, operator: Operator, episode_id: str, lesion_id: str) -> EpisodeView:
    """Bring a removed lesion back with everything that it had.

    Raises StationError RIGHT_MISSING, STEP_NOT_ALLOWED once the package is made, LESION_NOT_THERE.
    """
    require(operator, Right.CAPTURE)
    return _mark(vault, operator, episode_id, lesion_id, is_removed=False)


def _mark(
    vault: Vault, operator: Operator, episode_id: str, lesion_id: str, *, is_removed: bool
) -> EpisodeView:
    view = view_of(vault, episode_id)
    check_changeable(view.episode)
    listed = view.lesions if is_removed else view.removed
    lesion = next((one for one in listed if one.id == lesion_id), None)
    if lesion is None:
        raise StationError(ErrorCode.LESION_NOT_THERE)
    event = AuditEvent.LESION_REMOVED if is_removed else AuditEvent.LESION_BROUGHT_BACK
    with vault.transaction():
        vault.lesions.save(replace(lesion, is_removed=is_removed))
        vault.audit.append(event, operator_id=operator.id, episode_id=episode_id, subject=lesion_id)
    return view_after_change(vault, episode_id)
