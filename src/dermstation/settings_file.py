"""Read and write the station's settings file, checked by the table in `settings`.

A line with a fault costs that line alone: its setting has the default, the fault is told, and the
line stays in the file. It never keeps the station from starting. Saving changes the lines of the
settings that were changed and no others; one that has its default needs no line.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.setting_lines import (
    LineFault,
    SettingFault,
    SettingLine,
    changed,
    decoded,
    parsed,
)
from dermstation.files import OWNER_ONLY, HeldError, make_private, write_file
from dermstation.machine_policy import Policy, machine_policy
from dermstation.plain_files import read_plain
from dermstation.settings import SETTINGS, Settings, values_of

_MOST_BYTES = 1 << 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """The content of a settings file."""

    lines: tuple[SettingLine, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    faults: tuple[SettingFault, ...] = ()


def load_settings(file: Path, overrides: Mapping[str, object] | None = None) -> Settings:
    """Return the settings in a TOML file; `overrides` come from the command line and must be valid.

    What the policy of the PC fixes replaces both. Raises StationError SETTING_INVALID for an
    invalid override, SETTING_FIXED for one that the policy does not allow.
    """
    read = _read(file)
    for one in read.faults:
        if one.fault is LineFault.UNREADABLE:
            log.warning("the settings file cannot be read; defaults are used")
        else:
            words = "setting %s is not valid; its default is used (line %s: %s)"
            log.warning(words, one.setting or "?", one.line, one.fault.value)
    good = dict(read.values)
    policy = machine_policy()
    for fault, name in policy.faults:
        log.warning("the policy of this PC has a fault (%s %s)", fault.value, name)
    for name, value in (overrides or {}).items():
        good[name] = _checked(name, value)
        _check_allowed(policy, name, value)
    return _settings(good, policy)


def own_settings(file: Path) -> Settings:
    """Return what a settings file says by itself, whatever the policy of the PC fixes."""
    return Settings(**_read(file).values)  # type: ignore[arg-type]  # checked


def given_in(file: Path) -> frozenset[str]:
    """Return the names of the settings that a settings file gives with effect."""
    return frozenset(_read(file).values)


def settings_faults(file: Path) -> tuple[SettingFault, ...]:
    """Return the lines of a settings file that have no effect."""
    return _read(file).faults


def remember(file: Path, **changes: object) -> Settings:
    """Change some settings in the file, keep the others, and return all of them.

    Overrides from the command line do not get into the file. Raises StationError SETTING_INVALID,
    SETTING_FIXED, or SETTING_NOT_KEPT if the file cannot be read or written.
    """
    checked = {name: _checked(name, value) for name, value in changes.items()}
    policy = machine_policy()
    for name, value in checked.items():
        _check_allowed(policy, name, value)
    settings = replace(own_settings(file), **checked)  # type: ignore[arg-type]  # checked
    try:
        save_settings(settings, file)
    except HeldError as error:
        raise StationError(ErrorCode.SETTING_NOT_KEPT, held=True) from error
    except OSError as error:
        raise StationError(ErrorCode.SETTING_NOT_KEPT) from error
    return _settings(values_of(settings), policy)


def save_settings(settings: Settings, file: Path) -> None:
    """Write what differs from the file, whole or not at all. Raises OSError."""
    read = _read(file)
    if any(one.fault is LineFault.UNREADABLE for one in read.faults):
        log.warning("the settings file cannot be read, so it is not replaced")
        raise OSError("not read")
    before = values_of(Settings(**read.values))  # type: ignore[arg-type]  # checked
    after = values_of(settings)
    differing = {name: value for name, value in after.items() if before[name] != value}
    changes = {
        name: None if value == SETTINGS[name].default else value
        for name, value in differing.items()
    }
    make_private(file.parent)
    write_file(file, changed(list(read.lines), changes).encode(), OWNER_ONLY)


def _read(file: Path) -> _Read:
    try:
        data = read_plain(file, _MOST_BYTES, follows_link=True)
    except FileNotFoundError:
        return _Read()
    except OSError:
        return _Read(faults=(SettingFault(0, LineFault.UNREADABLE),))
    lines: list[SettingLine] = []
    values: dict[str, object] = {}
    faults: list[SettingFault] = []
    for line in parsed(decoded(data)):
        fault = _fault_of(line, values)
        if fault is None:
            if line.name:
                values[line.name] = line.value
            lines.append(line)
        else:
            faults.append(SettingFault(line.number, fault, line.name))
            lines.append(replace(line, is_fault=True))
    return _Read(tuple(lines), values, tuple(faults))


def _fault_of(line: SettingLine, before: Mapping[str, object]) -> LineFault | None:
    if line.is_fault:
        return LineFault.FORM
    if not line.name:
        return None
    if line.name not in SETTINGS:
        return LineFault.UNKNOWN
    try:
        _checked(line.name, line.value)
    except StationError:
        return LineFault.VALUE
    if line.name in before and before[line.name] != line.value:
        return LineFault.TWICE
    return None


def _settings(values: Mapping[str, object], policy: Policy) -> Settings:
    """Return settings from checked values, with those that the policy fixes."""
    given: dict[str, Any] = {**values, **policy.values}
    return Settings(**given, fixed=frozenset(policy.values))


def _check_allowed(policy: Policy, name: str, value: object) -> None:
    if name in policy.values and policy.values[name] != value:
        raise StationError(ErrorCode.SETTING_FIXED, setting=name)


def _checked(name: str, value: object) -> object:
    row = SETTINGS.get(name)
    if row is None:
        raise StationError(ErrorCode.SETTING_INVALID, setting=name)
    return row.checked(value)
