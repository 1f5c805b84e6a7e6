"""What the page knows of the camera and the newest frame, and what follows from it. GUI thread.

One place decides whether there is a live picture to judge, so that light, meters, shutter and the
words over the picture never contradict each other.
"""

from dermstation.domain.quality import QualityReport
from dermstation.ui.capture.camera_words import (
    dead_because,
    is_opening,
    not_judged,
    over_picture,
)


class CameraState:
    """The state of the link, the age of the newest frame, and the report on it."""

    def __init__(self) -> None:
        self.link = ("", "")
        self.age_s: float | None = None
        self.pace = ""  # in words, if the picture is checked less often than usual
        self.report: QualityReport | None = None
        self.only_at_rest = False

    @property
    def over_picture(self) -> tuple[str, ...]:
        """Return the lines to show over the picture; none over a live one."""
        return over_picture(*self.link, self.age_s)

    @property
    def is_opening(self) -> bool:
        """Return whether the camera is on its way to its first picture."""
        return is_opening(self.link[0], self.age_s)

    @property
    def dead_because(self) -> str:
        """Return why no picture can be taken now; empty if one can."""
        return dead_because(self.link[0], self.age_s)

    @property
    def age_words(self) -> str:
        """Return the age of the live picture; empty if there is none."""
        fresh = self.age_s is not None and not self.over_picture
        pace = f"  \u00b7  {self.pace}" if self.pace else ""
        return f"Live  \u00b7  {self.age_s:.2f} s{pace}" if fresh else ""

    @property
    def judged(self) -> QualityReport | None:
        """Return the report on the picture that is live now; None if it is old or covered."""
        return None if self.dead_because or self.over_picture else self.report

    @property
    def unread(self) -> tuple[str, str]:
        """Return in large and in small words why nothing is judged, if nothing is."""
        is_live = self.age_s is not None and not self.dead_because and not self.over_picture
        return not_judged(is_live=is_live, only_at_rest=self.only_at_rest)
