"""Collect what support needs to know about a PC in one file: nothing in it names a patient.

The report, the settings and the logs are written without identity in the first place; texts that a
practice may type freely are left out.
"""

import io
import json
import platform
import re
import sys
import zipfile
from pathlib import Path

from dermstation import __version__
from dermstation.paths import StationPaths
from dermstation.settings import SETTINGS, Settings
from dermstation.workflow.doctor import examine
from dermstation.workflow.setting_sources import DEFAULT, setting_sources

_FREE_TEXTS = {"practice_name", "direct_line", "patient_copy_words"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file knows


def diagnostics(paths: StationPaths, settings: Settings) -> bytes:
    """Return a zip file with the report of `doctor`, the settings, the versions and the logs."""
    found = examine(paths, settings)
    entries = {
        "report.json": _json(
            {name: {"value": one.value, "finding": one.finding} for name, one in found.items()}
        ),
        "settings.json": _json(_settings(paths)),
        "versions.json": _json(
            {
                "dermstation": __version__,
                "python": platform.python_version(),
                "system": platform.platform(),
                "frozen": getattr(sys, "frozen", False),
            }
        ),
    }
    if paths.logs.is_dir():
        for file in sorted(paths.logs.iterdir()):
            if file.is_file() and not file.is_symlink():
                entries[f"logs/{file.name}"] = file.read_bytes()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in entries.items():
            bundle.writestr(zipfile.ZipInfo(name, _FIRST_DAY), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _settings(paths: StationPaths) -> dict[str, object]:
    """Return the settings that are not at their default; of a free text, only that it is set."""
    shown: dict[str, object] = {}
    for one in setting_sources(paths.settings).settings:
        if one.value != SETTINGS[one.name].default:
            value = "(set)" if one.name in _FREE_TEXTS else one.value
            place = "policy" if one.is_fixed else "default" if one.source == DEFAULT else "file"
            shown[one.name] = {"value": value, "from": place}
    return shown


def _json(value: object) -> bytes:
    """Write a value without the name of the account, which is often a person's."""
    # Windows takes either slash and any case
    home = Path.home()
    forms = (json.dumps(one, ensure_ascii=False)[1:-1] for one in (str(home), home.as_posix()))
    names = "|".join(map(re.escape, forms))
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return re.sub(names, "~", text, flags=re.IGNORECASE).encode(errors="backslashreplace")
