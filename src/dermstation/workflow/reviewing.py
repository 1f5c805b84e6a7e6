"""Send an episode for review, and record a clinician's review of it with name and time.

Plain functions on an open vault, run on the vault's thread.
"""

from dataclasses import dataclass

from dermstation.domain.records import Operator, Review, now
from dermstation.domain.rights import Right, require
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.handover.uk_time import in_words
from dermstation.vault.store import Vault
from dermstation.workflow.episodes import finish_pictures
from dermstation.workflow.review_policy import content_of, is_reviewed
from dermstation.workflow.viewing import check_changeable, view_of, void_review
from dermstation.workflow.walk import EpisodeView

_NOT_KNOWN = "an operator who is not known"


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """The review of an episode as it is now; `words` say who reviewed it or sent it for review."""

    is_reviewed: bool = False
    words: str = ""


def review_status(vault: Vault, episode_id: str) -> ReviewStatus:
    """Return whether an episode is reviewed as it is now and by whom, or who sent it for review."""
    view = view_of(vault, episode_id)
    names = {one.id: one.name for one in vault.operators.all()}
    if view.review is not None and is_reviewed(view):
        name = names.get(view.review.reviewed_by, _NOT_KNOWN)
        return ReviewStatus(True, f"Reviewed by {name}, {in_words(view.review.reviewed_at)}.")
    if view.review_asked is not None:
        name = names.get(view.review_asked.asked_by, _NOT_KNOWN)
        asked = in_words(view.review_asked.asked_at)
        return ReviewStatus(words=f"Sent for review by {name}, {asked}.")
    return ReviewStatus()


def ask_for_review(vault: Vault, operator: Operator, episode_id: str) -> EpisodeView:
    """Send an episode for review, unless it is reviewed: it is then in the clinicians' list."""
    view = finish_pictures(vault, episode_id)
    if view.episode.state is EpisodeState.CAPTURED:
        vault.reviews.ask(episode_id, operator.id)
    return view_of(vault, episode_id)


def review(vault: Vault, operator: Operator, episode_id: str) -> EpisodeView:
    """Record that an operator has looked through the episode as it is now.

    Raises StationError RIGHT_MISSING; STEP_NOT_ALLOWED unless its pictures are finished and no
    package is made.
    """
    require(operator, Right.REVIEW)
    view = finish_pictures(vault, episode_id)
    with vault.transaction():
        if view.episode.state is not EpisodeState.REVIEWED:
            vault.episodes.change_state(episode_id, EpisodeEvent.REVIEWED)
        vault.reviews.save(episode_id, Review(now(), operator.id, content_of(view)))
    return view_of(vault, episode_id)


def take_back_review(vault: Vault, operator: Operator, episode_id: str) -> EpisodeView:
    """Take a review back, so that the episode needs one again.

    Raises StationError RIGHT_MISSING, STEP_NOT_ALLOWED once the package is made.
    """
    require(operator, Right.REVIEW)
    check_changeable(vault.episodes.get(episode_id))
    void_review(vault, episode_id)
    return view_of(vault, episode_id)
