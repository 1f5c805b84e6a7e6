"""Describe in a few words what is wrong with a picture, for a reader who only looks at it.

What the person taking it should do is in `domain.advice`.
"""

from dermstation.domain.quality import Cause, QualityReport

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
    Cause.NO_SKIN: "no skin recognised",
    Cause.NO_FIELD: "dermatoscope not flat on the skin",
    Cause.NO_LESION: "no lesion recognised",
    Cause.LESION_SMALL: "lesion small in the picture",
    Cause.LESION_CUT: "lesion cut off",
    Cause.OFF_CENTRE: "lesion not in the middle",
    Cause.NO_RULER: "no ruler recognised",
    Cause.TOO_CLOSE: "taken too close to show the place",
    Cause.DAMAGED: "damaged on the way from the camera",
}


def quality_words(report: QualityReport) -> str:
    """Return the verdict and its reasons: "poor: shaken, too dark"."""
    reasons = ", ".join(CAUSE_WORDS[cause] for cause in report.causes)
    return f"{report.verdict.value}: {reasons}" if reasons else report.verdict.value
