"""Words for the person at the screen where nothing fails just now, but something is to be told.

The words for troubles are in `workflow.messages`.
"""

from dataclasses import astuple

from dermstation.domain.errors import ErrorCode
from dermstation.workflow.messages import MESSAGES, Message

WIPE_RESUMED = Message(
    "A wipe that was interrupted is finished now.", "", "This is its certificate."
)

NOT_SAVED_YET = Message(
    "A picture that was taken is not saved yet.",
    "It is still held.",
    "Use it or take it again, then close. To let it go, close once more.",
)


def outstanding_words(files_left: int, damaged: int, overdue: int = 0) -> Message | None:
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
    if overdue:
        parts.append(
            Message(
                "Packages that lie unencrypted longer than they should: {overdue}.",
                "",
                "Continue each: confirm that it arrived, or withdraw it.",
            )
        )
    if not parts:
        return None
    lines = (" ".join(filter(None, lines)) for lines in zip(*map(astuple, parts), strict=True))
    facts = {"left": files_left, "damaged": damaged, "overdue": overdue}
    return Message(*(line.format(**facts) for line in lines))


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
