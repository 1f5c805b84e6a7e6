"""What a picture of the colour chart says of a camera, and its words. Pure; nothing of a patient.

The verdicts are of the camera with its light, as the practice uses it. Never of a person.
"""

from dataclasses import dataclass
from datetime import date

from dermstation.domain.quality import Verdict

SOURCE = "The station's own words for what it measures; CIEDE2000, ISO 12233: docs/quality.md"
GOOD_DIFFERENCE, POOR_DIFFERENCE = 5.0, 10.0  # CIEDE2000, median of the patches
GOOD_UNEVEN_STOPS, POOR_UNEVEN_STOPS = 0.5, 1.0
LOST_SHARPNESS = 0.7  # of the first check's sharpness
DRIFT_DIFFERENCE = 3.0


@dataclass(frozen=True, slots=True)
class ChartCheck:
    """One check of one camera: differences are CIEDE2000, sharpness is MTF50."""

    camera: str
    checked_on: date
    median: float
    worst: float
    sharpness_cy_px: float | None
    sharpness_lp_mm: float | None
    unevenness_stops: float

    @property
    def colour(self) -> Verdict:
        """Return how right the colours are."""
        return _verdict(self.median, GOOD_DIFFERENCE, POOR_DIFFERENCE)

    @property
    def evenness(self) -> Verdict:
        """Return how even the light is."""
        return _verdict(self.unevenness_stops, GOOD_UNEVEN_STOPS, POOR_UNEVEN_STOPS)


COLOUR_WORDS: dict[Verdict, str] = {
    Verdict.GOOD: "The colours are right.",
    Verdict.FAIR: "The colours are off. Use one kind of light, and set the white balance.",
    Verdict.POOR: "The colours are wrong. Set the white balance, then check again.",
}
EVENNESS_WORDS: dict[Verdict, str] = {
    Verdict.GOOD: "The light is even.",
    Verdict.FAIR: "The light is a little uneven. Turn the chart towards the light.",
    Verdict.POOR: "The light is uneven. Keep shadows off the chart.",
}


def drift_words(first: ChartCheck, now: ChartCheck) -> str:
    """Return what has changed since the camera's first check."""
    changes = []
    if now.median - first.median > DRIFT_DIFFERENCE:
        changes.append("its colours have drifted")
    before, after = first.sharpness_cy_px, now.sharpness_cy_px
    if before is not None and after is not None and after < before * LOST_SHARPNESS:
        changes.append("it is less sharp: clean the lens and check the focus")
    if not changes:
        return "As at the first check."
    return f"Since the first check {' and '.join(changes)}."


def _verdict(value: float, good: float, poor: float) -> Verdict:
    if value <= good:
        return Verdict.GOOD
    return Verdict.FAIR if value <= poor else Verdict.POOR
