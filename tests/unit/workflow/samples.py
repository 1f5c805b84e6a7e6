"""Made-up records for the workflow's tests."""

from datetime import UTC, date, datetime, timedelta

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    MediaType,
    new_id,
)
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.workflow.walk import EpisodeView

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATIENT = Patient(new_id(), "Test", "Patient-One", date(1958, 9, 3), NhsNumber("9990000018"))


def report(shot: ShotKind, verdict: Verdict = Verdict.GOOD) -> QualityReport:
    focus = Judgement(Aspect.FOCUS, 88, verdict, None if verdict is Verdict.GOOD else Cause.DEFOCUS)
    light = Judgement(Aspect.EXPOSURE, 91, Verdict.GOOD)
    return QualityReport(shot, 1600, 1200, (focus, light), 4.0)


def lesion(episode_id: str, number: int = 1) -> Lesion:
    return Lesion(new_id(), episode_id, number, "41550009", Side.LEFT)


def capture(of: Lesion, shot: ShotKind, minute: int = 0) -> Capture:
    return Capture(
        id=new_id(),
        episode_id=of.episode_id,
        lesion_id=of.id,
        shot=shot,
        sha256="0" * 64,
        media_type=MediaType.PNG,
        size_bytes=1,
        width=1600,
        height=1200,
        captured_at=START + timedelta(minutes=minute),
        captured_by="operator",
        camera="Simulated dermatoscope",
        report=report(shot),
    )


def consent(*, given: bool = True) -> Consent:
    return Consent(given, ConsentForm.VERBAL, False, START, "operator")


def view(
    state: EpisodeState = EpisodeState.OPEN,
    *,
    agreed: Consent | None = None,
    lesions: tuple[Lesion, ...] = (),
    captures: tuple[Capture, ...] = (),
    episode_id: str = "e" * 32,
) -> EpisodeView:
    episode = Episode(episode_id, PATIENT.id, state, START, "operator", agreed)
    return EpisodeView(episode, PATIENT, lesions, captures)
