"""Say what the camera's state means for the picture and for the shutter. Pure; any thread."""

from dermstation.camera.frames import STALE_AFTER_S

SLOW = "slow"  # beside the states of the link: it streams, but nothing can be aimed by that
TORN = "torn"  # and so is this: most of its pictures arrive damaged
_STREAMING = "streaming"


def over_picture(state: str, text: str, age_s: float | None) -> tuple[str, ...]:
    """Give the lines laid over the picture, the first one large; none over a live picture."""
    if state != _STREAMING:
        return tuple((text or "Waiting for the camera").split("\n"))
    if age_s is None:
        return ("Waiting for the first picture",)
    if age_s > STALE_AFTER_S:
        return (f"This picture is {age_s:.1f} s old", "Wait until the picture moves again.")
    return ()


def dead_because(state: str, age_s: float | None) -> str:
    """Say in a few words why no picture can be taken now; empty where one can."""
    if state == SLOW:
        return "The camera is too slow"
    if state == TORN:
        return "The pictures are damaged"
    if state != _STREAMING:
        return "No live picture"
    if age_s is None:
        return "Waiting for a picture"
    return "The picture is old" if age_s > STALE_AFTER_S else ""
