"""Keep the reason why a lesion has no dermoscopic picture. Runs on the vault's thread."""

from dataclasses import replace

from dermstation.domain.dermoscopy_gap import NoDermoscopy, made_gap
from dermstation.vault.store import Vault
from dermstation.workflow.viewing import check_changeable, view_after_change
from dermstation.workflow.walk import EpisodeView


def save_gap(
    vault: Vault, episode_id: str, lesion_id: str, reason: NoDermoscopy | None, note: str = ""
) -> EpisodeView:
    """Keep the reason and its note; None removes them.

    Raises StationError DERMOSCOPY_REASON_MISSING for "other" without words, TEXT_TOO_LONG,
    STEP_NOT_ALLOWED (packaged); LookupError.
    """
    gap = made_gap(reason, note) if reason is not None else None
    check_changeable(vault.episodes.get(episode_id))
    lesion = vault.lesions.get(lesion_id)
    if lesion.episode_id != episode_id:
        raise LookupError("a lesion of another episode")
    vault.lesions.save(replace(lesion, facts=replace(lesion.facts, no_dermoscopy=gap)))
    return view_after_change(vault, episode_id)
