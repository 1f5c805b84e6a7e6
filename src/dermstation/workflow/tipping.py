"""Decide who sees the tip for a shot: operators who are new to it, or have not taken it for weeks.

Runs on the vault's thread. Closing a tip counts like taking the shot: the tip comes back only after
weeks without either.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dermstation.domain.records import Operator, now
from dermstation.domain.shots import ShotKind
from dermstation.vault.store import Vault

FIRST_TIMES = 3


def is_rare(
    taken_at: Sequence[datetime], closed_at: datetime | None, at: datetime, weeks: int
) -> bool:
    """Return whether a tip is due; `taken_at` is newest first, and `weeks` of 0 means never."""
    if not weeks:
        return False
    since = at - timedelta(weeks=weeks)
    if closed_at is not None and closed_at >= since:
        return False
    return len(taken_at) < FIRST_TIMES or taken_at[0] < since


def tip_due(vault: Vault, operator: Operator, shot: ShotKind, weeks: int) -> bool:
    """Return whether an operator should see the tip for a shot."""
    taken = vault.tips.taken_at(operator.id, shot, most=FIRST_TIMES) if weeks else ()
    return is_rare(taken, vault.tips.closed_at(operator.id, shot), now(), weeks)


def close_tip(vault: Vault, operator: Operator, shot: ShotKind) -> None:
    """Remember that an operator closed the tip for a shot."""
    vault.tips.close(operator.id, shot, now())
