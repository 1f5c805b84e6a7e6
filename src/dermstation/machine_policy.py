r"""The settings that IT fixes for this PC, out of reach of the people who work at it.

On Windows they are values below HKEY_LOCAL_MACHINE\SOFTWARE\Policies, where Group Policy writes
them, and those that the installer was given, which Group Policy replaces; elsewhere they are
lines of /etc/dermstation/policy.toml, which belongs to root. Their names and values are those of
the table in `settings`. No variable, command line or file of an operator can name another place.

A policy that is there but cannot be read, or that other people may change, fixes each setting that
has a strictest value at that value; so does a line that cannot be understood, for its setting. It
never keeps the station from starting.
"""

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dermstation.domain.errors import StationError
from dermstation.domain.setting import Value
from dermstation.domain.setting_lines import decoded, parsed
from dermstation.settings import SETTINGS

POLICY_FILE = Path("/etc/dermstation/policy.toml")
POLICY_KEY = r"SOFTWARE\Policies\Dermstation"
INSTALLED_KEY = r"SOFTWARE\Dermstation\Settings"  # by packaging/windows/msi_product.py
_MOST_BYTES = 1_000_000
_ROOT = 0
# a named pipe in the file's place must not hold the station up
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class PolicyFault(StrEnum):
    """The faults of a policy, or of one of its lines."""

    UNREADABLE = "unreadable"
    OPEN = "open"  # somebody other than root may change it
    FORM = "form"  # a line that is not name = value, so that nobody knows what it fixes
    VALUE = "value"
    TWICE = "twice"  # with two values
    UNKNOWN = "unknown"  # not a setting of this version


@dataclass(frozen=True, slots=True)
class Policy:
    """What IT fixes: where it was read, the values by setting, and each fault with its setting."""

    source: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    faults: tuple[tuple[PolicyFault, str], ...] = ()
    beneath: "Policy | None" = None  # another one, some of whose values are among these

    def source_of(self, name: str) -> str:
        """Return where the value of a setting was read; empty if the policy leaves it alone."""
        if name not in self.values:
            return ""
        below = self.beneath
        if below is not None and self.values[name] == below.values.get(name):
            return below.source
        return self.source

    def over(self, beneath: "Policy") -> "Policy":
        """Return both policies as one, in which the values of this one replace the other's."""
        if not beneath.source:
            return self
        values = {**beneath.values, **self.values}
        return Policy(self.source or beneath.source, values, self.faults + beneath.faults, beneath)


def machine_policy() -> Policy:
    """Return the policy of this PC; one without values if there is none."""
    if sys.platform == "win32":
        return _of_registry(POLICY_KEY).over(_of_registry(INSTALLED_KEY))
    return _of_file(POLICY_FILE, _ROOT)


def policy_of(source: str, found: Iterable[tuple[str, object]]) -> Policy:
    """Return the policy of names and values, each checked by its row; an empty name is a fault."""
    values: dict[str, Value] = {}
    faults: list[tuple[PolicyFault, str]] = []
    strict: dict[str, Value] = {}
    seen: dict[str, object] = {}
    for name, value in found:
        fault = _fault_of(name, value, seen)
        seen.setdefault(name, value)
        if fault is None:
            values[name] = SETTINGS[name].checked(value)
            continue
        faults.append((fault, name))
        strict |= _strictest() if fault is PolicyFault.FORM else _strictest(name)
    return Policy(source, values | strict, tuple(faults))


def _fault_of(name: str, value: object, before: Mapping[str, object]) -> PolicyFault | None:
    if not name:
        return PolicyFault.FORM
    if name not in SETTINGS:
        return PolicyFault.UNKNOWN
    if name in before:
        return PolicyFault.TWICE
    try:
        SETTINGS[name].checked(value)
    except StationError:
        return PolicyFault.VALUE
    return None


def _strictest(*names: str) -> dict[str, Value]:
    """Return the strictest values of these settings, or of all that have one."""
    rows = [SETTINGS[name] for name in names if name in SETTINGS] if names else SETTINGS.values()
    return {row.name: row.strictest for row in rows if row.strictest is not None}


def _closed(source: str, fault: PolicyFault) -> Policy:
    return Policy(source, _strictest(), ((fault, ""),))


def _of_file(file: Path, owner: int) -> Policy:
    """Read a file that belongs to `owner`, in a folder of theirs."""
    source = str(file)
    try:
        with open(file, "rb", opener=_opened) as opened:
            of_file, of_folder = os.fstat(opened.fileno()), file.parent.stat()
            data = opened.read(_MOST_BYTES + 1) if stat.S_ISREG(of_file.st_mode) else None
    except (FileNotFoundError, NotADirectoryError):
        return Policy()
    except OSError:
        return _closed(source, PolicyFault.UNREADABLE)
    if any(_is_open(one, owner) for one in (of_file, of_folder)):
        return _closed(source, PolicyFault.OPEN)
    if data is None or len(data) > _MOST_BYTES:
        return _closed(source, PolicyFault.UNREADABLE)
    lines = parsed(decoded(data))
    return policy_of(
        source,
        (
            (line.name, None if line.is_fault else line.value)
            for line in lines
            if line.name or line.is_fault
        ),
    )


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _FLAGS)


def _is_open(found: os.stat_result, owner: int) -> bool:
    """Return whether somebody other than the owner may change what was found."""
    return found.st_uid != owner or bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


if sys.platform == "win32":
    import winreg

    def _of_registry(place: str) -> Policy:
        """Read the values of a key: texts, and numbers also for truth values."""
        source = rf"HKEY_LOCAL_MACHINE\{place}"
        found: list[tuple[str, object]] = []
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, access) as key:
                for number in range(winreg.QueryInfoKey(key)[1]):
                    name, value, _ = winreg.EnumValue(key, number)
                    found.append((name, from_registry(name, value)))
        except FileNotFoundError:
            return Policy()
        except OSError:
            return _closed(source, PolicyFault.UNREADABLE)
        return policy_of(source, found)


def from_registry(name: str, value: object) -> object:
    """Return a value of the registry as its setting has it: 0 and 1 may be truth values."""
    row = SETTINGS.get(name)
    is_truth = row is not None and isinstance(row.default, bool)
    return bool(value) if is_truth and value in (0, 1) else value
