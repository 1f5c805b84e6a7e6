"""What the operator decides on a picture that looks like another shot is kept with it."""

import time
from dataclasses import replace

import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.workflow.capturing import CaptureLoop, Held, hold, save
from dermstation.workflow.notices import details_words
from dermstation.workflow.shot_choice import kept_as_taken, stored_as
from tests.unit.workflow.conftest import an_episode

LIKE_A_CLOSEUP = QualityReport(
    ShotKind.DERMOSCOPIC,
    64,
    48,
    (Judgement(Aspect.FRAMING, 34, Verdict.FAIR, Cause.LOOKS_CLOSEUP),),
    1.0,
)


def held() -> Held:
    pixels = np.random.default_rng(7).integers(60, 200, (48, 64, 3), dtype=np.uint8)
    frame = Frame(1, time.perf_counter_ns(), Encoding.BGR, 64, 48, pixels)
    one = hold(frame, ShotKind.DERMOSCOPIC, "Simulated dermatoscope")
    details = replace(
        one.details, polarisation=Polarisation.POLARISED, mm_per_px=0.01, scale_error=0.02
    )
    return replace(one, report=LIKE_A_CLOSEUP, details=details)


def test_stored_as_another_shot_it_is_judged_anew_and_has_no_scale_of_the_scope() -> None:
    one = held()
    other = stored_as(one, ShotKind.CLOSEUP)
    assert (other.shot, other.report.shot) == (ShotKind.CLOSEUP, ShotKind.CLOSEUP)
    assert (other.data, other.sha256, other.capture_id) == (one.data, one.sha256, one.capture_id)
    assert other.details.pressed_as is ShotKind.DERMOSCOPIC
    assert other.details.mm_per_px is other.details.scale_error is None
    assert other.details.polarisation is None
    assert "taken as dermoscopic" in details_words(other.details)


def test_stored_as_a_third_shot_the_first_one_is_remembered() -> None:
    there = stored_as(held(), ShotKind.CLOSEUP)
    assert stored_as(there, ShotKind.GENERAL).details.pressed_as is ShotKind.DERMOSCOPIC


@pytest.mark.parametrize("answered", [True, False])
def test_what_was_kept_against_the_advice_is_in_the_vault_and_in_the_audit(
    signed_in, answered: bool
) -> None:
    view = an_episode(signed_in)
    one = kept_as_taken(held()) if answered else held()
    save(signed_in.vault, one, view.lesions[0], signed_in.operator, None)
    (saved,) = signed_in.vault.captures.of_episode(view.episode.id)
    assert saved.details == one.details
    assert saved.report.looks_like is ShotKind.CLOSEUP
    entry = signed_in.vault.audit.newest(AuditEvent.CAPTURED)
    assert entry is not None
    assert (entry.facts["looks_like"], entry.facts["kept"]) == ("closeup", answered)


def test_only_the_frame_under_review_is_decided_on() -> None:
    loop, one = CaptureLoop.resumed(held()), held()
    assert loop.held is not None
    loop.review_as(kept_as_taken(loop.held))
    with pytest.raises(StationError) as trouble:
        loop.review_as(one)
    assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED
