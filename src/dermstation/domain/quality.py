"""The quality report of a picture: its measurements and its verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dermstation.domain.shots import ShotKind


class Verdict(StrEnum):
    """The fitness of a picture for its purpose; it says nothing about the lesion."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"

    @property
    def badness(self) -> int:
        """Return the rank of the verdict: 0 good, 1 fair, 2 poor."""
        return _BADNESS[self]


_BADNESS = {verdict: place for place, verdict in enumerate(Verdict)}


class Aspect(StrEnum):
    """One thing that is measured on a picture."""

    FOCUS = "focus"
    EXPOSURE = "exposure"
    GLARE = "glare"
    COLOUR = "colour"
    FRAMING = "framing"


class Cause(StrEnum):
    """A reason why an aspect is not good."""

    DEFOCUS = "defocus"
    SHAKE = "shake"
    CANNOT_TELL = "cannot_tell"
    NOISY = "noisy"
    UNDER = "under"
    OVER = "over"
    CLIPPED = "clipped"
    UNEVEN = "uneven"
    GLARE = "glare"
    CAST = "cast"
    YELLOWISH = "yellowish"
    BLUISH = "bluish"
    GREENISH = "greenish"
    PINKISH = "pinkish"
    NO_SKIN = "no_skin"
    NO_FIELD = "no_field"
    NO_LESION = "no_lesion"
    LESION_SMALL = "lesion_small"
    LESION_CUT = "lesion_cut"
    OFF_CENTRE = "off_centre"
    NO_RULER = "no_ruler"
    TOO_CLOSE = "too_close"
    DAMAGED = "damaged"
    LOOKS_GENERAL = "looks_general"
    LOOKS_CLOSEUP = "looks_closeup"
    LOOKS_DERMOSCOPIC = "looks_dermoscopic"
    KIND_UNCLEAR = "kind_unclear"
    SCOPE_ON = "scope_on"
    WHICH_LESION = "which_lesion"

    @property
    def looks_like(self) -> ShotKind | None:
        """Return the shot that the picture looks like, if this says that it is another one."""
        return _LOOKS_LIKE.get(self)


_LOOKS_LIKE = {
    Cause.LOOKS_GENERAL: ShotKind.GENERAL,
    Cause.LOOKS_CLOSEUP: ShotKind.CLOSEUP,
    Cause.LOOKS_DERMOSCOPIC: ShotKind.DERMOSCOPIC,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One aspect of a picture: score 0-100, verdict, cause, and the measurements behind them."""

    aspect: Aspect
    score: float
    verdict: Verdict
    cause: Cause | None = None
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The judgement of each aspect of one picture, made on the frame that is stored."""

    shot: ShotKind
    width: int
    height: int
    judgements: tuple[Judgement, ...]
    elapsed_ms: float

    def judgement(self, aspect: Aspect) -> Judgement:
        """Return the judgement of `aspect`. Raises KeyError if it was not measured."""
        for found in self.judgements:
            if found.aspect is aspect:
                return found
        raise KeyError(aspect)

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict of all aspects."""
        return max(
            (found.verdict for found in self.judgements), key=lambda verdict: verdict.badness
        )

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Return the causes, worst first."""
        worst_first = sorted(
            self.judgements, key=lambda found: (-found.verdict.badness, found.score)
        )
        return tuple(found.cause for found in worst_first if found.cause is not None)

    @property
    def looks_like(self) -> ShotKind | None:
        """Return the other shot that the picture looks like, or None."""
        found = (cause.looks_like for cause in self.causes)
        return next((shot for shot in found if shot is not None), None)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values, for the vault."""
        return {
            "shot": self.shot.value,
            "width": self.width,
            "height": self.height,
            "elapsed_ms": round(self.elapsed_ms, 2),
            "findings": [
                {
                    "aspect": found.aspect.value,
                    "score": found.score,
                    "verdict": found.verdict.value,
                    "cause": found.cause.value if found.cause else None,
                    "measures": dict(found.measures),
                }
                for found in self.judgements
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "QualityReport":
        """Read the result of `to_json`. Raises KeyError or ValueError on anything else."""
        try:
            return cls(
                shot=ShotKind(data["shot"]),
                width=int(data["width"]),
                height=int(data["height"]),
                elapsed_ms=float(data["elapsed_ms"]),
                judgements=tuple(_judgement_from_json(item) for item in data["findings"]),
            )
        except TypeError as error:
            raise ValueError("not a quality report") from error


def _judgement_from_json(item: Mapping[str, Any]) -> Judgement:
    return Judgement(
        aspect=Aspect(item["aspect"]),
        score=float(item["score"]),
        verdict=Verdict(item["verdict"]),
        cause=Cause(item["cause"]) if item["cause"] else None,
        measures=dict(item["measures"]),
    )
