"""Nobody without the right to complete destroys what others took, reviewed or packed."""

from dataclasses import replace

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import (
    deriving,
    episodes,
    own_work,
    package_files,
    packaging,
    reviewing,
    wiping,
)
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from tests.unit.workflow.conftest import NURSE, an_episode, files_below, ready, take


@pytest.fixture
def nurse(signed_in: SignedIn) -> SignedIn:
    signed_in.vault.operators.save(NURSE)
    return replace(signed_in, operator=NURSE)


@pytest.fixture
def own(nurse: SignedIn):
    """An episode that the nurse opened, with her own pictures."""
    made = an_episode(nurse)
    take(nurse, made, *STANDARD_SHOTS)
    return made


def withdrawn(who: SignedIn, episode_id: str):
    return episodes.record_consent(
        who.vault,
        who.operator,
        episode_id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )


def wiped(who: SignedIn) -> list[AuditEvent]:
    wanted = AuditFilter(events=(AuditEvent.CAPTURES_WIPED, AuditEvent.WIPE_BEGUN))
    return [one.event for one in who.vault.audit.entries(wanted)]


def reviewed_then_voided(signed_in: SignedIn, nurse: SignedIn, episode_id: str) -> None:
    reviewing.review(signed_in.vault, signed_in.operator, episode_id)
    episodes.take_more(nurse.vault, episode_id)  # which ends the review


def a_picture_by_another(signed_in: SignedIn, nurse: SignedIn, episode_id: str) -> None:
    take(signed_in, episodes.view_of(nurse.vault, episode_id), ShotKind.GENERAL, seed=8)


def a_copy_by_another(signed_in: SignedIn, nurse: SignedIn, episode_id: str) -> None:
    capture = nurse.vault.captures.of_episode(episode_id)[0]
    drawing = deriving.begin_drawing(nurse.vault, episode_id, capture.id, CopyKind.COVERED)
    area = Shape(ShapeKind.RECTANGLE, 0.1, 0.1, 0.4, 0.4)
    deriving.save_copies(nurse.vault, deriving.draw(drawing, (area,), signed_in.operator))


RELIED_ON = [reviewed_then_voided, a_picture_by_another, a_copy_by_another]


def test_a_nurse_s_own_pictures_are_wiped_when_consent_is_withdrawn(nurse, own) -> None:
    assert own_work.may_wipe(nurse.vault, NURSE, own.episode.id)
    seen = withdrawn(nurse, own.episode.id)
    assert seen.captures == ()
    assert seen.episode.consent.no_pictures_because == episodes.WITHDRAWN


@pytest.mark.parametrize("relied_on", RELIED_ON)
def test_a_withdrawal_by_a_nurse_stops_the_use_and_a_clinician_wipes(
    signed_in, nurse, own, packages, relied_on
) -> None:
    relied_on(signed_in, nurse, own.episode.id)
    before = nurse.vault.captures.of_episode(own.episode.id)
    seen = withdrawn(nurse, own.episode.id)
    assert seen.captures == before
    assert seen.withheld == len(before)
    assert not seen.has_pictures
    assert seen.episode.consent.no_pictures_because == episodes.WITHHELD
    assert wiped(nurse) == []
    # the package of that episode has none of them
    episodes.save_summary(
        signed_in.vault, own.episode.id, histories={}, question="", route=Route.ROUTINE
    )
    episodes.finish_pictures(signed_in.vault, own.episode.id)
    packed = packaging.make_package(
        signed_in.vault, signed_in.operator, own.episode.id, packages, Practice("Test Practice")
    )
    assert {file.media_type for file in packed.package.files} == {"application/pdf"}
    package_files.withdraw_package(signed_in.vault, signed_in.operator, own.episode.id)
    # the second person
    seen = withdrawn(signed_in, own.episode.id)
    assert seen.captures == ()
    assert seen.episode.consent.no_pictures_because == episodes.WITHDRAWN
    assert wiped(signed_in) == [AuditEvent.CAPTURES_WIPED]
    assert files_below(signed_in.vault.folder / "episodes") == []


def test_a_clinician_s_reviewed_episode_is_neither_withdrawn_nor_abandoned_by_a_nurse(
    signed_in, nurse, view
) -> None:
    ready(signed_in, view)
    assert len(withdrawn(nurse, view.episode.id).captures) == len(STANDARD_SHOTS)
    with pytest.raises(StationError) as refused:
        wiping.abandon(nurse.vault, NURSE, view.episode.id)
    assert refused.value.code is ErrorCode.RIGHT_MISSING
    assert wiped(nurse) == []


@pytest.mark.parametrize("relied_on", RELIED_ON)
def test_a_nurse_abandons_only_what_nobody_relied_on(signed_in, nurse, own, relied_on) -> None:
    relied_on(signed_in, nurse, own.episode.id)
    with pytest.raises(StationError) as refused:
        wiping.abandon(nurse.vault, NURSE, own.episode.id)
    assert refused.value.code is ErrorCode.RIGHT_MISSING
    assert refused.value.facts["right"] == "complete"
    assert wiping.abandon(signed_in.vault, signed_in.operator, own.episode.id).complete


def test_consent_given_again_brings_the_withheld_pictures_back(signed_in, nurse, view) -> None:
    ready(signed_in, view)
    withdrawn(nurse, view.episode.id)
    again = episodes.record_consent(
        nurse.vault,
        NURSE,
        view.episode.id,
        given=True,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    assert again.withheld == 0
    assert again.has_pictures


def test_a_covered_original_of_others_waits_for_a_clinician(signed_in, nurse, own) -> None:
    a_copy_by_another(signed_in, nurse, own.episode.id)
    with pytest.raises(StationError) as refused:
        deriving.wipe_covered(nurse.vault, NURSE, own.episode.id)
    assert refused.value.code is ErrorCode.RIGHT_MISSING
    assert all(one.wiped_at is None for one in nurse.vault.captures.of_episode(own.episode.id))
    after = deriving.wipe_covered(signed_in.vault, signed_in.operator, own.episode.id)
    assert [one for one in after.captures if one.wiped_at is not None]


def test_nothing_to_wipe_needs_nobody_else(nurse, own) -> None:
    assert deriving.wipe_covered(nurse.vault, NURSE, own.episode.id).captures


def test_a_nurse_writes_no_draft_and_gathers_no_contents(signed_in, nurse, view) -> None:
    ready(signed_in, view)
    seen = episodes.view_of(nurse.vault, view.episode.id)
    with pytest.raises(StationError) as refused:
        packaging.package_contents(nurse.vault, NURSE, seen, Practice(), None)
    assert refused.value.code is ErrorCode.RIGHT_MISSING
