"""Whether an operator may destroy the pictures of an episode alone. Runs on the vault's thread.

Whoever may complete an episode may. Anybody else may only take back their own work that nobody
has relied on: an episode they opened, whose pictures they took, and that was never reviewed.
"""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, may, require
from dermstation.domain.states import EpisodeState
from dermstation.vault.audit import AuditFilter
from dermstation.vault.store import Vault

_EARLY = (EpisodeState.OPEN, EpisodeState.CAPTURED, EpisodeState.REVIEWED)
# A review that was voided or taken back is still in the audit, and so is a package withdrawn.
_RELIED_ON = (AuditEvent.REVIEWED, AuditEvent.PACKAGED, AuditEvent.RETAINED)


def may_wipe(vault: Vault, operator: Operator, episode_id: str) -> bool:
    """Return whether an operator may destroy the pictures of an episode without anybody else."""
    if may(operator, Right.COMPLETE):
        return True
    return may(operator, Right.CAPTURE) and _is_own(vault, operator, episode_id)


def require_wipe(vault: Vault, operator: Operator, episode_id: str) -> None:
    """Raise StationError RIGHT_MISSING unless `may_wipe`."""
    require(operator, Right.CAPTURE)
    if not may_wipe(vault, operator, episode_id):
        require(operator, Right.COMPLETE)


def _is_own(vault: Vault, operator: Operator, episode_id: str) -> bool:
    episode = vault.episodes.get(episode_id)
    if episode.opened_by != operator.id or episode.state not in _EARLY:
        return False
    relied_on = AuditFilter(events=_RELIED_ON, episode_id=episode_id)
    if vault.audit.entries(relied_on, most=1):
        return False
    takers = {one.captured_by for one in vault.captures.of_episode(episode_id)}
    makers = {
        one.derivation.made_by
        for one in vault.captures.copies_of_episode(episode_id)
        if one.derivation is not None
    }
    return takers | makers <= {operator.id}
