"""Where each setting in force was read: the policy of the PC, the settings file, or the default."""

from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.camera_address import without_password
from dermstation.domain.setting import Value
from dermstation.machine_policy import machine_policy
from dermstation.settings import values_of
from dermstation.settings_file import given_in, load_settings, settings_faults
from dermstation.workflow.setting_faults import fault_words, policy_words

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class SettingSource:
    """A setting, its value in force, where it was read, and whether the policy fixes it."""

    name: str
    value: Value
    source: str
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class SettingSources:
    """Every setting, and in words what is wrong with their places."""

    settings: tuple[SettingSource, ...]
    troubles: tuple[str, ...]


def setting_sources(file: Path) -> SettingSources:
    """Return every setting in the order of the table; a camera's password is left out."""
    policy = machine_policy()
    settings = load_settings(file)
    in_file = given_in(file)
    found = []
    for name, value in values_of(settings).items():
        is_fixed = name in settings.fixed
        source = policy.source_of(name) or (str(file) if name in in_file else DEFAULT)
        shown = without_password(value) if isinstance(value, str) else value
        found.append(SettingSource(name, shown, source, is_fixed))
    troubles = (policy_words(policy), fault_words(settings_faults(file)))
    return SettingSources(tuple(found), tuple(filter(None, troubles)))
