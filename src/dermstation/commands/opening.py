"""Open the vault for a command: choose the operator and read the secret.

The secret is never on the command line. At a terminal the station asks for it without showing it;
otherwise it is the first line of standard input, so that a script can pass it without any other
program seeing it.
"""

import argparse
import getpass
import sys
from pathlib import Path

from dermstation.commands.printing import print_words
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.security import accounts
from dermstation.security.keystore import find_keystore
from dermstation.security.process import harden_process
from dermstation.security.recovery import parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.vault.store import Vault


def open_vault(wanted: argparse.Namespace, folder: Path, right: Right | None = None) -> Vault:
    """Open the vault as the command line asks, for somebody who has `right`.

    The secret comes from the terminal or standard input; the recovery key has every right.
    Raises StationError RIGHT_MISSING, SECRET_WRONG, SECRET_WAIT, KEYSTORE_FAILED, RECOVERY_KEY_*,
    OPERATOR_NOT_KNOWN, VAULT_* or KEYS_DAMAGED.
    """
    keys, operator_id = unlocked(wanted, folder)
    try:
        vault = Vault.open(folder, keys)
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


def read_secret(question: str) -> str:
    """Ask for a secret at the terminal, or read the next line of standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(f"{question}: ")
    line = sys.stdin.readline() if sys.stdin is not None else ""
    return line.rstrip("\r\n")


def unlocked(wanted: argparse.Namespace, folder: Path) -> tuple[IndexKeys, str]:
    """Unlock the index key as the command line asks; return it and the id of who unlocked it.

    From here on, this process leaves no memory dump. Raises the same errors as `open_vault`, except
    RIGHT_MISSING and those of the vault itself.
    """
    harden_process()
    known = accounts.operators(folder)
    if wanted.recovery:
        recovery = parse_recovery_key(read_secret("Recovery key"))
        return accounts.unlock_with_recovery(folder, recovery), accounts.RECOVERY_KEY
    operator = _chosen(wanted.operator, known)
    secret = read_secret(f"PIN or passphrase of {operator.name}")
    keys = accounts.unlock_with_secret(folder, operator.id, secret, keystore=find_keystore())
    return keys, operator.id


def _chosen(name: str | None, known: tuple[Operator, ...]) -> Operator:
    if name is None and len(known) == 1:
        return known[0]
    found = [one for one in known if name is not None and one.name.casefold() == name.casefold()]
    if len(found) != 1:
        print_words("Operators:", *(f"  {one.name}" for one in known))
        raise StationError(ErrorCode.OPERATOR_NOT_KNOWN)
    return found[0]
