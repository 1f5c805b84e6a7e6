"""Names for the aspects of a picture's quality, and a short text for when one is fine."""

from dermstation.domain.advice import advice_for
from dermstation.domain.quality import Aspect, Judgement, Verdict
from dermstation.domain.shots import ShotKind

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


def advice_on(judgement: Judgement, shot: ShotKind) -> str:
    """Return the advice on a judgement of a shot, or that it is fine if the verdict is good."""
    if judgement.cause is not None:
        return advice_for(judgement.cause, shot)
    return FINE[judgement.aspect] if judgement.verdict is Verdict.GOOD else ""
