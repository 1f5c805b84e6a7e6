"""The token that lets this station into the archive: in the keystore of the PC, and nowhere else.

It belongs to one address: a token is never shown to another server than the one it was stored for.
A text with a colon is a name and a password (Basic, RFC 7617); any other is a bearer token
(RFC 6750), which has no colon.
"""

import hashlib
import re
from contextlib import suppress

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.keystore import SERVICE, Keystore

_NAME_CHARS = 16
_MOST_CHARS = 1_000  # the Credential Locker takes 2,560 bytes, in UTF-16
_BEARER = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_NAME_AND_PASSWORD = re.compile(r"[^:\x00-\x1f\x7f]+:[^\x00-\x1f\x7f]+")


def keep_token(keystore: Keystore | None, address: str, token: str) -> None:
    """Store the token for the archive at `address`; an empty one removes it.

    Raises StationError ARCHIVE_TOKEN, KEYSTORE_FAILED.
    """
    if keystore is None:
        raise StationError(ErrorCode.ARCHIVE_TOKEN)
    name = _name(address)
    if not token:
        if keystore.get_password(SERVICE, name) is not None:
            keystore.delete_password(SERVICE, name)
        return
    is_usable = _BEARER.fullmatch(token) or _NAME_AND_PASSWORD.fullmatch(token)
    if not is_usable or len(token) > _MOST_CHARS:
        raise StationError(ErrorCode.ARCHIVE_TOKEN)
    keystore.set_password(SERVICE, name, token)
    if keystore.get_password(SERVICE, name) != token:
        raise StationError(ErrorCode.ARCHIVE_TOKEN)


def find_token(keystore: Keystore | None, address: str) -> str:
    """Return the token for the archive at `address`, or "" if there is none.

    Raises StationError KEYSTORE_FAILED.
    """
    if keystore is None or not address:
        return ""
    return keystore.get_password(SERVICE, _name(address)) or ""


def drop_token(keystore: Keystore | None, address: str) -> None:
    """Remove the token, because the station leaves this PC. Raises nothing."""
    with suppress(Exception):  # D-Bus, Win32 and keyring errors have no common base
        if keystore is not None and address:
            keep_token(keystore, address, "")


def hand_on_token(address: str, source: Keystore | None, target: Keystore | None) -> None:
    """Copy the token to another keystore, if both are there. Raises nothing."""
    with suppress(Exception):  # the store is moved all the same; IT stores the token again
        if target is not None and (token := find_token(source, address)):
            keep_token(target, address, token)


def _name(address: str) -> str:
    place = hashlib.sha256(address.encode()).hexdigest()
    return f"archive, {place[:_NAME_CHARS]}"
