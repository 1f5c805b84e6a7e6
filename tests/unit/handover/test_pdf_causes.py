"""The summary prints why each picture is not good and why it was used anyway."""

import dataclasses

import pytest

from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.quality_words import CAUSE_WORDS
from dermstation.domain.shots import ShotKind
from dermstation.handover.contents import LesionContents
from tests.unit.handover.test_pdf import built, words_of

ASPECTS = {
    Cause.GLARE: Aspect.GLARE,
    Cause.CAST: Aspect.COLOUR,
    Cause.UNDER: Aspect.EXPOSURE,
    Cause.OVER: Aspect.EXPOSURE,
    Cause.CLIPPED: Aspect.EXPOSURE,
    Cause.UNEVEN: Aspect.EXPOSURE,
    Cause.DEFOCUS: Aspect.FOCUS,
    Cause.SHAKE: Aspect.FOCUS,
    Cause.CANNOT_TELL: Aspect.FOCUS,
    Cause.NOISY: Aspect.FOCUS,
}


@pytest.mark.parametrize("cause", Cause)
def test_a_poor_picture_is_printed_with_its_cause_and_the_reason_it_was_used(made, cause) -> None:
    lesion = made["lesion_of"]()
    image = made["jpeg"](made["picture"](800, 600, seed=2))
    kept = made["held"](
        lesion, ShotKind.DERMOSCOPIC, image, override_reason="The site is hard to reach"
    )
    found = Judgement(ASPECTS.get(cause, Aspect.FRAMING), 10, Verdict.POOR, cause)
    report = QualityReport(ShotKind.DERMOSCOPIC, 800, 600, (found,), 4.0)
    kept = dataclasses.replace(kept, capture=dataclasses.replace(kept.capture, report=report))
    words = words_of(built(made["contents_of"](LesionContents(lesion, (kept,)))))
    kept_as = "kept as dermoscopic although it " if cause.looks_like else ""
    assert f"Poor: {kept_as}{CAUSE_WORDS[cause]}" in words
    assert "Kept because: The site is hard to reach" in words


def test_every_reason_is_printed_worst_first(made) -> None:
    lesion = made["lesion_of"]()
    kept = made["held"](lesion, ShotKind.DERMOSCOPIC, made["jpeg"](made["picture"](800, 600)))
    findings = (
        Judgement(Aspect.FOCUS, 88, Verdict.GOOD),
        Judgement(Aspect.GLARE, 52, Verdict.FAIR, Cause.GLARE),
        Judgement(Aspect.FRAMING, 12, Verdict.POOR, Cause.NO_FIELD),
    )
    report = QualityReport(ShotKind.DERMOSCOPIC, 800, 600, findings, 4.0)
    kept = dataclasses.replace(kept, capture=dataclasses.replace(kept.capture, report=report))
    words = words_of(built(made["contents_of"](LesionContents(lesion, (kept,)))))
    assert "Poor: dermatoscope not flat on the skin, shiny spots" in words
