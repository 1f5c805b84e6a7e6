"""The pepper: 32 random bytes in the OS keystore, without which a copied vault says nothing.

Windows: Credential Locker (user-scope DPAPI); Linux: Secret Service or KWallet; through
`keyring`. Never logs, and never falls back: a keystore that fails means "enter the recovery
key", not "start over".
"""

import base64
import binascii
import hashlib
import hmac
import secrets

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

from dermstation.domain.errors import ErrorCode, StationError

PEPPER_BYTES = 32
SERVICE = "dermstation"
_CHECK = b"dermstation pepper check v1"

# Real keystores of an operating system or desktop. Anything else (keyring's fail and null
# backends, keyrings.alt's files) would keep the pepper in the clear or not at all.
_TRUSTED = {
    f"keyring.backends.{name}"
    for name in ("Windows", "SecretService", "libsecret", "kwallet", "macOS")
}

Keystore = KeyringBackend


def find_keystore() -> Keystore | None:
    """Return the OS keystore of this session, or None where there is none to trust."""
    try:
        found = keyring.get_keyring()
    except (RuntimeError, ImportError, AttributeError, TypeError, OSError):
        return None  # PYTHON_KEYRING_BACKEND or keyringrc.cfg name something unusable
    return trusted_keystore(found)


def trusted_keystore(found: KeyringBackend) -> Keystore | None:
    """Pick the first trusted backend of what `keyring` offers."""
    offered = found.backends if isinstance(found, ChainerBackend) else [found]
    return next((one for one in offered if type(one).__module__ in _TRUSTED), None)


def new_pepper(keystore: Keystore, name: str) -> bytearray:
    """Make a pepper, store it under `name`, and read it back.

    Raises StationError KEYSTORE_FAILED.
    """
    pepper = bytearray(secrets.token_bytes(PEPPER_BYTES))
    try:
        keystore.set_password(SERVICE, name, base64.b64encode(pepper).decode())
    except Exception:  # noqa: BLE001 - D-Bus, Win32 and keyring errors have no common base
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="store") from None
    return read_pepper(keystore, name, pepper_check(pepper))


def read_pepper(keystore: Keystore | None, name: str, check: bytes) -> bytearray:
    """Read the pepper stored under `name` and compare it with its `check`.

    Raises StationError KEYSTORE_FAILED: no keystore, an error, nothing stored, another pepper.
    """
    if keystore is None:
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="find")
    try:
        stored = keystore.get_password(SERVICE, name)
    except Exception:  # noqa: BLE001 - as above
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="read") from None
    if stored is None:
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="absent")
    try:
        pepper = bytearray(base64.b64decode(stored, validate=True))
    except (binascii.Error, ValueError):
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="damaged") from None
    if not hmac.compare_digest(pepper_check(pepper), check):
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="other")
    return pepper


def drop_pepper(keystore: Keystore | None, name: str) -> None:
    """Remove a pepper that no slot needs any more; a keystore that refuses is borne."""
    if keystore is None:
        return
    try:
        keystore.delete_password(SERVICE, name)
    except Exception:  # noqa: BLE001 - a stale random pepper opens nothing
        return


def pepper_check(pepper: bytes | bytearray) -> bytes:
    """Give a value that tells a wrong pepper from a wrong secret, and reveals neither."""
    return hashlib.sha256(_CHECK + pepper).digest()
