"""Keep an episode on this PC for a continuing clinical need, with a reason, owner and review date.

Runs on the vault's thread. A retained episode is listed until somebody continues or wipes it. Its
package, which would stay in the clear, is withdrawn first.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, now
from dermstation.domain.rights import Right, may, require
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.domain.text_limits import REASON_MAX_CHARS, check_length
from dermstation.vault.retentions import Retention
from dermstation.vault.store import Vault
from dermstation.workflow.package_files import withdraw_package
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView

LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class RetainedLine:
    """A retained episode: its reason, its owner, and whether its review is due."""

    retention: Retention
    owner_name: str
    is_due: bool


def retain(
    vault: Vault,
    operator: Operator,
    episode_id: str,
    *,
    reason: str,
    owner_id: str,
    review_on: date,
    today: date,
) -> EpisodeView:
    """Keep an episode. `operator` decides this; the owner looks after it until the review.

    Raises StationError: RIGHT_MISSING, RETAIN_REASON_MISSING, TEXT_TOO_LONG, REVIEW_DATE_FORMAT,
    STEP_NOT_ALLOWED, WIPE_INCOMPLETE (a file of the package cannot be removed).
    """
    require(operator, Right.COMPLETE)
    reason = " ".join(reason.split())
    if not reason:
        raise StationError(ErrorCode.RETAIN_REASON_MISSING)
    check_length(reason, REASON_MAX_CHARS)
    if not today < review_on <= today + timedelta(days=LONGEST_DAYS):
        raise StationError(ErrorCode.REVIEW_DATE_FORMAT, days=LONGEST_DAYS)
    vault.operators.get(owner_id)
    if vault.episodes.get(episode_id).state is EpisodeState.PACKAGED:
        withdraw_package(vault, operator, episode_id)
    with vault.transaction():
        vault.episodes.change_state(episode_id, EpisodeEvent.RETAINED)
        vault.retentions.save(
            Retention(episode_id, reason, owner_id, review_on, now(), operator.id)
        )
    return view_of(vault, episode_id)


def possible_owners(vault: Vault, operator: Operator) -> tuple[Operator, ...]:
    """List the operators who may own a retained episode. Raises StationError RIGHT_MISSING."""
    require(operator, Right.COMPLETE)
    return tuple(one for one in vault.operators.present() if may(one, Right.COMPLETE))


def take_up(vault: Vault, operator: Operator, episode_id: str) -> EpisodeView:
    """Continue a retained episode. Raises StationError RIGHT_MISSING, STEP_NOT_ALLOWED."""
    require(operator, Right.COMPLETE)
    with vault.transaction():
        vault.episodes.change_state(episode_id, EpisodeEvent.REOPENED)
        vault.retentions.drop(episode_id)
    return view_of(vault, episode_id)


def retained(vault: Vault, today: date) -> dict[str, RetainedLine]:
    """Return each retained episode's line by episode id."""
    names = {one.id: one.name for one in vault.operators.all()}
    return {
        one.episode_id: RetainedLine(one, names.get(one.owner_id, ""), one.review_on <= today)
        for one in vault.retentions.all()
    }
