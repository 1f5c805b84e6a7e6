"""What a station process leaves to its successor: the place, never the secret in the clear.

At a lock the successor gets ids, numbers and a held frame that is sealed under a key which only an
open vault has. After a wipe, with the operator still signed in, it gets the index key as well,
sealed to a key pair that was made in the successor and for it alone. The launcher passes on what
it cannot read.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.process_messages import LineKind, LineMessage
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.keystore import Keystore
from dermstation.security.locked_memory import locked
from dermstation.security.sealing import WrongKeyError, public_key, seal, unseal
from dermstation.security.slots import IndexKeys
from dermstation.workflow import unlocking
from dermstation.workflow.outstanding import Reminder
from dermstation.workflow.unlocking import SignedIn

_PURPOSE = b"dermstation session v1"


@dataclass(frozen=True, slots=True)
class Left:
    """The place that was on the screen when the station was locked."""

    episode_id: str | None = None
    at_patient_form: bool = False


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where a window was, and whether somebody worked in it."""

    screen: str = ""
    is_minimised: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Inheritance:
    """Everything that a station process leaves to its successor."""

    place: WindowPlace = WindowPlace()
    left: Left = Left()
    tools: tuple[str, ...] = ()  # over the live picture, that were switched on
    reminder: Reminder = field(default_factory=Reminder)
    held: bytes = field(default=b"", repr=False)  # sealed by `held_sealing`
    operator_id: str = ""  # whose session goes on
    session: bytes = field(default=b"", repr=False)  # the index key, sealed to the successor

    def to_message(self) -> LineMessage:
        """Return the message that gives way."""
        facts = {
            "place": asdict(self.place),
            "left": asdict(self.left),
            "tools": list(self.tools),
            "reminder": asdict(self.reminder),
            "operator_id": self.operator_id,
            "session": self.session.hex(),
        }
        return LineMessage(LineKind.GIVE_WAY, facts, self.held)

    def with_tools(self, tools: tuple[str, ...]) -> "Inheritance":
        """Return a copy with the tools that are on."""
        return replace(self, tools=tools)

    @classmethod
    def from_message(cls, message: LineMessage) -> "Inheritance":
        """Return what the message to begin says; the first process inherits nothing."""
        facts: Mapping[str, Any] = message.facts
        if "place" not in facts:
            return cls()
        reminder = dict(facts["reminder"])
        reminder["folders_in_the_clear"] = tuple(reminder["folders_in_the_clear"])
        return cls(
            WindowPlace(**facts["place"]),
            Left(**facts["left"]),
            tuple(facts["tools"]),
            Reminder(**reminder),
            message.body,
            facts["operator_id"],
            bytes.fromhex(facts["session"]),
        )


class SessionKey:
    """The key pair of a process that waits; `forget` it once it is known what is inherited."""

    def __init__(self) -> None:
        self._private = locked(bytearray(secrets.token_bytes(KEY_BYTES)))
        self.public = public_key(self._private)

    def open(self, sealed: bytes) -> bytearray:
        """Return the index key that was sealed to this pair. Raises WrongKeyError."""
        return locked(unseal(sealed, self._private, _PURPOSE))

    def forget(self) -> None:
        """Overwrite the private key."""
        zero(self._private)


def hand_session_on(signed_in: SignedIn, successor: bytes) -> bytes:
    """Seal the index key to the successor and close the vault.

    Runs on the vault's thread. Raises StationError VAULT_*; the vault is closed even then.
    """
    vault = signed_in.vault
    try:
        with suppress(StationError):  # what waits for room on the disk goes on waiting
            unlocking.make_up_for(vault)
        with vault.index_keys() as keys:
            return seal(keys.current, successor, _PURPOSE)
    finally:
        vault.close()


def continue_session(
    folder: Path, operator_id: str, sealed: bytes, key: SessionKey, *, keystore: Keystore | None
) -> SignedIn:
    """Open the vault with the inherited key, for the operator who is signed in.

    Runs on the vault's thread. Raises StationError as `unlocking.sign_in` does.
    """
    try:
        current = key.open(sealed)
    except WrongKeyError:
        raise StationError(ErrorCode.VAULT_LOCKED) from None
    finally:
        key.forget()
    return unlocking.opened(folder, IndexKeys(current), operator_id, AuditEvent.CONTINUED, keystore)
