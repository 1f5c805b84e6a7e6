"""The records in the key files: one slot for each operator, and the keys sealed for recovery.

Pure; `keyfile` writes these records and `accounts` uses them. The only plain text in them is the
sign-in list (operators' ids, names and roles), names of peppers, and numbers. The index holds the
same slots without the sealed keys: it decides which of them are valid.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from dermstation.domain.records import Operator, Role
from dermstation.security import pepper as peppers
from dermstation.security.kdf import KEY_BYTES, SALT_BYTES, KdfParameters, derive_wrapping_key, zero
from dermstation.security.locked_memory import locked
from dermstation.security.sealing import public_key, seal, unseal, unwrap, wrap

_INDEX_KEY = b"index key"
_WRAPPING = b"dermstation operator key v1 "


class Attempt(Protocol):
    """A counted try to sign in, to be settled once it is known whether the vault opens."""

    def forgive(self) -> None:
        """Forget all wrong tries: the vault is open."""

    def take_back(self, *, is_failed: bool) -> None:
        """Uncount this try: the vault did not open; `is_failed`: the audit shall know of it."""


@dataclass(slots=True, repr=False)
class IndexKeys:
    """The key of the vault's index and, during a rotation, the next one.

    `holder` and `public` name who unlocked them and by which public key, so that the index can
    refuse them; `others` are the keys that another key file offers to the same holder.
    The holder of the keys calls `forget` as soon as the vault is open.
    """

    current: bytearray
    next: bytearray | None = None
    holder: str = field(default="", compare=False)
    public: bytes = field(default=b"", compare=False)
    others: tuple["IndexKeys", ...] = field(default=(), compare=False)
    attempt: Attempt | None = field(default=None, compare=False)

    def offered(self) -> tuple["IndexKeys", ...]:
        """Return these keys and those of the other key file."""
        return (self, *self.others)

    def in_turn(self) -> list[bytearray]:
        """Return every key on offer, in the order in which they are to be tried."""
        found = [key for one in self.offered() for key in (one.current, one.next)]
        return [key for key in found if key is not None]

    def forget(self) -> None:
        """Overwrite all keys."""
        zero(*self.in_turn())

    def __repr__(self) -> str:
        return "IndexKeys(...)"


@dataclass(frozen=True, slots=True)
class SealedKeys:
    """The index key, and during a rotation the next one, sealed to one public key."""

    public: bytes
    current: bytes
    next: bytes | None = None

    @classmethod
    def seal(cls, public: bytes, keys: IndexKeys) -> "SealedKeys":
        """Seal the keys to the owner of `public`."""
        coming = None if keys.next is None else seal(keys.next, public, _INDEX_KEY)
        return cls(public, seal(keys.current, public, _INDEX_KEY), coming)

    def unseal(self, private: bytearray) -> IndexKeys:
        """Return the keys, opened. Raises WrongKeyError."""
        coming = None if self.next is None else unseal(self.next, private, _INDEX_KEY)
        return IndexKeys(unseal(self.current, private, _INDEX_KEY), coming)

    def with_next(self, key: bytearray) -> "SealedKeys":
        """Return a copy with `key` as the next key."""
        return replace(self, next=seal(key, self.public, _INDEX_KEY))

    def advanced(self) -> "SealedKeys":
        """Return a copy with the next key as the only one. Raises ValueError if there is none."""
        if self.next is None:
            raise ValueError("no next key to advance to")
        return SealedKeys(self.public, self.next)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        coming = None if self.next is None else self.next.hex()
        return {"public": self.public.hex(), "current": self.current.hex(), "next": coming}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "SealedKeys":
        """Return the sealed keys for values from `to_json`."""
        coming = None if data["next"] is None else bytes.fromhex(data["next"])
        return cls(bytes.fromhex(data["public"]), bytes.fromhex(data["current"]), coming)


@dataclass(frozen=True, slots=True)
class OperatorSlot:
    """One operator: the wrapped private key, and the keys sealed to it."""

    operator: Operator
    kdf: KdfParameters
    salt: bytes
    pepper_name: str | None
    pepper_check: bytes
    wrapped_private: bytes
    keys: SealedKeys

    def bare(self) -> "OperatorSlot":
        """Return a copy without the sealed keys, as the index holds it."""
        named = Operator(self.operator.id, self.operator.name, self.operator.role)
        return replace(self, operator=named, keys=SealedKeys(self.keys.public, b""))

    def sealed_for(self, keys: IndexKeys) -> "OperatorSlot":
        """Return a copy with these index keys sealed to the slot's public key."""
        return replace(self, keys=SealedKeys.seal(self.keys.public, keys))

    def unlock(self, secret: str, pepper: bytearray) -> IndexKeys:
        """Return the index keys, unlocked with secret and pepper. Raises WrongKeyError."""
        private = self.private(secret, pepper)
        try:
            return self.keys.unseal(private)
        finally:
            zero(private)

    def private(self, secret: str, pepper: bytearray) -> bytearray:
        """Return the slot's private key, unwrapped with secret and pepper. Raises WrongKeyError."""
        bound_to = _bound_to(self.operator.id, self.keys.public)
        wrapping = derive_wrapping_key(secret, self.salt, pepper, self.kdf, _WRAPPING + bound_to)
        try:
            return unwrap(self.wrapped_private, wrapping, bound_to)
        finally:
            zero(wrapping)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "id": self.operator.id,
            "name": self.operator.name,
            "role": self.operator.role.value,
            "kdf": [self.kdf.memory_kib, self.kdf.passes, self.kdf.lanes],
            "salt": self.salt.hex(),
            "pepper_name": self.pepper_name,
            "pepper_check": self.pepper_check.hex(),
            "wrapped_private": self.wrapped_private.hex(),
            "keys": self.keys.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "OperatorSlot":
        """Return the slot for values from `to_json`. Raises KeyError, TypeError or ValueError."""
        memory_kib, passes, lanes = data["kdf"]
        return cls(
            operator=Operator(str(data["id"]), str(data["name"]), Role(data["role"])),
            kdf=KdfParameters(memory_kib, passes, lanes),
            salt=bytes.fromhex(data["salt"]),
            pepper_name=None if data["pepper_name"] is None else str(data["pepper_name"]),
            pepper_check=bytes.fromhex(data["pepper_check"]),
            wrapped_private=bytes.fromhex(data["wrapped_private"]),
            keys=SealedKeys.from_json(data["keys"]),
        )


def new_slot(
    operator: Operator,
    secret: str,
    keys: IndexKeys,
    kdf: KdfParameters,
    pepper: tuple[str, bytearray] | None,
) -> OperatorSlot:
    """Return an operator's slot with a new key pair; `pepper` is its name and bytes, or None."""
    name, pepper_bytes = pepper or (None, bytearray())
    salt = secrets.token_bytes(SALT_BYTES)
    private = locked(bytearray(secrets.token_bytes(KEY_BYTES)))
    public = public_key(private)
    bound_to = _bound_to(operator.id, public)
    wrapping = derive_wrapping_key(secret, salt, pepper_bytes, kdf, _WRAPPING + bound_to)
    try:
        return OperatorSlot(
            operator=operator,
            kdf=kdf,
            salt=salt,
            pepper_name=name,
            pepper_check=peppers.pepper_check(pepper_bytes) if name else b"",
            wrapped_private=wrap(private, wrapping, bound_to),
            keys=SealedKeys.seal(public, keys),
        )
    finally:
        zero(wrapping, private)


def _bound_to(operator_id: str, public: bytes) -> bytes:
    return operator_id.encode() + b" " + public
