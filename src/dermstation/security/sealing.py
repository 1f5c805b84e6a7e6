"""A sealed box: anyone with the public key can close it, only the private key opens it.

X25519 with an ephemeral key, HKDF-SHA256, ChaCha20-Poly1305. Pure; uses no files. The nonce of a
box is all zeros, because each derived key encrypts only one message.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dermstation.security.kdf import KEY_BYTES, expand, zero
from dermstation.security.locked_memory import locked

NONCE_BYTES = 12
TAG_BYTES = 16
SEALED_BYTES = KEY_BYTES + KEY_BYTES + TAG_BYTES
_ONE_MESSAGE_NONCE = bytes(NONCE_BYTES)
_PURPOSE = b"dermstation sealed key v1 "


class WrongKeyError(Exception):
    """The box or wrapped key does not open with this key, or it was altered."""


def public_key(private: bytes | bytearray) -> bytes:
    """Return the 32-byte X25519 public key of a 32-byte private key."""
    return X25519PrivateKey.from_private_bytes(bytes(private)).public_key().public_bytes_raw()


def seal(key: bytes | bytearray, recipient: bytes, purpose: bytes) -> bytes:
    """Return a 32-byte key sealed to a public key: 80 bytes, the ephemeral public key first."""
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    box_key = expand(shared, sender + recipient, _PURPOSE + purpose)
    try:
        return sender + ChaCha20Poly1305(box_key).encrypt(_ONE_MESSAGE_NONCE, key, purpose)
    finally:
        zero(box_key)


def unseal(sealed: bytes, private: bytes | bytearray, purpose: bytes) -> bytearray:
    """Return the key that `seal` sealed to the owner of `private`. Raises WrongKeyError."""
    sender, ciphertext = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    owner = X25519PrivateKey.from_private_bytes(bytes(private))
    try:
        shared = owner.exchange(X25519PublicKey.from_public_bytes(sender))
    except ValueError:
        raise WrongKeyError from None
    recipient = owner.public_key().public_bytes_raw()
    box_key = expand(shared, sender + recipient, _PURPOSE + purpose)
    try:
        return _decrypted(box_key, _ONE_MESSAGE_NONCE, ciphertext, purpose)
    finally:
        zero(box_key)


def wrap(key: bytes | bytearray, wrapping_key: bytearray, bound_to: bytes) -> bytes:
    """Return a 32-byte key encrypted under `wrapping_key`: nonce, then ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(wrapping_key).encrypt(nonce, key, bound_to)


def unwrap(wrapped: bytes, wrapping_key: bytearray, bound_to: bytes) -> bytearray:
    """Return the key that `wrap` encrypted. Raises WrongKeyError."""
    return _decrypted(wrapping_key, wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to)


def _decrypted(key: bytearray, nonce: bytes, ciphertext: bytes, bound_to: bytes) -> bytearray:
    if len(ciphertext) != KEY_BYTES + TAG_BYTES:
        raise WrongKeyError
    plain = locked(bytearray(KEY_BYTES))
    try:
        ChaCha20Poly1305(key).decrypt_into(nonce, ciphertext, bound_to, plain)
    except InvalidTag:
        raise WrongKeyError from None
    return plain
