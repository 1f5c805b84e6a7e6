"""Read and write the station's settings file, checked by the table in `settings`.

A bad value falls back to its default with a warning in the log; it never keeps the station from
starting. Only settings that differ from their defaults are written.
"""

import json
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import write_file
from dermstation.settings import SETTINGS, Settings, differences

log = logging.getLogger(__name__)


def load_settings(file: Path, overrides: Mapping[str, object] | None = None) -> Settings:
    """Return the settings in a TOML file; `overrides` come from the command line and must be valid.

    Raises StationError SETTING_INVALID for an invalid override.
    """
    good = {}
    for name, value in _read(file).items():
        try:
            good[name] = _checked(name, value)
        except StationError:
            log.warning("setting %s is not valid; its default is used", name)
    for name, value in (overrides or {}).items():
        good[name] = _checked(name, value)
    return Settings(**good)  # type: ignore[arg-type]  # each value was checked against its field


def remember(file: Path, **changes: object) -> Settings:
    """Change some settings in the file, keep the others, and return all of them.

    Overrides from the command line do not get into the file. Raises StationError SETTING_INVALID,
    or SETTING_NOT_KEPT if the file cannot be written.
    """
    checked = {name: _checked(name, value) for name, value in changes.items()}
    settings = replace(load_settings(file), **checked)  # type: ignore[arg-type]  # checked
    try:
        save_settings(settings, file)
    except OSError as error:
        raise StationError(ErrorCode.SETTING_NOT_KEPT) from error
    return settings


def save_settings(settings: Settings, file: Path) -> None:
    """Write the differences from the defaults, whole or not at all. Raises OSError."""
    lines = [f"{name} = {_as_toml(value)}" for name, value in sorted(differences(settings).items())]
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, "\n".join([*lines, ""]).encode())


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        log.warning("the settings file cannot be read; defaults are used")
        return {}


def _checked(name: str, value: object) -> object:
    row = SETTINGS.get(name)
    if row is None:
        raise StationError(ErrorCode.SETTING_INVALID, setting=name)
    return row.checked(value)


def _as_toml(value: object) -> str:
    # JSON's escapes are valid in TOML, but only TOML requires DEL to be escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
