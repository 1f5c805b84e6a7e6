"""Change the practice's settings from the window. Runs on the vault's thread.

What is only read when a page or a package is made takes effect at once, the rest at the next lock
or start.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.domain.setting import Who
from dermstation.settings import SETTINGS, Group, Settings, values_of
from dermstation.settings_file import load_settings, remember
from dermstation.vault.store import Vault
from dermstation.workflow.how_to import read_links, read_policy
from dermstation.workflow.pathway import read_box_links

_CHECKED: dict[str, Callable[[str], object]] = {
    "how_to_links": read_links,
    "pathway_links": read_box_links,
    "picture_policy": read_policy,
}


_AT_ONCE_GROUPS = (Group.PRACTICE, Group.REVIEW, Group.PACKAGE, Group.EMAIL, Group.DERMATOSCOPE)
AT_ONCE = frozenset(
    {name for name, row in SETTINGS.items() if row.group in _AT_ONCE_GROUPS} | {"names_hidden"}
)


def held_at_once(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return the settings in force after a change; what IT has fixed stays."""
    now = {
        name: value
        for name, value in changes.items()
        if name in AT_ONCE and name not in settings.fixed
    }
    return replace(settings, **now)  # type: ignore[arg-type]  # checked when they were saved


def saved_words(changed: tuple[str, ...]) -> str:
    """Return what is said of the settings that were changed."""
    if not changed:
        return "Nothing was changed."
    later = [SETTINGS[name].title for name in changed if name not in AT_ONCE]
    if not later:
        return "Saved. It holds from now on."
    return f"Saved. From the next lock or start on: {', '.join(later)}."


def may_be_written(file: Path) -> bool:
    """Return whether this account can write the settings file, or create one in its folder."""
    place = next((one for one in (file, *file.parents) if one.exists()), file)
    return os.access(place, os.W_OK)


def change_settings(
    vault: Vault, operator: Operator, file: Path, changes: dict[str, object]
) -> tuple[str, ...]:
    """Write the settings that differ, record who changed them, and return their names.

    Raises StationError RIGHT_MISSING, SETTING_INVALID (`setting`; also for a setting that an
    administrator may not change), SETTING_FIXED, HOW_TO_LINK_INVALID, PATHWAY_LINK_INVALID,
    PICTURE_POLICY_INVALID, SETTING_NOT_KEPT.
    """
    require(operator, Right.ADMINISTER)
    for name in changes:
        if name not in SETTINGS or Who.ADMINISTRATOR not in SETTINGS[name].changed_by:
            raise StationError(ErrorCode.SETTING_INVALID, setting=name)
    for name, read in _CHECKED.items():
        read(str(changes.get(name, "")))
    before = values_of(load_settings(file))
    differing = {name: value for name, value in changes.items() if before.get(name) != value}
    if not differing:
        return ()
    remember(file, **differing)
    changed = tuple(sorted(differing))
    vault.audit.append(AuditEvent.SETTINGS_SAVED, operator_id=operator.id, changed=list(changed))
    return changed


def present_settings(_vault: Vault, file: Path) -> tuple[Settings, bool]:
    """Return the settings that the file holds now, and whether it can be written."""
    return load_settings(file), may_be_written(file)
