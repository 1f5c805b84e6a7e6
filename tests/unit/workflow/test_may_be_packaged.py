"""Which episodes may be packaged on which route, and what their package knows."""

from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.dermoscopy_gap import NoDermoscopy
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import History, Safeguards
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.contents import Referrer
from dermstation.handover.options import PackageOptions
from dermstation.settings import Settings
from dermstation.workflow import (
    capturing,
    episodes,
    packaging,
    reviewing,
    routing,
)
from dermstation.workflow.dermoscopy_gap import save_gap
from dermstation.workflow.messages import message_for
from dermstation.workflow.package_choice import Practice, practice_of
from dermstation.workflow.removing_lesions import remove_lesion
from dermstation.workflow.route_checks import missing_for
from tests.unit.workflow.conftest import SETTLED, files_below, ready, take
from tests.unit.workflow.packing import code_of, make, missing


def test_without_a_route_there_is_no_package(signed_in, view, packages) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    assert code_of(make, signed_in, view, packages) is ErrorCode.ROUTE_MISSING
    assert files_below(packages) == []


@pytest.mark.parametrize(
    ("taken", "lacks"),
    [
        ((ShotKind.DERMOSCOPIC,), "L1 general, L1 close-up"),
        ((ShotKind.GENERAL, ShotKind.DERMOSCOPIC), "L1 close-up"),
        ((ShotKind.CLOSEUP,), "L1 general"),
    ],
)
def test_rads_needs_general_and_close_up_and_says_which_is_missing(
    signed_in, view, packages, taken, lacks
) -> None:
    take(signed_in, view, *taken)
    vault, episode_id = signed_in.vault, view.episode.id
    episodes.save_summary(vault, episode_id, histories={}, question="", route=Route.RADS)
    episodes.finish_pictures(vault, episode_id)
    with pytest.raises(StationError) as caught:
        make(signed_in, view, packages)
    assert caught.value.code is ErrorCode.RADS_PICTURES_MISSING
    assert caught.value.facts["shots"] == lacks
    assert files_below(packages) == []
    assert episodes.view_of(vault, episode_id).captures != ()


def test_rads_without_pictures_does_not_go_and_the_words_name_the_other_routes(
    signed_in, view, packages
) -> None:
    ready(signed_in, view, Route.RADS)
    vault, episode_id = signed_in.vault, view.episode.id
    answer = {"given": False, "form": ConsentForm.VERBAL, "secondary_use": False}
    episodes.record_consent(vault, signed_in.operator, episode_id, **answer)
    reviewing.review(vault, signed_in.operator, episode_id)
    with pytest.raises(StationError) as caught:
        make(signed_in, view, packages)
    assert caught.value.code is ErrorCode.RADS_PICTURES_MISSING
    words = str(message_for(caught.value))
    assert "urgent suspected cancer or a routine referral" in words
    seen = episodes.view_of(vault, episode_id)
    (found,) = missing_for(seen, Route.RADS)
    assert "urgent suspected cancer or a routine" in found.words
    routing.choose_route(vault, episode_id, Route.USC, told=Answer.NO)
    reviewing.review(vault, signed_in.operator, episode_id)
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


@pytest.mark.parametrize(
    "answered",
    [
        (Route.RADS, Answer.NOT_ASKED, ErrorCode.TOLD_MISSING),
        (Route.RADS, Answer.NO, ErrorCode.RADS_NOT_TOLD),
        (Route.RADS, Answer.YES, None),
        (Route.USC, Answer.NOT_ASKED, ErrorCode.TOLD_MISSING),
        (Route.USC, Answer.NO, None),
        (Route.ROUTINE, Answer.NOT_ASKED, None),
    ],
)
def test_a_suspected_cancer_route_needs_to_know_whether_the_patient_was_told(
    signed_in, view, packages, answered
) -> None:
    route, told, refusal = answered
    ready(signed_in, view, route)
    routing.choose_route(signed_in.vault, view.episode.id, route, told=told)
    reviewing.review(signed_in.vault, signed_in.operator, view.episode.id)
    if refusal is None:
        assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED
    else:
        assert code_of(make, signed_in, view, packages) is refusal


@pytest.mark.parametrize("route", [Route.RADS, Route.ADVICE, Route.ROUTINE, Route.USC])
def test_a_specialist_gets_a_package_without_the_dermoscopic_picture_only_with_a_reason(
    signed_in, view, packages, route
) -> None:
    take(signed_in, view, ShotKind.GENERAL, ShotKind.CLOSEUP)
    vault, episode_id = signed_in.vault, view.episode.id
    episodes.save_summary(vault, episode_id, histories={}, question="Please advise.", route=route)
    routing.save_told(vault, episode_id, Answer.YES)
    episodes.finish_pictures(vault, episode_id)
    assert code_of(make, signed_in, view, packages) is ErrorCode.DERMOSCOPY_REASON_MISSING
    (found,) = missing_for(episodes.view_of(vault, episode_id), route)
    assert found.words == "L1: why no dermoscopic picture."
    save_gap(vault, episode_id, view.lesions[0].id, NoDermoscopy.BROKEN)
    reviewing.review(vault, signed_in.operator, episode_id)
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


def test_an_episode_with_consent_and_no_picture_is_not_packaged(signed_in, view, packages) -> None:
    vault, episode_id = signed_in.vault, view.episode.id
    episodes.save_summary(vault, episode_id, histories={}, question="", route=Route.ROUTINE)
    episodes.finish_pictures(vault, episode_id)
    assert code_of(make, signed_in, view, packages) is ErrorCode.SHOT_MISSING


def test_consent_withdrawn_after_the_pictures_leaves_the_summary_alone(
    signed_in, view, packages
) -> None:
    ready(signed_in, view, Route.USC)
    vault, episode_id = signed_in.vault, view.episode.id
    declined = episodes.record_consent(
        vault,
        signed_in.operator,
        episode_id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    assert declined.captures == ()
    assert capturing.previews(vault, declined).pictures == {}
    assert code_of(make, signed_in, view, packages) is ErrorCode.REVIEW_MISSING
    reviewing.review(vault, signed_in.operator, episode_id)
    packed = make(signed_in, view, packages)
    assert packed.package is not None
    assert [file.media_type for file in packed.package.files] == ["application/pdf"]
    assert [path.suffix for path in files_below(packages)] == [".pdf"]


def test_the_package_knows_the_referrer_s_number_and_the_practice_s_line(signed_in, view) -> None:
    settings = Settings(direct_line="01632 960001")
    referrer = replace(signed_in.operator, professional_number="12A3456B")
    contents = packaging.package_contents(
        signed_in.vault, referrer, view, practice_of(settings, Path("/")), PackageOptions()
    )
    assert contents.referrer == Referrer(referrer.role.value, "NMC 12A3456B", "01632 960001")


@pytest.mark.parametrize("told", [Answer.YES, Answer.NOT_ASKED])
def test_the_package_knows_whether_the_patient_was_told_of_the_route(signed_in, view, told) -> None:
    seen = routing.choose_route(signed_in.vault, view.episode.id, Route.RADS, told=told)
    contents = packaging.package_contents(
        signed_in.vault, signed_in.operator, seen, Practice("Test Practice"), PackageOptions()
    )
    assert contents.told is told


_UNASKED = Safeguards()
_EMPTY = {"history": "", "safeguards": SETTLED}
_GAPS = {
    "question": (Route.ADVICE, {}, "", ErrorCode.QUESTION_MISSING),
    "question for RADS": (Route.RADS, {}, " ", ErrorCode.QUESTION_MISSING),
    "history": (Route.ROUTINE, _EMPTY, "", ErrorCode.HISTORY_MISSING),
    "intimate": (
        Route.RECORD_ONLY,
        {"safeguards": replace(SETTLED, is_intimate=None)},
        "",
        ErrorCode.INTIMATE_NOT_ASKED,
    ),
    "identifying": (
        Route.MINOR_SURGERY,
        {"safeguards": replace(SETTLED, identifiable=_UNASKED.identifiable)},
        "",
        ErrorCode.IDENTIFIABLE_NOT_ASKED,
    ),
}


@pytest.mark.parametrize("gap", _GAPS)
def test_no_package_is_made_without_what_its_route_asks(signed_in, view, packages, gap) -> None:
    route, change, question, code = _GAPS[gap]
    ready(signed_in, view, route)
    vault, episode_id, lesion = signed_in.vault, view.episode.id, view.lesions[0]
    site = {"lesion_id": lesion.id, "site_code": lesion.site_code, "side": lesion.side}
    episodes.save_lesion(vault, episode_id, **site, **{"safeguards": SETTLED, **change})
    seen = episodes.save_summary(vault, episode_id, histories={}, question=question, route=route)
    assert missing(seen, route) == [code]
    reviewing.review(vault, signed_in.operator, episode_id)
    assert code_of(make, signed_in, view, packages) is code
    assert files_below(packages) == []


def test_an_empty_lesion_is_refused_until_it_is_described_or_removed(
    signed_in, view, packages
) -> None:
    ready(signed_in, view, Route.USC)
    vault, episode_id = signed_in.vault, view.episode.id
    seen = episodes.save_lesion(
        vault, episode_id, lesion_id=None, site_code="41550009", side=Side.LEFT, safeguards=SETTLED
    )
    assert missing(seen, Route.USC) == [ErrorCode.LESION_EMPTY]
    assert code_of(make, signed_in, view, packages) is ErrorCode.LESION_EMPTY
    second = seen.lesions[1]
    told = episodes.save_history(vault, episode_id, second.id, history=History(), text="Bleeds.")
    assert missing(told, Route.USC) == []
    episodes.save_history(vault, episode_id, second.id, history=History(), text="")
    remove_lesion(vault, signed_in.operator, episode_id, second.id)
    reviewing.review(vault, signed_in.operator, episode_id)
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


def test_a_patient_who_declines_pictures_is_not_asked_what_they_would_show(signed_in, view) -> None:
    vault, episode_id, lesion = signed_in.vault, view.episode.id, view.lesions[0]
    episodes.save_lesion(
        vault, episode_id, lesion_id=lesion.id, site_code=lesion.site_code, side=lesion.side
    )
    answer = {"given": False, "form": ConsentForm.VERBAL, "secondary_use": False}
    seen = episodes.record_consent(vault, signed_in.operator, episode_id, **answer)
    assert missing(seen, Route.USC) == []
