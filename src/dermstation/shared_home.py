r"""The one home that all accounts of a PC share, if the station is installed for the PC.

Without it a nurse and a GP with accounts of their own would each have a vault of their own. Where
it is stands in HKEY_LOCAL_MACHINE\SOFTWARE\Dermstation on Windows, and in the file
/etc/dermstation/shared-home elsewhere. Only an administrator of the PC can write there, and no
variable names another place. `make_shared_home` makes the folder with an access list that lets in
the people of the PC and nobody else, and notes it there.
"""

import os
import stat
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import platformdirs

from dermstation.access_list import (
    HOME_LIST,
    is_owned_by_administrators,
    keeps_outsiders_out,
    list_of,
    make_with_list,
)
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import keep_unindexed, write_file
from dermstation.plain_files import read_plain

KEY, VALUE = r"SOFTWARE\Dermstation", "SharedHome"
NOTE = Path("/etc/dermstation/shared-home")
GROUP = "dermstation"  # on Linux its members share the station
FOLDER = Path("/var/lib/dermstation")
_ROOT = 0
_MOST_BYTES = 4096
_MODE = stat.S_ISGID | stat.S_IRWXU | stat.S_IRWXG
_EVERYBODY_READS = 0o644


class HomeFault(StrEnum):
    """A way in which the shared home is not as it was made."""

    ABSENT = "absent"
    OWNER = "owner"  # it belongs to somebody who is no administrator of the PC
    OPEN = "open"  # its list is not its own, or lets in who does not use this PC
    GROUP = "group"  # what one account makes there is closed to the others


def shared_home() -> Path | None:
    """Return the home that the accounts of this PC share; None if each has its own."""
    named = _noted()
    return Path(named) if named else None


def is_shared_home(home: Path) -> bool:
    """Return whether this is the home that the accounts of this PC share."""
    shared = shared_home()
    return shared is not None and os.path.realpath(home) == os.path.realpath(shared)


def home_faults(home: Path) -> tuple[HomeFault, ...]:
    """Return in which ways a shared home is not as it was made. Never fails."""
    if not home.is_dir():
        return (HomeFault.ABSENT,)
    if sys.platform == "win32":
        text = list_of(home)
        is_as_made = {
            HomeFault.OWNER: is_owned_by_administrators(text),
            HomeFault.OPEN: keeps_outsiders_out(text),
        }
    else:
        found = home.stat()
        is_as_made = {
            HomeFault.OWNER: found.st_uid == _ROOT,
            HomeFault.OPEN: not found.st_mode & stat.S_IRWXO,
            HomeFault.GROUP: found.st_mode & _MODE == _MODE,
        }
    return tuple(fault for fault, is_right in is_as_made.items() if not is_right)


def check_shared_home(home: Path) -> None:
    """Refuse to begin in a shared home that is missing, or that this account may not use.

    A home of one account is made when it is needed. Raises StationError HOME_CLOSED.
    """
    if not is_shared_home(home):
        return
    if not home.is_dir():
        raise StationError(ErrorCode.HOME_CLOSED, folder=str(home), fault=HomeFault.ABSENT.value)
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise StationError(ErrorCode.HOME_CLOSED, folder=str(home))


def make_shared_home() -> Path:
    """Make the shared home of this PC, note it, and return it; one that is right already stays.

    Raises StationError HOME_NOT_MADE with a `reason`: "rights" (of an administrator of the PC are
    needed), "taken" (somebody else's folder is there) or, on Linux, "group" (it is missing).
    """
    folder = FOLDER
    if sys.platform == "win32":
        folder = Path(platformdirs.site_data_dir("dermstation", appauthor=False))
    try:
        if not folder.exists():
            _make(folder)
            keep_unindexed(folder)
        if home_faults(folder):
            raise StationError(ErrorCode.HOME_NOT_MADE, reason="taken")
        _note(folder)
    except OSError as error:
        raise StationError(ErrorCode.HOME_NOT_MADE, reason="rights", errno=error.errno) from None
    return folder


def _make(folder: Path) -> None:
    if sys.platform == "win32":
        make_with_list(folder, HOME_LIST)
        return
    import grp  # noqa: PLC0415 - exists only on POSIX

    try:
        group = grp.getgrnam(GROUP).gr_gid
    except KeyError:
        raise StationError(ErrorCode.HOME_NOT_MADE, reason="group", group=GROUP) from None
    folder.mkdir(mode=stat.S_IRWXU)
    os.chown(folder, _ROOT, group)
    folder.chmod(_MODE)


def _note(folder: Path) -> None:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - exists only on Windows

        access = winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY
        with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, KEY, 0, access) as key:
            winreg.SetValueEx(key, VALUE, 0, winreg.REG_SZ, str(folder))
        return
    NOTE.parent.mkdir(exist_ok=True)
    write_file(NOTE, f"{folder}\n".encode(), _EVERYBODY_READS)


def _noted() -> str:
    """Return the folder that an administrator of the PC noted, or ""."""
    with suppress(OSError, UnicodeDecodeError):
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 - exists only on Windows

            access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, KEY, 0, access) as key:
                return str(winreg.QueryValueEx(key, VALUE)[0]).strip()
        return read_plain(NOTE, _MOST_BYTES, follows_link=True).decode().strip()
    return ""
