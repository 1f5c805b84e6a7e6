"""Derive a wrapping key from an operator's secret: Argon2id, the pepper, HKDF-SHA256.

Pure; uses no files. The parameters are stored with each slot, so that they can be raised later
without affecting existing slots.
"""

from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dermstation.security.locked_memory import locked
from dermstation.security.passphrases import folded

KEY_BYTES = 32
SALT_BYTES = 16
_ARGON2_VERSION = 0x13
_MOST_MEMORY_KIB = 1 << 20
_MOST_WORK = 64  # passes or lanes; a damaged file must not make the PC hang


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """The cost of one Argon2id: memory in KiB, passes over it, parallel lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        within = (
            8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
            and 1 <= self.passes <= _MOST_WORK
            and 1 <= self.lanes <= _MOST_WORK
        )
        if not within:
            raise ValueError("Argon2id parameters out of bounds")


DEFAULT_KDF = KdfParameters(memory_kib=64 * 1024, passes=3, lanes=4)


def derive_wrapping_key(
    secret: str, salt: bytes, pepper: bytes | bytearray, parameters: KdfParameters, purpose: bytes
) -> bytearray:
    """Derive the 32-byte key of a slot: HKDF(Argon2id(secret, salt) || pepper).

    `pepper` is empty for a slot without one. Argon2id: RFC 9106, version 0x13.
    """
    stretched = hash_secret_raw(
        folded(secret).encode(),
        salt,
        time_cost=parameters.passes,
        memory_cost=parameters.memory_kib,
        parallelism=parameters.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
        version=_ARGON2_VERSION,
    )
    material = locked(bytearray(KEY_BYTES + len(pepper)))  # of its final size: growing would copy
    material[:KEY_BYTES], material[KEY_BYTES:] = stretched, pepper
    try:
        return expand(material, salt, purpose)
    finally:
        zero(material)


def expand(material: bytes | bytearray, salt: bytes, purpose: bytes) -> bytearray:
    """Derive 32 bytes from strong key material by HKDF-SHA256 (RFC 5869)."""
    key = locked(bytearray(KEY_BYTES))
    HKDF(SHA256(), KEY_BYTES, salt, purpose).derive_into(material, key)
    return key


def zero(*buffers: bytearray) -> None:
    """Overwrite key material with zeros; copies that Python made elsewhere remain."""
    for buffer in buffers:
        buffer[:] = bytes(len(buffer))
