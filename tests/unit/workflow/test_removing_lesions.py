"""A lesion is removed with everything that it has, and brought back until the package is made."""

from dataclasses import replace

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode
from dermstation.domain.lesion_facts import History, Note, Question
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.workflow import episodes, reviewing
from dermstation.workflow.removing_lesions import bring_back, remove_lesion
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import SETTLED, pack, take
from tests.unit.workflow.packing import code_of


@pytest.fixture
def two(signed_in, view) -> EpisodeView:
    take(signed_in, view, ShotKind.GENERAL)
    return add(signed_in, view)


def add(signed_in, view) -> EpisodeView:
    return episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=None,
        site_code="41550009",
        side=Side.RIGHT,
        safeguards=SETTLED,
    )


def test_a_removed_lesion_is_nowhere_and_comes_back_whole(signed_in, two) -> None:
    vault, operator, episode_id = signed_in.vault, signed_in.operator, two.episode.id
    first, second = two.lesions
    episodes.finish_pictures(vault, episode_id)
    before = reviewing.review(vault, operator, episode_id)
    seen = remove_lesion(vault, operator, episode_id, first.id)
    assert (seen.lesions, seen.removed) == ((second,), (replace(first, is_removed=True),))
    assert (seen.has_pictures, seen.review) == (False, None)  # the review was of another content
    assert code_of(remove_lesion, vault, operator, episode_id, first.id) is (
        ErrorCode.STEP_NOT_ALLOWED
    )
    back = bring_back(vault, operator, episode_id, first.id)
    assert back.lesions == before.lesions
    assert back.has_pictures
    assert code_of(bring_back, vault, operator, episode_id, first.id) is ErrorCode.LESION_NOT_THERE


def test_the_number_of_a_removed_lesion_is_not_given_again(signed_in, two) -> None:
    remove_lesion(signed_in.vault, signed_in.operator, two.episode.id, two.lesions[1].id)
    assert [one.label for one in add(signed_in, two).lesions] == ["L1", "L3"]


def test_nothing_is_removed_or_brought_back_once_the_package_is_made(
    signed_in, view, packages
) -> None:
    two = add(signed_in, view)
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    remove_lesion(vault, operator, episode_id, two.lesions[1].id)
    pack(signed_in, view, packages)
    for change, lesion in ((bring_back, two.lesions[1]), (remove_lesion, two.lesions[0])):
        assert code_of(change, vault, operator, episode_id, lesion.id) is ErrorCode.STEP_NOT_ALLOWED


def test_what_is_asked_of_the_patient_is_asked_with_one_lesion_alone(signed_in, two) -> None:
    vault, episode_id = signed_in.vault, two.episode.id
    second = two.lesions[1]
    history = History(
        {Question.BLEEDS: Answer.YES, Question.SKIN_CANCER: Answer.NO}, {Note.SKIN_TYPE: "II"}
    )
    one, other = episodes.save_history(
        vault, episode_id, second.id, history=history, text=""
    ).lesions
    assert other.facts.history == history
    assert one.facts.history == History({Question.SKIN_CANCER: Answer.NO}, {Note.SKIN_TYPE: "II"})
    third = add(signed_in, two).lesions[2]
    assert third.facts.history == one.facts.history
    assert not third.has_history
