"""Words for what the camera's state means for the picture and the shutter. Any thread."""

from dermstation.camera.frames import STALE_AFTER_S

SLOW = "slow"  # besides the states of the link: it streams, but too slowly to aim
TORN = "torn"  # likewise, if most of its pictures arrive damaged
_OPENING, _STREAMING = "opening", "streaming"


def over_picture(state: str, text: str, age_s: float | None) -> tuple[str, ...]:
    """Return the lines to show over the picture, the first one large; none over a live picture."""
    if state != _STREAMING:
        return tuple((text or "Waiting for the camera").split("\n"))
    if age_s is None:
        return ("Waiting for the first picture",)
    if age_s > STALE_AFTER_S:
        return (f"This picture is {age_s:.1f} s old", "Wait until the picture moves again.")
    return ()


def is_opening(state: str, age_s: float | None) -> bool:
    """Return whether the first picture is on its way."""
    return state == _OPENING or (state == _STREAMING and age_s is None)


def dead_because(state: str, age_s: float | None) -> str:
    """Return briefly why no picture can be taken now; empty if one can."""
    if state == SLOW:
        return "The camera is too slow"
    if state == TORN:
        return "The pictures are damaged"
    if state != _STREAMING:
        return "No live picture"
    if age_s is None:
        return "Waiting for a picture"
    return "The picture is too old" if age_s > STALE_AFTER_S else ""


def not_judged(*, is_live: bool, only_at_rest: bool) -> tuple[str, str]:
    """Return in large and in small words why the picture is not judged now."""
    if not is_live:
        return ("No live picture", "Nothing to judge yet.")
    if only_at_rest:
        return ("Hold still", "The picture is checked once it rests.")
    return ("One moment", "The picture is being checked.")
