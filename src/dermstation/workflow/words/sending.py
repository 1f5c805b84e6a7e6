"""Words for what an archive did with pictures that were sent to it."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import Message

_HERE = "Nothing was wiped: the station still has every picture."

WORDS: dict[E, Message] = {
    E.ARCHIVE_NOT_STORED: Message(
        "The archive took the pictures but does not have all of them.",
        _HERE,
        "They are sent again. If this goes on, tell IT: its database or its disk may be down.",
    ),
    E.ARCHIVE_DIFFERS: Message(
        "The archive gave a picture back that is not the one that was sent.",
        _HERE,
        "Tell IT: it may have another file of the same number, which must be removed there first."
        " Then send the episode again.",
    ),
    E.ARCHIVE_OTHER: Message(
        "The archive answered with another picture or another patient.",
        _HERE,
        "Do not rely on that archive. Tell IT.",
    ),
    E.ARCHIVE_CORRECTED: Message(
        "The patient\u2019s details were corrected after the pictures were queued for the archive.",
        _HERE,
        "Send the episode to the archive again.",
    ),
    E.ARCHIVE_NOT_PROVEN: Message(
        "In the archive, read back and found equal: {proven} of {objects} pictures.",
        "Nothing has been wiped.",
        "Send them to the archive again, or withdraw the package and make it again without the"
        " archive.",
    ),
}
