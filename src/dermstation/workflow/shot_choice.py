"""What becomes of a held picture that looks like another shot than the one it was taken as.

The operator decides: it is stored as what it looks like, or it stays what it is. Both are recorded
with the capture. Plain functions; any thread.
"""

from dataclasses import replace

from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.workflow.capturing import Held


def stored_as(held: Held, shot: ShotKind) -> Held:
    """Return the held picture as another shot, judged anew; no byte of it changes.

    What was noted for the first shot does not hold for another one: its light and its scale.
    """
    details = replace(
        held.details,
        pressed_as=held.details.pressed_as or held.shot,
        kind_kept=None,
        polarisation=None,
        mm_per_px=None,
        scale_error=None,
    )
    return replace(held, shot=shot, report=assess(held.pixels, shot), details=details)


def kept_as_taken(held: Held) -> Held:
    """Return the held picture with the note that it is what it was taken as."""
    return replace(held, details=replace(held.details, kind_kept=True))
