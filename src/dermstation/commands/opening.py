"""Open the vault for a command: choose the operator and read the secret.

The secret is never on the command line. At a terminal the station asks for it without showing it;
otherwise it is the first line of a file or of standard input, so that a script can pass it without
any other program seeing it. One that does not come, or is empty, is never tried: a nightly job that
is set up wrongly must not lock an operator out.
"""

import argparse
import getpass
import os
import stat
import sys
from pathlib import Path

from dermstation.commands.printing import print_words
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.paths import StationPaths
from dermstation.plain_files import read_plain
from dermstation.security import accounts
from dermstation.security.process import harden_process
from dermstation.security.recovery import parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.vault.store import Vault
from dermstation.workflow import occupant
from dermstation.workflow.keystores import keystore_of

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST_BYTES = 4096  # of a file with a secret


def open_vault(wanted: argparse.Namespace, folder: Path, right: Right | None = None) -> Vault:
    """Open the vault as the command line asks, for somebody who has `right`.

    The secret comes from the terminal, a file or standard input; the recovery key has every right.
    Raises StationError RIGHT_MISSING, SECRET_WRONG, SECRET_WAIT, SECRET_NOT_GIVEN,
    SECRET_FILE_REFUSED, KEYSTORE_FAILED, RECOVERY_KEY_*, OPERATOR_NOT_KNOWN, VAULT_* or
    KEYS_DAMAGED.
    """
    keys, operator_id = unlocked(wanted, folder)
    try:
        vault = occupant.open_vault(folder, keys)
    finally:
        keys.forget()
    vault.audit.acting = operator_id
    try:
        if right is not None and operator_id != accounts.RECOVERY_KEY:
            require(vault.operators.get(operator_id), right)
    except BaseException:
        vault.close()
        raise
    return vault


def read_secret(question: str, file: Path | None = None) -> str:
    """Return the first line of a file; without one, ask at the terminal or read standard input.

    Raises StationError SECRET_NOT_GIVEN if there is none, SECRET_FILE_REFUSED if the file cannot
    be read, or can be read by others.
    """
    if file is not None:
        secret = _first_line(file)
    elif _is_console():
        secret = _asked(question)
    else:
        secret = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not secret:
        raise StationError(ErrorCode.SECRET_NOT_GIVEN)
    return secret


def _asked(question: str) -> str:
    try:
        return getpass.getpass(f"{question}: ")
    except EOFError:
        return ""


def _is_console() -> bool:
    """Return whether somebody can be asked: on Windows, NUL claims to be a terminal too."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only used on Windows
        import msvcrt  # noqa: PLC0415 - exists only on Windows

        handle = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdin.fileno()))
        mode = ctypes.c_ulong()
        return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode)))
    return True


def _first_line(file: Path) -> str:
    try:
        found = file.stat()
        # on Windows the folder's access list decides, and the mode says nothing about it
        if os.name != "nt" and stat.S_IMODE(found.st_mode) & _OTHERS:
            raise StationError(ErrorCode.SECRET_FILE_REFUSED, reason="open")
        data = read_plain(file, _MOST_BYTES, follows_link=True)
        return (data.decode("utf-8-sig").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError):
        raise StationError(ErrorCode.SECRET_FILE_REFUSED) from None


def unlocked(wanted: argparse.Namespace, folder: Path) -> tuple[IndexKeys, str]:
    """Unlock the index key as the command line asks; return it and the id of who unlocked it.

    From here on, this process leaves no memory dump. Raises the same errors as `open_vault`, except
    RIGHT_MISSING and those of the vault itself.
    """
    harden_process()
    known = accounts.operators(folder)
    if wanted.recovery:
        recovery = parse_recovery_key(read_secret("Recovery key", wanted.secret_file))
        return accounts.unlock_with_recovery(folder, recovery), accounts.RECOVERY_KEY
    operator = _chosen(wanted.operator, known)
    secret = read_secret(f"PIN or passphrase of {operator.name}", wanted.secret_file)
    keystore = keystore_of(StationPaths(folder.parent))
    keys = accounts.unlock_with_secret(folder, operator.id, secret, keystore=keystore)
    return keys, operator.id


def _chosen(name: str | None, known: tuple[Operator, ...]) -> Operator:
    if name is None and len(known) == 1:
        return known[0]
    found = [one for one in known if name is not None and one.name.casefold() == name.casefold()]
    if len(found) != 1:
        print_words("Operators:", *(f"  {one.name}" for one in known))
        raise StationError(ErrorCode.OPERATOR_NOT_KNOWN)
    return found[0]
