"""A clinician's review is asked for, recorded with name and time, and void after any change."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import History, Point, Question, made_history
from dermstation.domain.records import ConsentForm, Role
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.states import EpisodeState
from dermstation.handover.options import PackageOptions
from dermstation.settings import Settings
from dermstation.settings_file import load_settings
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import episodes, package_files, packaging, reviewing, routing
from dermstation.workflow.package_choice import Practice, practice_of
from dermstation.workflow.review_policy import REVIEWED_ROUTES, is_reviewed, review_routes_of
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import SETTLED, take

PRACTICE = Practice("Test Practice")
NOT_USABLE = pytest.mark.expects_log("setting review_routes is not valid")


@pytest.fixture
def reviewed(signed_in: SignedIn, view: EpisodeView) -> EpisodeView:
    """An episode that a clinician reviewed for urgent suspected cancer."""
    vault, episode_id = signed_in.vault, view.episode.id
    take(signed_in, view, *STANDARD_SHOTS)
    episodes.save_summary(vault, episode_id, histories={}, question="Why?", route=Route.USC)
    routing.save_told(vault, episode_id, Answer.NO)
    reviewing.ask_for_review(vault, signed_in.operator, episode_id)
    return reviewing.review(vault, signed_in.operator, episode_id)


def events(signed_in: SignedIn) -> list[AuditEvent]:
    return [one.event for one in signed_in.vault.audit.entries(AuditFilter())]


def test_a_review_is_recorded_with_who_and_when(signed_in, reviewed) -> None:
    assert reviewed.episode.state is EpisodeState.REVIEWED
    assert reviewed.review.reviewed_by == signed_in.operator.id
    assert reviewed.review_asked is None
    assert is_reviewed(reviewed)
    entry = signed_in.vault.audit.newest(AuditEvent.REVIEWED)
    assert entry.operator_id == signed_in.operator.id
    assert entry.episode_id == reviewed.episode.id
    said = reviewing.review_status(signed_in.vault, reviewed.episode.id)
    assert said.is_reviewed
    assert said.words.startswith(f"Reviewed by {signed_in.operator.name}, ")


def change_question(signed_in: SignedIn, view: EpisodeView) -> None:
    summary = {"histories": {}, "route": Route.USC, "question": "Why not?"}
    episodes.save_summary(signed_in.vault, view.episode.id, **summary)


def change_text(signed_in: SignedIn, view: EpisodeView) -> None:
    texts = {view.lesions[0].id: "Bleeds now."}
    summary = {"histories": texts, "route": Route.USC, "question": "Why?"}
    episodes.save_summary(signed_in.vault, view.episode.id, **summary)


def change_route(signed_in: SignedIn, view: EpisodeView) -> None:
    routing.choose_route(signed_in.vault, view.episode.id, Route.RADS, told=Answer.YES)


def change_told(signed_in: SignedIn, view: EpisodeView) -> None:
    routing.save_told(signed_in.vault, view.episode.id, Answer.YES)


def change_history(signed_in: SignedIn, view: EpisodeView) -> None:
    history = History(points=frozenset({Point.SIZE}))
    lesion = view.lesions[0]
    episodes.save_history(
        signed_in.vault, view.episode.id, lesion.id, history=history, text=lesion.history
    )


def change_site(signed_in: SignedIn, view: EpisodeView) -> None:
    lesion = view.lesions[0]
    episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=lesion.id,
        site_code="22180002",
        side=None,
        safeguards=SETTLED,
    )


def change_consent(signed_in: SignedIn, view: EpisodeView) -> None:
    episodes.record_consent(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        given=True,
        form=ConsentForm.WRITTEN,
        secondary_use=False,
    )


def change_picture(signed_in: SignedIn, view: EpisodeView) -> None:
    take(signed_in, view, ShotKind.DERMOSCOPIC)


CHANGES = (
    *(change_question, change_text, change_route, change_told),
    *(change_history, change_site, change_consent, change_picture),
)


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_makes_it_void_and_it_waits_for_review_again(
    signed_in, reviewed, packages, change: Callable[[SignedIn, EpisodeView], None]
) -> None:
    vault, episode_id = signed_in.vault, reviewed.episode.id
    change(signed_in, reviewed)
    after = view_of(vault, episode_id)
    assert after.review is None
    assert after.review_asked is not None
    assert after.episode.state is EpisodeState.CAPTURED
    assert AuditEvent.REVIEW_VOIDED in events(signed_in)
    with pytest.raises(StationError) as caught:
        packaging.make_package(vault, signed_in.operator, episode_id, packages, PRACTICE)
    assert caught.value.code is ErrorCode.REVIEW_MISSING
    assert list(packages.iterdir()) == []
    reviewing.review(vault, signed_in.operator, episode_id)
    packaging.make_package(vault, signed_in.operator, episode_id, packages, PRACTICE)


def test_the_same_answers_again_are_no_change(signed_in, reviewed) -> None:
    vault, episode_id = signed_in.vault, reviewed.episode.id
    episodes.save_summary(vault, episode_id, histories={}, question=" Why? ", route=Route.USC)
    episodes.record_consent(
        vault,
        signed_in.operator,
        episode_id,
        given=True,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    assert is_reviewed(view_of(vault, episode_id))
    assert AuditEvent.REVIEW_VOIDED not in events(signed_in)


def test_a_package_says_who_reviewed_what_it_holds_and_nobody_else(signed_in, reviewed) -> None:
    vault, operator = signed_in.vault, signed_in.operator

    def named() -> str:
        view = view_of(vault, reviewed.episode.id)
        return packaging.package_contents(
            vault, operator, view, PRACTICE, PackageOptions()
        ).reviewed_by

    assert named() == operator.id
    change_text(signed_in, reviewed)
    assert named() == ""


def test_taking_more_pictures_ends_the_review(signed_in, reviewed) -> None:
    after = episodes.take_more(signed_in.vault, reviewed.episode.id)
    assert (after.review, after.review_asked) == (None, None)
    assert after.episode.state is EpisodeState.OPEN


def test_a_withdrawn_package_is_still_reviewed_until_something_changes(
    signed_in, reviewed, packages
) -> None:
    vault, episode_id = signed_in.vault, reviewed.episode.id
    packaging.make_package(vault, signed_in.operator, episode_id, packages, PRACTICE)
    assert is_reviewed(package_files.withdraw_package(vault, signed_in.operator, episode_id))
    change_question(signed_in, reviewed)
    assert not is_reviewed(view_of(vault, episode_id))


def test_a_review_can_be_taken_back(signed_in, reviewed) -> None:
    after = reviewing.take_back_review(signed_in.vault, signed_in.operator, reviewed.episode.id)
    assert after.review is None
    assert after.episode.state is EpisodeState.CAPTURED


def test_a_nurse_sends_for_review_and_cannot_review(signed_in, view) -> None:
    nurse = replace(signed_in.operator, role=Role.NURSE)
    vault, episode_id = signed_in.vault, view.episode.id
    asked = reviewing.ask_for_review(vault, nurse, episode_id)
    assert asked.episode.state is EpisodeState.CAPTURED
    assert asked.review_asked.asked_by == nurse.id
    with pytest.raises(StationError) as caught:
        reviewing.review(vault, nurse, episode_id)
    assert caught.value.code is ErrorCode.RIGHT_MISSING
    words = reviewing.review_status(vault, episode_id).words
    assert words.startswith(f"Sent for review by {nurse.name}, ")


@pytest.mark.parametrize("route", Route)
def test_the_policy_says_which_routes_are_reviewed(signed_in, view, packages, route) -> None:
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    take(signed_in, view, *STANDARD_SHOTS)
    episodes.save_summary(vault, episode_id, histories={}, question="Why?", route=route)
    routing.save_told(vault, episode_id, Answer.YES)
    episodes.finish_pictures(vault, episode_id)
    arguments = (vault, operator, episode_id, packages)
    if route in REVIEWED_ROUTES:
        with pytest.raises(StationError) as caught:
            packaging.make_package(*arguments, PRACTICE)
        assert caught.value.code is ErrorCode.REVIEW_MISSING
    no_policy = practice_of(Settings(review_routes="none"), packages)
    assert packaging.make_package(*arguments, no_policy).package is not None


@pytest.mark.parametrize(
    ("setting", "routes"),
    [
        ("advice rads usc", REVIEWED_ROUTES),
        ("none", frozenset()),
        ("USC routine", {Route.USC, Route.ROUTINE}),
        pytest.param("", REVIEWED_ROUTES, marks=NOT_USABLE),
        pytest.param("ursc", REVIEWED_ROUTES, marks=NOT_USABLE),
        pytest.param("none usc", REVIEWED_ROUTES, marks=NOT_USABLE),
    ],
)
def test_a_slip_in_the_setting_switches_no_review_off(tmp_path, setting, routes) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'review_routes = "{setting}"', encoding="utf-8")
    assert review_routes_of(load_settings(file)) == routes


@pytest.mark.parametrize("noted", [Answer.NOT_ASKED, Answer.NO, Answer.YES])
@pytest.mark.parametrize("answered", [Answer.NOT_ASKED, Answer.NO, Answer.YES])
def test_told_of_a_possible_cancer_is_asked_once(signed_in, view, noted, answered) -> None:
    vault, lesion = signed_in.vault, view.lesions[0]
    history = made_history({Question.TOLD_OF_CANCER: answered}, {}, None)
    episodes.save_history(vault, view.episode.id, lesion.id, history=history, text="")
    seen = routing.choose_route(vault, view.episode.id, Route.RADS, told=noted)
    assert seen.told is (noted if noted.is_asked else answered)
