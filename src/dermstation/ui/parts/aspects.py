"""Names for the aspects of a picture's quality, and a short text for when one is fine."""

from dermstation.domain.quality import ADVICE, Aspect, Judgement, Verdict

ASPECT_NAMES: dict[Aspect, str] = {
    Aspect.FOCUS: "Focus",
    Aspect.EXPOSURE: "Light",
    Aspect.GLARE: "Glare",
    Aspect.COLOUR: "Colour",
    Aspect.FRAMING: "Framing",
}
FINE: dict[Aspect, str] = {
    Aspect.FOCUS: "Sharp.",
    Aspect.EXPOSURE: "Well lit.",
    Aspect.GLARE: "No shine.",
    Aspect.COLOUR: "True colours.",
    Aspect.FRAMING: "Well framed.",
}


def advice_on(judgement: Judgement) -> str:
    """Return the advice on a judgement, or that it is fine if the verdict is good."""
    if judgement.cause is not None:
        return ADVICE[judgement.cause]
    return FINE[judgement.aspect] if judgement.verdict is Verdict.GOOD else ""
