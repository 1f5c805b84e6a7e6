"""The keystore of a home that the accounts of a PC share: one sealed file for each secret.

The Credential Locker belongs to one account, so that the others would have neither peppers nor the
camera's password. The files lie in the home; whoever may write there can put old ones back, as
where there is no keystore at all. Any thread, and any process that has the vault open.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from dermstation.files import OWNER_ONLY, make_private, shred, write_file
from dermstation.plain_files import read_plain
from dermstation.security.pc_seal import Sealer

_MOST_BYTES = 1 << 16
_ENDING = ".sealed"
_NAME_CHARS = 32


class SharedKeystore:
    """A keystore in a folder; `disk_is_encrypted` answers for the disk with the PC's own key."""

    def __init__(
        self, folder: Path, sealer: Sealer, disk_is_encrypted: Callable[[], bool | None]
    ) -> None:
        self._folder = folder
        self._sealer = sealer
        self.disk_is_encrypted = disk_is_encrypted

    @property
    def name(self) -> str:
        """Return what seals the secrets."""
        return type(self._sealer).__name__

    def get_password(self, service: str, username: str, /) -> str | None:
        """Return what is stored under a name, or None. Raises OSError."""
        try:
            sealed = read_plain(self._file(service, username), _MOST_BYTES)
        except FileNotFoundError:
            return None
        return self._sealer.unseal(sealed, _bound(service, username)).decode()

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Store a text under a name. Raises OSError."""
        make_private(self._folder)
        sealed = self._sealer.seal(password.encode(), _bound(service, username))
        write_file(self._file(service, username), sealed, OWNER_ONLY)

    def delete_password(self, service: str, username: str, /) -> None:
        """Remove what is stored under a name. Raises OSError."""
        shred(self._file(service, username))

    def _file(self, service: str, username: str) -> Path:
        digest = hashlib.sha256(_bound(service, username)).hexdigest()
        return self._folder / f"{digest[:_NAME_CHARS]}{_ENDING}"


def _bound(service: str, username: str) -> bytes:
    """Return what a secret is sealed under, so that no file can stand for another."""
    return f"{service}\0{username}".encode()
