"""The pepper: 32 random bytes in the OS keystore, without which a copied vault is useless.

Beside each pepper lies the count of wrong tries since the last sign-in: old files of the vault's
folder, put back, do not reset it.

Never logs and has no fallback: if the keystore fails, the operator enters the recovery key and
does not start over.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from contextlib import suppress

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.keystore import SERVICE, Keystore
from dermstation.security.locked_memory import locked
from dermstation.security.tries import Wrong

PEPPER_BYTES = 32
_CHECK = b"dermstation pepper check v1"


def new_pepper(keystore: Keystore, name: str) -> bytearray:
    """Make a pepper, store it under `name` and return it as read back.

    Raises StationError KEYSTORE_FAILED.
    """
    pepper = locked(bytearray(secrets.token_bytes(PEPPER_BYTES)))
    try:
        keystore.set_password(SERVICE, name, base64.b64encode(pepper).decode())
    except StationError:
        raise  # it did not answer in time
    except Exception:  # noqa: BLE001 - D-Bus, Win32 and keyring errors have no common base
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="store") from None
    return read_pepper(keystore, name, pepper_check(pepper))


def read_pepper(keystore: Keystore | None, name: str, check: bytes) -> bytearray:
    """Return the pepper stored under `name`, after comparing it with its `check`.

    Raises StationError KEYSTORE_FAILED if there is no keystore, reading fails, nothing is stored,
    or what is stored is damaged or a different pepper.
    """
    if keystore is None:
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="find")
    try:
        stored = keystore.get_password(SERVICE, name)
    except StationError:
        raise  # it did not answer in time
    except Exception:  # noqa: BLE001 - as above
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="read") from None
    if stored is None:
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="absent")
    try:
        pepper = locked(bytearray(base64.b64decode(stored, validate=True)))
    except (binascii.Error, ValueError):
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="damaged") from None
    if not hmac.compare_digest(pepper_check(pepper), check):
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="other")
    return pepper


def hand_on(name: str, source: Keystore | None, target: Keystore | None) -> bool:
    """Copy a pepper to another keystore; return False if the first lacks it, or there is no other.

    Raises StationError KEYSTORE_FAILED if one of them fails.
    """
    if source is None or target is None:
        return False
    try:
        stored = source.get_password(SERVICE, name)
        if stored is None:
            return False
        target.set_password(SERVICE, name, stored)
        is_kept = target.get_password(SERVICE, name) == stored
    except StationError:
        raise  # it did not answer in time
    except Exception:  # noqa: BLE001 - as above
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="store") from None
    if not is_kept:
        raise StationError(ErrorCode.KEYSTORE_FAILED, step="store")
    return True


def drop_pepper(keystore: Keystore | None, name: str) -> None:
    """Remove a pepper that no slot needs any more; a keystore that refuses is ignored."""
    if keystore is None:
        return
    for one in (name, _count_name(name)):
        with suppress(Exception):  # a stale random pepper opens nothing
            keystore.delete_password(SERVICE, one)


def read_count(keystore: Keystore | None, name: str) -> Wrong:
    """Return the wrong tries counted beside a pepper; none if the keystore does not say."""
    if keystore is None:
        return Wrong()
    with suppress(Exception):  # the count in the vault's folder remains
        count, since_s = json.loads(keystore.get_password(SERVICE, _count_name(name)) or "[0, 0]")
        return Wrong.read(count, since_s)
    return Wrong()


def write_count(keystore: Keystore | None, name: str, wrong: Wrong) -> None:
    """Store the wrong tries beside a pepper; a keystore that refuses is ignored."""
    if keystore is None:
        return
    with suppress(Exception):  # as above
        stored = json.dumps([wrong.count, wrong.since_s])
        keystore.set_password(SERVICE, _count_name(name), stored)


def pepper_check(pepper: bytes | bytearray) -> bytes:
    """Return a value that shows a wrong pepper (rather than a wrong secret) and reveals neither."""
    return hashlib.sha256(_CHECK + pepper).digest()


def _count_name(name: str) -> str:
    return f"{name}.tries"
