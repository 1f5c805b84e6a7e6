"""The place of an episode follows from what the vault holds."""

import pytest

from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.states import EpisodeState
from dermstation.workflow.walk import Step, lacking, place_of
from tests.unit.workflow.samples import capture, consent, lesion, view

EPISODE = "e" * 32


def test_without_an_answer_the_consent_comes_first() -> None:
    assert place_of(view()).step is Step.CONSENT


def test_after_the_consent_comes_the_lesion() -> None:
    assert place_of(view(agreed=consent())).step is Step.LESION


def test_the_first_missing_shot_is_next() -> None:
    spot = lesion(EPISODE)
    taken = (capture(spot, ShotKind.GENERAL),)
    place = place_of(view(agreed=consent(), lesions=(spot,), captures=taken))
    assert (place.step, place.lesion, place.shot) == (Step.PICTURES, spot, ShotKind.CLOSEUP)


def test_a_second_lesion_is_walked_after_the_first() -> None:
    first, second = lesion(EPISODE, 1), lesion(EPISODE, 2)
    taken = tuple(capture(first, shot) for shot in STANDARD_SHOTS)
    place = place_of(view(agreed=consent(), lesions=(first, second), captures=taken))
    assert (place.lesion, place.shot) == (second, ShotKind.GENERAL)


def test_all_shots_lead_to_the_summary() -> None:
    spot = lesion(EPISODE)
    taken = tuple(capture(spot, shot) for shot in STANDARD_SHOTS)
    assert place_of(view(agreed=consent(), lesions=(spot,), captures=taken)).step is Step.SUMMARY


def test_a_patient_who_declined_is_not_photographed_and_cannot_go_by_rads() -> None:
    spot = lesion(EPISODE)
    declined = view(agreed=consent(given=False), lesions=(spot,))
    assert place_of(declined).step is Step.SUMMARY
    assert lacking(declined, Route.RADS) == {"L1": (ShotKind.GENERAL, ShotKind.CLOSEUP)}
    assert all(lacking(declined, route) == {} for route in Route if route is not Route.RADS)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (EpisodeState.CAPTURED, Step.SUMMARY),
        (EpisodeState.REVIEWED, Step.SUMMARY),
        (EpisodeState.PACKAGED, Step.HAND_OVER),
        (EpisodeState.HANDED_OVER, Step.DONE),
        (EpisodeState.ABANDONED, Step.DONE),
    ],
)
def test_later_states_have_their_page(state: EpisodeState, step: Step) -> None:
    assert place_of(view(state, agreed=consent())).step is step


def test_a_retake_replaces_the_earlier_capture() -> None:
    spot = lesion(EPISODE)
    earlier, later = capture(spot, ShotKind.GENERAL, 1), capture(spot, ShotKind.GENERAL, 5)
    seen = view(agreed=consent(), lesions=(spot,), captures=(earlier, later))
    assert seen.chosen(spot)[ShotKind.GENERAL] is later
    # saved last counts: a card's picture may have been taken before the one it replaces
    seen = view(agreed=consent(), lesions=(spot,), captures=(later, earlier))
    assert seen.chosen(spot)[ShotKind.GENERAL] is earlier


def test_rads_needs_general_and_close_up_of_every_lesion() -> None:
    first, second = lesion(EPISODE, 1), lesion(EPISODE, 2)
    taken = (
        capture(first, ShotKind.GENERAL),
        capture(first, ShotKind.CLOSEUP),
        capture(second, ShotKind.DERMOSCOPIC),
    )
    seen = view(agreed=consent(), lesions=(first, second), captures=taken)
    assert lacking(seen, Route.RADS) == {"L2": (ShotKind.GENERAL, ShotKind.CLOSEUP)}
    assert lacking(seen, Route.ROUTINE) == {}
