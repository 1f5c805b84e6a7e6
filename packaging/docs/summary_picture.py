"""Write docs/images/summary.png, the summary of a made-up patient: make docs.

The pictures are those of the simulated dermatoscope.
"""

import hashlib
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2

from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.optics import Optics
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.consents import Answer
from dermstation.domain.identity import NhsNumber, Patient, Sex
from dermstation.domain.lesion_facts import (
    LesionFacts,
    Note,
    Point,
    Question,
    Spot,
    made_history,
)
from dermstation.domain.opinion import Opinion
from dermstation.domain.quality import QualityReport
from dermstation.domain.records import (
    Capture,
    CaptureDetails,
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    MediaType,
    Polarisation,
)
from dermstation.domain.routes import Route
from dermstation.domain.set_score import set_score
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import (
    CaptureContents,
    LesionContents,
    PackageContents,
    Referrer,
)
from dermstation.handover.plan import SUMMARY_NAME
from dermstation.imaging.assessment import assess
from dermstation.imaging.codec import encode_jpeg

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "summary.png"
AT = datetime(2025, 7, 12, 9, 32, 5, tzinfo=UTC)
SIZE_PX = (1600, 1200)
DOTS_PER_INCH = 90
MM_PER_PX = {ShotKind.GENERAL: 0.25, ShotKind.CLOSEUP: 0.05, ShotKind.DERMOSCOPIC: 0.0125}
POLARISED = {ShotKind.DERMOSCOPIC: Polarisation.POLARISED}
_YES = (
    *(Question.PIGMENTED, Question.SIZE_CHANGED, Question.BLEEDS),
    *(Question.SKIN_CANCER, Question.ANTICOAGULANTS),
)
_NO = (
    *(Question.CRUSTS, Question.ITCHES, Question.SHAPE_CHANGED, Question.SEVERAL),
    *(Question.FAMILY_SKIN_CANCER, Question.IMMUNOSUPPRESSED, Question.PACEMAKER),
)
FACTS = LesionFacts(
    spot=Spot("back", 0.22, 0.42),
    history=made_history(
        {**dict.fromkeys(_YES, Answer.YES), **dict.fromkeys(_NO, Answer.NO)},
        {
            Note.SIZE_MM: "9",
            Note.ELEVATION: "partly raised",
            Note.DURATION: "two years",
            Note.TEMPO: "doubled in six weeks",
            Note.SKIN_TYPE: "II",
            Note.ANTICOAGULANT: "apixaban",
            Note.ALLERGIES: "latex",
            Note.PERFORMANCE: "1",
            Note.UNAVAILABLE: "3 to 17 August",
            Note.MEDICINES: "apixaban, ramipril",
            Note.CONDITIONS: "hypertension, atrial fibrillation",
        },
        frozenset({Point.SIZE, Point.COLOUR, Point.DIAMETER}),
    ),
    opinion=Opinion("?Melanoma", "dysplastic naevus"),
)


def example() -> PackageContents:
    """Return the contents of a package with one lesion and its three pictures."""
    lesion = Lesion(
        *("1" * 32, "e" * 32, 1, "41550009", Side.LEFT),
        "Dark patch noticed by partner; doubled since June. No trauma.",
        facts=FACTS,
    )
    held = tuple(_held(lesion, shot) for shot in STANDARD_SHOTS)
    reports: dict[ShotKind, QualityReport] = {one.capture.shot: one.capture.report for one in held}
    consent = Consent(True, ConsentForm.VERBAL, False, AT, "n1")
    question = "Is excision needed, or can it be watched?"
    number = NhsNumber.parse("9990000018")
    return PackageContents(
        package_id="0123456789abcdef" * 2,
        episode=Episode(
            *("e" * 32, "p" * 32, EpisodeState.REVIEWED, AT, "n1", consent, Route.RADS, question)
        ),
        patient=Patient("p" * 32, "Test", "Patient-One", date(1958, 9, 3), number, sex=Sex.FEMALE),
        lesions=(LesionContents(lesion, held, score=set_score(reports, ruler_confirmed=True)),),
        operators={"n1": "Nurse Test", "c1": "Dr Test"},
        practice_name="Test Surgery",
        created_at=AT,
        created_by="c1",
        told=Answer.YES,
        referrer=Referrer("clinician", "GMC 1234567", "01632 960001"),
        reviewed_by="c1",
    )


def _held(lesion: Lesion, shot: ShotKind) -> CaptureContents:
    knobs = Knobs(scene=Scene(shot.value))
    key = SceneKey.of(knobs, *SIZE_PX)
    pixels = Optics(key, render(key)).frame(0, knobs)
    data = encode_jpeg(pixels, 92)
    sha256 = hashlib.sha256(data).hexdigest()
    capture = Capture(
        id=sha256[:32],
        episode_id=lesion.episode_id,
        lesion_id=lesion.id,
        shot=shot,
        sha256=sha256,
        media_type=MediaType.JPEG,
        size_bytes=len(data),
        width=SIZE_PX[0],
        height=SIZE_PX[1],
        captured_at=AT,
        captured_by="n1",
        camera="sim",
        report=assess(pixels, shot),
        details=CaptureDetails(
            mm_per_px=MM_PER_PX[shot], scale_error=0.03, polarisation=POLARISED.get(shot)
        ),
    )
    return CaptureContents(capture, data)


def page() -> bytes:
    """Return the summary's page as a PNG."""
    document = pypdfium2.PdfDocument(assemble(example()).data[SUMMARY_NAME])
    file = BytesIO()
    try:
        document[0].render(scale=DOTS_PER_INCH / 72).to_pil().save(file, "PNG", optimize=True)
    finally:
        document.close()
    return file.getvalue()


if __name__ == "__main__":
    PICTURE.write_bytes(page())
