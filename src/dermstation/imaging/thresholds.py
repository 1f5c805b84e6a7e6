"""Where good ends and poor begins, for each kind of shot: the one table of judgement.

Values are in the units of their names, at working scale. Holds no code that measures; any thread
or process.
"""

from dataclasses import dataclass

from dermstation.domain.shots import ShotKind


@dataclass(frozen=True, slots=True)
class Limit:
    """A measure is good up to `good`, poor beyond `poor`, fair between them."""

    good: float
    poor: float


@dataclass(frozen=True, slots=True)
class ShotLimits:
    """What is asked of one kind of shot.

    `highlight_stops` is how far below saturation the brightest tenth may lie. A close-up of brown
    skin in good light has it at 1 to 2.6, any skin three stops too dark beyond 2.9.
    """

    blur_radius_px: Limit
    least_textured_tiles: int
    highlight_stops: Limit
    clipped_share: Limit
    over_median_linear: float  # lost highlights with a median above this: all is too bright
    over_clipped_share: float  # and so from this share of lost highlights on
    unevenness_stops: Limit


_CLOSEUP = ShotLimits(
    blur_radius_px=Limit(2.3, 3.3),
    least_textured_tiles=6,
    highlight_stops=Limit(2.65, 2.95),
    clipped_share=Limit(0.03, 0.15),
    over_median_linear=0.8,
    over_clipped_share=0.35,
    unevenness_stops=Limit(2.3, 3.2),
)

SHOT_LIMITS: dict[ShotKind, ShotLimits] = {
    ShotKind.CLOSEUP: _CLOSEUP,
    ShotKind.LATERAL: _CLOSEUP,
    ShotKind.DERMOSCOPIC: ShotLimits(
        blur_radius_px=Limit(2.0, 2.8),
        least_textured_tiles=6,
        highlight_stops=Limit(2.65, 2.95),
        clipped_share=Limit(0.03, 0.15),
        over_median_linear=0.8,
        over_clipped_share=0.35,
        unevenness_stops=Limit(1.2, 2.2),
    ),
    # a whole body part in a room: window, shadow and background belong to the scene
    ShotKind.GENERAL: ShotLimits(
        blur_radius_px=Limit(2.6, 3.8),
        least_textured_tiles=6,
        highlight_stops=Limit(2.65, 2.95),
        clipped_share=Limit(0.08, 0.25),
        over_median_linear=0.85,
        over_clipped_share=0.40,
        unevenness_stops=Limit(3.0, 4.5),
    ),
}
