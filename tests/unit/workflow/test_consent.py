"""A recorded consent is complete, and withdrawing it wipes the pictures."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from dermstation.domain.audit import AuditEvent
from dermstation.domain.consents import (
    NOTHING_ASKED,
    Answer,
    ConsentCircumstances,
    Giver,
    SecondaryUse,
    check_circumstances,
    use_words,
)
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.states import EpisodeState
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import episodes, unlocking, wiping
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, place_of
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import PASSPHRASE, files_below, pack, ready, take

CIRCUMSTANCES = st.builds(
    ConsentCircumstances,
    giver=st.sampled_from(Giver),
    giver_name=st.sampled_from(["", "  ", "Test Parent"]),
    capacity=st.sampled_from(Answer),
    interpreter=st.sampled_from(Answer),
    interpreter_name=st.sampled_from(["", "Interpreter 7"]),
    giver_role=st.sampled_from(["", " ", "GP"]),
)


def answer(
    signed_in: SignedIn,
    view: EpisodeView,
    *,
    given: bool,
    circumstances: ConsentCircumstances = NOTHING_ASKED,
) -> EpisodeView:
    return episodes.record_consent(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        given=given,
        form=ConsentForm.VERBAL,
        secondary_use=False,
        circumstances=circumstances,
    )


def episode_files(signed_in: SignedIn) -> list[Path]:
    return files_below(signed_in.vault.folder / "episodes")


@cases(CIRCUMSTANCES, st.booleans())
def test_nobody_who_cannot_decide_consents_and_nobody_nameless_decides(
    found: ConsentCircumstances, given: bool
) -> None:
    other = found.giver not in (Giver.PATIENT, Giver.YOUNG_PATIENT)
    nameless = other and not found.giver_name.strip()
    unable = given and not other and found.capacity is Answer.NO
    is_best = found.giver is Giver.BEST_INTERESTS
    unfounded = is_best and (found.capacity is not Answer.NO or not found.giver_role.strip())
    if nameless or unable or unfounded:
        with pytest.raises(StationError):
            check_circumstances(found, given=given)
    else:
        check_circumstances(found, given=given)


def test_uses_beyond_care_are_kept_each_by_itself_and_never_without_consent(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    def kept(*uses: SecondaryUse, given: bool = True) -> str:
        seen = episodes.record_consent(
            signed_in.vault,
            signed_in.operator,
            view.episode.id,
            given=given,
            form=ConsentForm.VERBAL,
            secondary_use=bool(uses),
            uses=uses,
        )
        consent = seen.episode.consent
        assert consent is not None
        return use_words(consent.uses, any_use=consent.secondary_use)

    assert kept(SecondaryUse.RESEARCH, SecondaryUse.TEACHING) == "teaching, research"
    assert kept() == "none"
    assert kept(SecondaryUse.AUDIT, given=False) == "none"
    assert use_words((), any_use=True) == "yes, not recorded which"


def test_circumstances_are_kept_whole(signed_in: SignedIn, view: EpisodeView) -> None:
    told = ConsentCircumstances(
        Giver.ATTORNEY, "Test Attorney", Answer.NO, Answer.YES, "Interpreter 7"
    )
    answer(signed_in, view, given=True, circumstances=told)
    consent = episodes.view_of(signed_in.vault, view.episode.id).episode.consent
    assert consent is not None
    assert consent.circumstances == told
    assert "Attorney" not in repr(told).replace("attorney", "")


def test_a_consent_of_an_earlier_station_reads_as_not_asked(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    database = signed_in.vault._database
    old = '{"given":true,"form":"verbal","secondary_use":false,"recorded_at":'
    old += '"2026-03-02T09:00:00.000000+00:00","recorded_by":"1"}'
    database.change("UPDATE episodes SET consent = ? WHERE id = ?", (old, view.episode.id))
    consent = episodes.view_of(signed_in.vault, view.episode.id).episode.consent
    assert consent is not None
    assert consent.circumstances == NOTHING_ASKED


def test_declining_before_any_picture_says_so(signed_in: SignedIn, view: EpisodeView) -> None:
    seen = answer(signed_in, view, given=False)
    assert seen.episode.consent is not None
    assert seen.episode.consent.no_pictures_because == episodes.DECLINED
    assert place_of(seen).step is Step.SUMMARY


def test_withdrawing_wipes_every_capture_and_the_referral_goes_on(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    ready(signed_in, view, Route.USC)
    before, _journal = episode_files(signed_in)
    seen = answer(signed_in, view, given=False)
    assert seen.captures == ()
    assert not before.exists()
    assert episode_files(signed_in) == []
    assert seen.lesions == view.lesions
    assert seen.episode.consent is not None
    assert seen.episode.consent.no_pictures_because == episodes.WITHDRAWN
    packed = pack_without(signed_in, seen, packages)
    assert [file.media_type for file in packed.package.files] == ["application/pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_what_is_withdrawn_is_overwritten_in_place(signed_in: SignedIn, view: EpisodeView) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    before, _journal = episode_files(signed_in)
    content = before.read_bytes()
    with before.open("rb") as file:
        answer(signed_in, view, given=False)
        after = file.read()
    assert not any(
        content[at : at + 512] == after[at : at + 512] for at in range(0, len(content), 512)
    )


def pack_without(signed_in: SignedIn, view: EpisodeView, packages: Path) -> EpisodeView:
    from dermstation.workflow import packaging, reviewing

    reviewing.review(signed_in.vault, signed_in.operator, view.episode.id)
    return packaging.make_package(
        signed_in.vault, signed_in.operator, view.episode.id, packages, Practice("Test Practice")
    )


def test_withdrawing_is_in_the_audit(signed_in: SignedIn, view: EpisodeView) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    answer(signed_in, view, given=False)
    entries = signed_in.vault.audit.entries(AuditFilter())
    (wiped,) = [one for one in entries if one.event is AuditEvent.CAPTURES_WIPED]
    assert wiped.episode_id == view.episode.id
    assert wiped.facts["captures"] == len(STANDARD_SHOTS)


def test_saying_no_twice_keeps_the_reason(signed_in: SignedIn, view: EpisodeView) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    for _ in range(2):
        seen = answer(signed_in, view, given=False)
    assert seen.episode.consent is not None
    assert seen.episode.consent.no_pictures_because == episodes.WITHDRAWN


def test_consenting_twice_keeps_why_there_are_no_pictures(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    seen = answer(signed_in, view, given=True)
    episodes.save_summary(
        signed_in.vault,
        view.episode.id,
        histories={},
        question="",
        route=Route.RADS,
        no_pictures_because="The dermatoscope is being repaired.",
    )
    interpreted = replace(NOTHING_ASKED, interpreter=Answer.NO)
    seen = answer(signed_in, view, given=True, circumstances=interpreted)
    assert seen.episode.consent is not None
    assert seen.episode.consent.circumstances == interpreted
    assert seen.episode.consent.no_pictures_because == "The dermatoscope is being repaired."


def test_another_answer_has_another_reason(signed_in: SignedIn, view: EpisodeView) -> None:
    declined = answer(signed_in, view, given=False)
    assert declined.episode.consent is not None
    assert declined.episode.consent.no_pictures_because == episodes.DECLINED
    agreed = answer(signed_in, view, given=True)
    assert agreed.episode.consent is not None
    assert agreed.episode.consent.no_pictures_because == ""


def test_new_consent_starts_without_pictures_and_keeps_new_ones(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    answer(signed_in, view, given=False)
    seen = answer(signed_in, view, given=True)
    assert seen.captures == ()
    take(signed_in, seen, STANDARD_SHOTS[0])
    (capture,) = episodes.view_of(signed_in.vault, view.episode.id).captures
    assert len(signed_in.vault.captures.image(capture.id)) == capture.size_bytes


def test_a_refused_answer_wipes_nothing(signed_in: SignedIn, view: EpisodeView) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    nameless = replace(NOTHING_ASKED, giver=Giver.PARENT)
    with pytest.raises(StationError) as trouble:
        answer(signed_in, view, given=False, circumstances=nameless)
    assert trouble.value.code is ErrorCode.CONSENT_GIVER_MISSING
    assert len(episodes.view_of(signed_in.vault, view.episode.id).captures) == len(STANDARD_SHOTS)


def test_a_package_must_be_withdrawn_before_consent_changes(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    packed = pack(signed_in, view, packages)
    with pytest.raises(StationError) as trouble:
        answer(signed_in, packed, given=False)
    assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED
    kept = episodes.view_of(signed_in.vault, view.episode.id)
    assert kept.episode.state is EpisodeState.PACKAGED
    assert kept.pictures_wanted
    assert len(kept.captures) == len(STANDARD_SHOTS)


def test_a_crash_before_the_file_is_removed_is_made_good_at_the_next_opening(
    signed_in: SignedIn, view: EpisodeView, folder: Path
) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    file, _journal = episode_files(signed_in)
    signed_in.vault.withdrawals.wipe_captures(view.episode.id)
    assert file.exists()
    signed_in.vault.close()
    again = unlocking.sign_in(folder, signed_in.operator.id, PASSPHRASE, keystore=None)
    try:
        assert not file.exists()
        assert again.vault.withdrawals.pending() == ()
        assert again.vault.damage == ()
        assert episodes.view_of(again.vault, view.episode.id).captures == ()
    finally:
        again.vault.close()


def test_an_episode_whose_pictures_were_withdrawn_is_wiped_like_any_other(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    take(signed_in, view, *STANDARD_SHOTS)
    answer(signed_in, view, given=False)
    assert wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id).complete
    assert unfinished(signed_in.vault) == ()
