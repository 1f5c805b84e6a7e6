"""Judge a key file by what the open index says: this vault's, or changed, foreign, out of date.

Pure. A file that the index key seals is the vault's. Of any other this names the first thing
that differs from what the index says, for the audit and for whoever has to find out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from dermstation.security.keyfile import FIRST_WITH_MAC, KeyFile, KeyImage
from dermstation.security.slots import OperatorSlot


class KeyFileFault(StrEnum):
    """The faults of a key file."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OLDER = "older"  # genuine, and further behind the other one than a write that was cut off
    NEWER_FORMAT = "newer_format"
    OLDER_FORMAT = "older_format"  # without a MAC, although this vault's have one
    OTHER_VAULT = "other_vault"
    RECOVERY_KEY = "recovery_key"
    REVOKED_OPERATOR = "revoked_operator"
    UNKNOWN_OPERATOR = "unknown_operator"
    PUBLIC_KEY = "public_key"
    SLOT = "slot"  # another field of an operator's slot
    SLOT_MISSING = "slot_missing"
    INDEX_KEY = "index_key"  # sealed keys of another time
    ALTERED = "altered"  # generation, anchor, sealed keys or MAC


@dataclass(frozen=True, slots=True)
class Authorised:
    """The holders who may unlock the vault, as the encrypted index says."""

    vault_id: str
    recovery_public: bytes
    slots: tuple[OperatorSlot, ...]  # without sealed keys
    revoked: Collection[str] = ()  # ids of operators

    def fits(self, content: KeyFile) -> bool:
        """Return whether a key file offers exactly the ways in that the index knows."""
        return (
            content.vault_id == self.vault_id
            and content.recovery.public == self.recovery_public
            and len(content.slots) == len(self.slots)
            and _by_id(content.slots) == _by_id(self.slots)
        )


def fault_of(one: KeyImage, key: bytes | bytearray, authorised: Authorised) -> KeyFileFault | None:
    """Return what is wrong with a key file, given the key of the open index; None if nothing is."""
    if one.image is None:
        return KeyFileFault.MISSING
    if one.newer_format:
        return KeyFileFault.NEWER_FORMAT
    if one.content is None:
        return KeyFileFault.DAMAGED
    if one.is_sealed_by(key):
        return None
    return _difference(one.content, key, authorised)


def _difference(content: KeyFile, key: bytes | bytearray, authorised: Authorised) -> KeyFileFault:
    if content.format < FIRST_WITH_MAC:
        return KeyFileFault.OLDER_FORMAT
    if content.vault_id != authorised.vault_id:
        return KeyFileFault.OTHER_VAULT
    if not content.is_about(key):
        return KeyFileFault.INDEX_KEY
    if content.recovery.public != authorised.recovery_public:
        return KeyFileFault.RECOVERY_KEY
    return _slot_fault(content, authorised) or KeyFileFault.ALTERED


def _slot_fault(content: KeyFile, authorised: Authorised) -> KeyFileFault | None:
    known = _by_id(authorised.slots)
    for slot in content.slots:
        expected = known.pop(slot.operator.id, None)
        if expected is None:
            is_revoked = slot.operator.id in authorised.revoked
            return KeyFileFault.REVOKED_OPERATOR if is_revoked else KeyFileFault.UNKNOWN_OPERATOR
        if slot.keys.public != expected.keys.public:
            return KeyFileFault.PUBLIC_KEY
        if slot.bare() != expected:
            return KeyFileFault.SLOT
    return KeyFileFault.SLOT_MISSING if known else None


def _by_id(slots: tuple[OperatorSlot, ...]) -> dict[str, OperatorSlot]:
    return {slot.operator.id: slot.bare() for slot in slots}
