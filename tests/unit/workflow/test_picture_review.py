"""The review of a lesion's pictures: left out with a reason, put in order, compared."""

from datetime import timedelta
from pathlib import Path

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.message_text import message_text
from dermstation.workflow import (
    deriving,
    episodes,
    packaging,
    picture_review,
    retaining,
    reviewing,
)
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.review_policy import is_reviewed
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, lacking, place_of
from tests.unit.workflow.conftest import PATIENT, an_episode, ready, take
from tests.unit.workflow.derived import cover, mark

GENERAL, CLOSEUP, DERMOSCOPIC = ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC


def now(signed_in: SignedIn, view: EpisodeView) -> EpisodeView:
    return episodes.view_of(signed_in.vault, view.episode.id)


def leave_out(
    signed_in: SignedIn, view: EpisodeView, shot: ShotKind, because: str = "Shows the wrong arm"
) -> EpisodeView:
    capture = now(signed_in, view).taken(view.lesions[0])[shot]
    return picture_review.leave_out(
        signed_in.vault, signed_in.operator, view.episode.id, capture.id, because
    )


def make(signed_in: SignedIn, view: EpisodeView, packages: Path) -> EpisodeView:
    return packaging.make_package(
        signed_in.vault, signed_in.operator, view.episode.id, packages, Practice("Test Practice")
    )


class TestLeftOut:
    def test_it_needs_a_reason_of_acceptable_length(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, GENERAL)
        for because, code in (
            ("  ", ErrorCode.LEFT_OUT_REASON_MISSING),
            ("x" * 201, ErrorCode.TEXT_TOO_LONG),
        ):
            with pytest.raises(StationError) as trouble:
                leave_out(signed_in, view, GENERAL, because)
            assert trouble.value.code is code

    def test_the_reason_is_recorded_and_printed_and_the_picture_stays_here(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        leave_out(signed_in, view, CLOSEUP)
        (entry,) = (
            one for one in signed_in.vault.audit.entries() if one.event is AuditEvent.LEFT_OUT
        )
        assert entry.operator_id == signed_in.operator.id
        assert "arm" not in str(entry.facts)  # typed text does not go into the audit
        made = make(signed_in, view, packages)
        assert made.package is not None
        assert "L1-closeup.jpg" not in [one.name for one in made.package.files]
        from pypdf import PdfReader

        reader = PdfReader(Path(made.package.folder) / "referral-summary.pdf")
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        assert "Left out: close-up (Shows the wrong arm)." in text
        lesion = made.lesions[0]
        words = message_text(
            made.episode,
            [(lesion, made.packed(lesion))],
            [],
            left_out={lesion.id: made.left_out(lesion)},
        )
        assert "Left out: close-up (Shows the wrong arm)." in words

    def test_a_required_picture_left_out_blocks_the_route_that_needs_it(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view, Route.RADS)
        after = leave_out(signed_in, view, CLOSEUP)
        assert lacking(after, Route.RADS) == {"L1": (CLOSEUP,)}
        with pytest.raises(StationError) as trouble:
            make(signed_in, view, packages)
        assert trouble.value.code is ErrorCode.RADS_PICTURES_MISSING
        capture = after.taken(view.lesions[0])[CLOSEUP]
        picture_review.put_back(signed_in.vault, signed_in.operator, view.episode.id, capture.id)
        reviewing.review(signed_in.vault, signed_in.operator, view.episode.id)
        make(signed_in, view, packages)

    def test_there_is_no_package_if_every_picture_is_left_out(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        for shot in (GENERAL, CLOSEUP, DERMOSCOPIC):
            leave_out(signed_in, view, shot)
        with pytest.raises(StationError) as trouble:
            make(signed_in, view, packages)
        assert trouble.value.code is ErrorCode.SHOT_MISSING
        episodes.save_summary(
            signed_in.vault,
            view.episode.id,
            histories={},
            question="",
            route=Route.ROUTINE,
            no_pictures_because="None of them shows it.",
        )
        made = make(signed_in, view, packages)
        assert [one.name for one in made.package.files] == ["referral-summary.pdf"]

    def test_nobody_is_sent_back_to_the_camera_for_it(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, GENERAL, CLOSEUP, DERMOSCOPIC)
        after = leave_out(signed_in, view, GENERAL)
        assert place_of(after).step is Step.SUMMARY

    def test_a_retake_is_sent_again(self, signed_in: SignedIn, view: EpisodeView) -> None:
        take(signed_in, view, GENERAL)
        leave_out(signed_in, view, GENERAL)
        take(signed_in, view, GENERAL, seed=3)
        after = now(signed_in, view)
        assert GENERAL in after.chosen(after.lesions[0])

    def test_not_once_the_package_is_made(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        make(signed_in, view, packages)
        with pytest.raises(StationError) as trouble:
            leave_out(signed_in, view, GENERAL)
        assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED


class TestReviewed:
    """Only reviewed pictures are sent; any change needs a new review."""

    def test_a_mark_a_cover_an_order_or_a_picture_left_out_voids_the_review(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        ready(signed_in, view, Route.RADS)
        vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
        lesion = view.lesions[0]
        for change in (
            lambda: leave_out(signed_in, view, DERMOSCOPIC),
            lambda: mark(signed_in, view),
            lambda: cover(signed_in, view),
            lambda: picture_review.move(vault, episode_id, lesion.id, GENERAL, 1),
        ):
            assert is_reviewed(reviewing.review(vault, operator, episode_id))
            after = change()
            assert not is_reviewed(after)
            assert after.episode.state is EpisodeState.CAPTURED

    def test_wiping_the_original_of_what_was_reviewed_covered_keeps_the_review(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        ready(signed_in, view, Route.RADS)
        cover(signed_in, view)
        vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
        reviewing.review(vault, operator, episode_id)
        assert is_reviewed(deriving.wipe_covered(vault, operator, episode_id))


class TestOrder:
    def test_pictures_are_sent_in_the_chosen_order(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        lesion = view.lesions[0]
        vault, episode_id = signed_in.vault, view.episode.id
        picture_review.move(vault, episode_id, lesion.id, DERMOSCOPIC, -2)
        picture_review.move(vault, episode_id, lesion.id, GENERAL, 5)
        assert list(now(signed_in, view).taken(lesion)) == [DERMOSCOPIC, CLOSEUP, GENERAL]
        take(signed_in, view, CLOSEUP, seed=4)
        assert list(now(signed_in, view).taken(lesion)) == [DERMOSCOPIC, CLOSEUP, GENERAL]
        made = make(signed_in, view, packages)
        assert [one.name for one in made.package.files[1:]] == [
            "L1-dermoscopic.jpg",
            "L1-closeup.jpg",
            "L1-general.jpg",
        ]

    def test_a_missing_picture_cannot_be_moved(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        with pytest.raises(LookupError):
            picture_review.move(
                signed_in.vault, view.episode.id, view.lesions[0].id, ShotKind.LATERAL, 1
            )


class TestEarlier:
    def earlier(self, signed_in: SignedIn, view: EpisodeView) -> tuple[picture_review.Earlier, ...]:
        current = now(signed_in, view)
        return picture_review.earlier_pictures(
            signed_in.vault, current, current.lesions[0], GENERAL
        )

    def test_what_a_retake_replaced_can_be_compared(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, GENERAL)
        assert self.earlier(signed_in, view) == ()
        take(signed_in, view, GENERAL, seed=2)
        (one,) = self.earlier(signed_in, view)
        assert one.is_same_visit
        assert one.capture == now(signed_in, view).captures[0]

    def test_a_retained_visit_of_the_same_patient_is_offered_the_same_site_first(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, GENERAL)
        elsewhere = episodes.save_lesion(
            signed_in.vault,
            view.episode.id,
            lesion_id=None,
            site_code="70559009",
            side=Side.RIGHT,
        )
        other_site = episodes.view_of(signed_in.vault, elsewhere.episode.id)
        take(signed_in, _only(other_site, 1), GENERAL, seed=5)
        retaining.retain(
            signed_in.vault,
            signed_in.operator,
            view.episode.id,
            reason="Follow-up in three months",
            owner_id=signed_in.operator.id,
            review_on=view.episode.opened_at.date() + timedelta(days=90),
            today=view.episode.opened_at.date(),
        )
        again = an_episode(signed_in)
        take(signed_in, again, GENERAL, seed=6)
        found = self.earlier(signed_in, again)
        assert [one.is_same_site for one in found] == [True, False]
        assert not any(one.is_same_visit for one in found)

    def test_another_patient_is_never_offered(self, signed_in: SignedIn, view: EpisodeView) -> None:
        from dataclasses import replace

        from dermstation.domain.identity import NhsNumber

        take(signed_in, view, GENERAL)
        vault, operator = signed_in.vault, signed_in.operator
        other = replace(PATIENT, nhs_number=NhsNumber.parse("9990000026"), family_name="Two")
        opened = episodes.open_episode(vault, operator, other).episode.id
        episodes.record_consent(
            vault, operator, opened, given=True, form=ConsentForm.VERBAL, secondary_use=False
        )
        lesion = view.lesions[0]
        found = episodes.save_lesion(
            vault, opened, lesion_id=None, site_code=lesion.site_code, side=lesion.side
        )
        take(signed_in, found, GENERAL, seed=9)
        assert self.earlier(signed_in, found) == ()


def _only(view: EpisodeView, place: int) -> EpisodeView:
    from dataclasses import replace

    return replace(view, lesions=(view.lesions[place],))
