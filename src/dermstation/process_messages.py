"""What the launcher and the station's processes say to each other over their pipe.

A line of JSON, then bytes that only the receiver understands. Both ends are this program, started
by the launcher; what is secret is sealed before it gets here (`workflow.succession`).
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class LineKind(StrEnum):
    """Every kind of message."""

    # from a station process
    READY = "ready"  # it may become the station; `public` is its public key
    SHOWN = "shown"  # its window is on the screen
    GIVE_WAY = "give_way"  # its vault is closed: a successor shall take over
    WIPED = "wiped"  # a successor will go on with the session soon; passed on to it

    # from the launcher
    WANTED = "wanted"  # the first message: what the command line said
    BEGIN = "begin"  # become the station
    SUCCESSOR = "successor"  # `public` is the key of the process that waits; empty: none waits
    REFUSED = "refused"  # nobody can take over: go on yourself
    END = "end"  # the successor is on the screen


@dataclass(frozen=True, slots=True)
class LineMessage:
    """One message: plain JSON values, and a body of bytes."""

    kind: LineKind
    facts: dict[str, Any] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    def to_bytes(self) -> bytes:
        """Return the message as it goes through the pipe."""
        head = json.dumps([self.kind.value, self.facts]).encode()
        return b"\n".join((head, self.body))

    @classmethod
    def from_bytes(cls, data: bytes) -> "LineMessage":
        """Return the message for what `to_bytes` wrote. Raises ValueError for anything else."""
        head, _, body = data.partition(b"\n")
        kind, facts = json.loads(head)
        return cls(LineKind(kind), facts, body)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line said."""

    home: Path
    camera: str = ""

    def to_message(self) -> LineMessage:
        """Return the message that says it to a process of the station."""
        return LineMessage(LineKind.WANTED, {"home": str(self.home), "camera": self.camera})

    @classmethod
    def from_message(cls, message: LineMessage) -> "Wanted":
        """Return what the message says."""
        return cls(Path(message.facts["home"]), message.facts["camera"])
