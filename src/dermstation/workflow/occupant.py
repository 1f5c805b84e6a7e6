"""Open a vault; in a home that accounts share, note which account has it open, and tell another.

The name is that of an account of the PC, never of a patient. It is shown to the person who finds
the vault in use, and is in no log.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import OWNER_ONLY, remove, write_file
from dermstation.paths import StationPaths
from dermstation.plain_files import read_plain
from dermstation.security.slots import IndexKeys
from dermstation.shared_home import is_shared_home
from dermstation.vault.store import Vault

_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Occupant:
    """The account that has a vault open, and its process."""

    account: str
    process: int


def open_vault(folder: Path, keys: IndexKeys) -> Vault:
    """Open a vault as `Vault.open` does; VAULT_IN_USE has the `account` that has it, if known."""
    note = StationPaths(folder.parent).occupant
    try:
        vault = Vault.open(folder, keys)
    except StationError as trouble:
        there = occupant_of(folder)
        if trouble.code is ErrorCode.VAULT_IN_USE and there is not None:
            raise StationError(trouble.code, account=there.account) from None
        raise
    if is_shared_home(folder.parent):
        import psutil  # noqa: PLC0415 - not before the first page

        me = psutil.Process()
        said = json.dumps({"account": me.username(), "process": me.pid})
        with suppress(OSError):  # the vault is open all the same
            write_file(note, said.encode(), OWNER_ONLY)
        vault.before_close.append(lambda: _forget(note))
    return vault


def occupant_of(folder: Path) -> Occupant | None:
    """Return who has the vault open, as noted; None if nobody is noted whose process still runs."""
    import psutil  # noqa: PLC0415 - as above

    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        found = json.loads(read_plain(StationPaths(folder.parent).occupant, _MOST_BYTES))
        there = Occupant(str(found["account"]), int(found["process"]))
        return there if psutil.pid_exists(there.process) else None
    return None


def _forget(note: Path) -> None:
    with suppress(OSError):
        remove(note, missing_ok=True)
