"""Describe in a few words what is wrong with a picture, for a reader who only looks at it.

What the person taking it should do is in `domain.advice`.
"""

from dermstation.domain.quality import Cause, QualityReport
from dermstation.domain.shots import ShotKind

SOURCE = "The station's own words for what it measures"
CAUSE_WORDS: dict[Cause, str] = {
    Cause.DEFOCUS: "not in focus",
    Cause.SHAKE: "shaken",
    Cause.CANNOT_TELL: "too little detail to judge the focus",
    Cause.NOISY: "too dark or noisy to judge the focus",
    Cause.UNDER: "too dark",
    Cause.OVER: "too bright",
    Cause.CLIPPED: "bright patches lost",
    Cause.UNEVEN: "unevenly lit",
    Cause.GLARE: "shiny spots",
    Cause.CAST: "tinted colours",
    Cause.YELLOWISH: "yellowish light",
    Cause.BLUISH: "bluish light",
    Cause.GREENISH: "greenish light",
    Cause.PINKISH: "pinkish light",
    Cause.NO_SKIN: "no skin recognised",
    Cause.NO_FIELD: "dermatoscope not flat on the skin",
    Cause.NO_LESION: "no lesion recognised",
    Cause.LESION_SMALL: "lesion small in the picture",
    Cause.LESION_CUT: "lesion cut off",
    Cause.OFF_CENTRE: "lesion not in the middle",
    Cause.NO_RULER: "no ruler recognised",
    Cause.TOO_CLOSE: "taken too close to show the place",
    Cause.DAMAGED: "damaged on the way from the camera",
    Cause.LOOKS_GENERAL: "looks like a general picture",
    Cause.LOOKS_CLOSEUP: "looks like a close-up",
    Cause.LOOKS_DERMOSCOPIC: "looks like dermoscopy",
    Cause.KIND_UNCLEAR: "kind of picture not recognised",
    Cause.SCOPE_ON: "taken through the dermatoscope",
    Cause.WHICH_LESION: "several similar lesions",
}
KEPT_AS: dict[ShotKind, str] = {
    ShotKind.GENERAL: "a general picture",
    ShotKind.CLOSEUP: "a close-up",
    ShotKind.DERMOSCOPIC: "dermoscopic",
    ShotKind.LATERAL: "a side view",
}


def quality_words(report: QualityReport) -> str:
    """Return the verdict and its reasons: "poor: shaken, too dark"."""
    reasons = reasons_of(report)
    return f"{report.verdict.value}: {reasons}" if reasons else report.verdict.value


def reasons_of(report: QualityReport) -> str:
    """Return the reasons for the verdict, worst first: "shaken, too dark"."""
    return ", ".join(_words_for(cause, report.shot) for cause in report.causes)


def _words_for(cause: Cause, shot: ShotKind) -> str:
    """Return the words for a cause; a stored picture that looks like another shot was kept."""
    words = CAUSE_WORDS[cause]
    if cause.looks_like is None:
        return words
    return f"kept as {KEPT_AS[shot]} although it {words}"
