"""Read one episode with everything that belongs to it, and void a review that is out of date.

Plain functions on an open vault, run on the vault's thread.
"""

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import Question
from dermstation.domain.records import Episode, Lesion
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.vault.store import Vault
from dermstation.workflow.review_policy import content_of
from dermstation.workflow.walk import EpisodeView

_CHANGEABLE = (EpisodeState.OPEN, EpisodeState.CAPTURED, EpisodeState.REVIEWED)


def view_of(vault: Vault, episode_id: str) -> EpisodeView:
    """Read one episode with everything that belongs to it."""
    episode = vault.episodes.get(episode_id)
    lesions = vault.lesions.of_episode(episode_id)
    packages = vault.packages.verified((episode_id,))
    return EpisodeView(
        episode,
        vault.patients.get(episode.patient_id),
        lesions,
        vault.captures.of_episode(episode_id),
        packages[-1] if packages else None,
        _told(vault.route_notes.told(episode_id), lesions),
        vault.reviews.get(episode_id),
        vault.reviews.asked(episode_id),
        vault.captures.copies_of_episode(episode_id),
        vault.picture_choices.of_episode(episode_id),
        vault.patient_copies.of_episode(episode_id),
        vault.lesions.removed_of(episode_id),
    )


def _told(noted: Answer, lesions: tuple[Lesion, ...]) -> Answer:
    """Return the noted answer, or else one from a lesion's history, so that nobody asks twice."""
    if noted.is_asked:
        return noted
    answers = {one.facts.history.answer(Question.TOLD_OF_CANCER) for one in lesions}
    return next((one for one in (Answer.YES, Answer.NO) if one in answers), Answer.NOT_ASKED)


def check_changeable(episode: Episode) -> None:
    """Refuse to change an episode that is packaged, kept or being wiped.

    Raises StationError STEP_NOT_ALLOWED.
    """
    if episode.state not in _CHANGEABLE:
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state=episode.state.value, event="changed")


def view_after_change(vault: Vault, episode_id: str) -> EpisodeView:
    """Read an episode that may just have been changed, and void a review of its old content."""
    view = view_of(vault, episode_id)
    if view.review is not None and view.review.content == content_of(view):
        return view
    return end_review(vault, episode_id)


def end_review(vault: Vault, episode_id: str) -> EpisodeView:
    """Read an episode that was changed, and void its review if it has one."""
    view = view_of(vault, episode_id)
    if view.review is None and view.episode.state is not EpisodeState.REVIEWED:
        return view
    void_review(vault, episode_id)
    return view_of(vault, episode_id)


def void_review(vault: Vault, episode_id: str) -> None:
    """Take the review back: the episode is captured again, and waits for a new review.

    If the route did not need a review, it only goes back to captured and waits for nobody.
    """
    with vault.transaction():
        vault.reviews.void(episode_id, asked_by=vault.audit.acting)
        if vault.episodes.get(episode_id).state is EpisodeState.REVIEWED:
            vault.episodes.change_state(episode_id, EpisodeEvent.REVIEW_VOIDED)
