"""The entries of an episode are durable and stay with its patient."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import Sex
from dermstation.domain.opinion import Opinion
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.domain.text_limits import HISTORY_MAX_CHARS
from dermstation.workflow import episodes, unfinished_entry
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, place_of
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import PATIENT


def test_a_new_patient_opens_an_episode_that_asks_for_consent(signed_in: SignedIn) -> None:
    view = episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)
    assert view.patient.full_name == "PATIENT-ONE, Test"
    assert place_of(view).step is Step.CONSENT


def test_the_same_patient_again_is_one_patient_with_two_episodes(signed_in: SignedIn) -> None:
    first = episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)
    second = episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)
    assert first.patient.id == second.patient.id
    assert first.episode.id != second.episode.id


def test_the_sex_is_kept_and_corrected_but_never_forgotten(signed_in: SignedIn) -> None:
    def opened(sex: Sex) -> Sex:
        typed = replace(PATIENT, sex=sex)
        view = episodes.open_episode(signed_in.vault, signed_in.operator, typed)
        return view.patient.sex

    assert opened(Sex.NOT_RECORDED) is Sex.NOT_RECORDED
    assert opened(Sex.MALE) is Sex.MALE
    assert opened(Sex.FEMALE) is Sex.FEMALE
    assert opened(Sex.NOT_RECORDED) is Sex.FEMALE


def test_what_the_clinician_thinks_is_kept_beside_the_history(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    lesion, thought = view.lesions[0], Opinion("  ?BCC ", "its edge")
    save = partial(
        episodes.save_summary, signed_in.vault, view.episode.id, histories={}, question="?"
    )
    seen = save(route=None, opinions={lesion.id: thought})
    assert seen.lesions[0].facts.opinion == Opinion("?BCC", "its edge")
    assert save(route=Route.ADVICE).lesions[0].facts.opinion == Opinion("?BCC", "its edge")
    with pytest.raises(StationError) as trouble:
        save(route=None, opinions={lesion.id: Opinion("x" * 201)})
    assert trouble.value.code is ErrorCode.TEXT_TOO_LONG


def test_a_name_is_the_same_however_its_apostrophe_is_written(signed_in: SignedIn) -> None:
    sent = replace(PATIENT, family_name="O\u2019Sample")
    first = episodes.open_episode(signed_in.vault, signed_in.operator, sent)
    typed = replace(PATIENT, family_name="O'Sample")
    second = episodes.open_episode(signed_in.vault, signed_in.operator, typed)
    assert second.patient == first.patient


@pytest.mark.parametrize(
    "other",
    [
        replace(PATIENT, family_name="Patient-Two"),
        replace(PATIENT, given_name="Tess"),
        replace(PATIENT, born_on=date(1958, 9, 4)),
    ],
)
def test_one_number_with_two_identities_is_a_wrong_patient(
    signed_in: SignedIn, other: episodes.TypedPatient
) -> None:
    episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)
    with pytest.raises(StationError) as trouble:
        episodes.open_episode(signed_in.vault, signed_in.operator, other)
    assert trouble.value.code is ErrorCode.PATIENT_DIFFERS


def test_declined_pictures_have_no_secondary_use(signed_in: SignedIn) -> None:
    episode_id = episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT).episode.id
    view = episodes.record_consent(
        signed_in.vault,
        signed_in.operator,
        episode_id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=True,
    )
    assert view.episode.consent is not None
    assert not view.episode.consent.secondary_use
    assert not view.pictures_wanted


def test_lesions_are_numbered_in_order_and_corrected_in_place(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    vault, episode_id = signed_in.vault, view.episode.id
    first = view.lesions[0]
    episodes.save_lesion(
        vault, episode_id, lesion_id=None, site_code="43067004", side=None, history=""
    )
    seen = episodes.save_lesion(
        vault,
        episode_id,
        lesion_id=first.id,
        site_code=first.site_code,
        side=Side.RIGHT,
        history="",
    )
    assert [(one.label, one.side) for one in seen.lesions] == [("L1", Side.RIGHT), ("L2", None)]


def test_another_lesion_after_the_pictures_opens_the_episode_again(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    vault, episode_id = signed_in.vault, view.episode.id
    assert episodes.finish_pictures(vault, episode_id).episode.state is EpisodeState.CAPTURED
    seen = episodes.save_lesion(
        vault, episode_id, lesion_id=None, site_code="43067004", side=None, history=""
    )
    assert seen.episode.state is EpisodeState.OPEN


def test_finishing_twice_and_taking_more_twice_are_fine(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    vault, episode_id = signed_in.vault, view.episode.id
    for _ in range(2):
        assert episodes.finish_pictures(vault, episode_id).episode.state is EpisodeState.CAPTURED
    for _ in range(2):
        assert episodes.take_more(vault, episode_id).episode.state is EpisodeState.OPEN


def test_the_summary_keeps_history_question_and_route(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    seen = episodes.save_summary(
        signed_in.vault,
        view.episode.id,
        histories={view.lesions[0].id: "Bled once."},
        question="Please advise.",
        route=Route.ADVICE,
    )
    assert seen.lesions[0].history == "Bled once."
    assert (seen.episode.question, seen.episode.route) == ("Please advise.", Route.ADVICE)


def test_a_text_that_is_too_long_changes_nothing(signed_in: SignedIn, view: EpisodeView) -> None:
    with pytest.raises(StationError) as trouble:
        episodes.save_summary(
            signed_in.vault,
            view.episode.id,
            histories={view.lesions[0].id: "x" * (HISTORY_MAX_CHARS + 1)},
            question="",
            route=None,
        )
    assert trouble.value.code is ErrorCode.TEXT_TOO_LONG
    unchanged = episodes.view_of(signed_in.vault, view.episode.id)
    assert unchanged.lesions[0].history == "Grew over three months."


def test_an_unfinished_patient_is_there_until_one_is_confirmed(signed_in: SignedIn) -> None:
    vault = signed_in.vault
    assert unfinished_entry.find(vault) is None
    unfinished_entry.keep(vault, signed_in.operator, {"nhs_number": "999 000"})
    found = unfinished_entry.find(vault)
    assert found is not None
    assert (found.typed, found.author) == ({"nhs_number": "999 000"}, signed_in.operator.name)
    assert found.at is not None
    episodes.open_episode(vault, signed_in.operator, PATIENT)
    assert unfinished_entry.find(vault) is None


def test_an_empty_form_leaves_no_unfinished_patient(signed_in: SignedIn) -> None:
    vault = signed_in.vault
    unfinished_entry.keep(vault, signed_in.operator, {"nhs_number": "999 000"})
    unfinished_entry.keep(vault, signed_in.operator, {"nhs_number": " ", "sex": "female"})
    assert unfinished_entry.find(vault) is None
    unfinished_entry.keep(vault, signed_in.operator, {"nhs_number": "999 000"})
    unfinished_entry.clear(vault)
    assert unfinished_entry.find(vault) is None


def test_an_unfinished_patient_of_an_earlier_version_is_still_offered(signed_in: SignedIn) -> None:
    signed_in.vault.drafts.put("patient", {"nhs_number": "999 000"})
    found = unfinished_entry.find(signed_in.vault)
    assert found == unfinished_entry.UnfinishedEntry({"nhs_number": "999 000"})


def test_the_list_of_unfinished_episodes_says_where_each_stands(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    (line,) = unfinished(signed_in.vault)
    assert line.view.episode.id == view.episode.id
    assert line.place.step is Step.PICTURES
