"""Words for the person at the screen where nothing fails just now, but something is to be told.

The words for troubles are in `workflow.messages`.
"""

from dataclasses import astuple

from dermstation.domain.errors import ErrorCode
from dermstation.workflow.messages import MESSAGES, Message

_SAVED = "Everything saved so far is safe."

WIPE_RESUMED = Message(
    "A wipe that was interrupted is finished now.", "", "This is its certificate."
)

NOT_SAVED_YET = Message(
    "A picture that was taken is not saved yet.",
    "It is still held.",
    "Use it or take it again, then close. To let it go, close once more.",
)


EPISODE_LEFT = Message(
    "The episode of the patient before is closed where it was.",
    _SAVED,
    "Continue it from this list at any time.",
)

SAVE_FIRST = Message(
    "The picture on the screen is not saved yet.",
    "It is still held.",
    "Use it or take it again, then change the patient.",
)

SAME_PATIENT = Message("The record system handed over this same patient.", "", "Go on.")

PATIENT_WAITS = Message(
    "The record system has handed over a patient.",
    "What you typed here is kept.",
    "Press \u201cBack\u201d to see who it is.",
)


def outstanding_words(files_left: int, damaged: int) -> Message | None:
    """Say what else than episodes is not finished; None where there is nothing to say."""
    parts = []
    if files_left:
        parts.append(MESSAGES[ErrorCode.WIPE_INCOMPLETE])
    if damaged:
        parts.append(
            Message(
                "Episodes whose file of pictures is missing or damaged: {damaged}.",
                "They are marked below. The other episodes are safe.",
                "Abandon such an episode, take the pictures in a new one, and tell IT.",
            )
        )
    if not parts:
        return None
    lines = (" ".join(lines) for lines in zip(*map(astuple, parts), strict=True))
    return Message(*(line.format(left=files_left, damaged=damaged) for line in lines))


def held_before_lock(operator_name: str, *, is_other: bool) -> Message:
    """Say whose picture it is that waited in memory while the station was locked."""
    name = f" It is saved as taken by {operator_name}." if is_other else ""
    return Message(
        f"This picture was taken before the station was locked.{name}",
        "It is held, and not saved yet.",
        "Look at it, then use it or take it again.",
    )


def withheld_words(count: int) -> Message:
    """Say what becomes of pictures that were taken before the patient declined."""
    return Message(
        f"The patient declined. Pictures taken before: {count}.",
        "They are not shown, not in the package, and are wiped with this episode.",
        "",
    )
