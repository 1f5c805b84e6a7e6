"""An administrator changes settings, recorded in the audit; a wrong value changes nothing."""

import os
import tomllib
from dataclasses import replace

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Role
from dermstation.settings import Settings
from dermstation.settings_file import load_settings
from dermstation.vault.audit import AuditFilter
from dermstation.workflow.changing_settings import change_settings, may_be_written


@pytest.fixture
def administrator(signed_in):
    return replace(signed_in.operator, role=Role.ADMINISTRATOR)


def test_only_differing_settings_are_written_and_recorded(
    signed_in, administrator, tmp_path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('camera = "device:0"\n', encoding="utf-8")
    changes = {"practice_name": "Test Practice", "sounds": True, "tips_after_weeks": 0}
    changed = change_settings(signed_in.vault, administrator, file, changes)
    assert changed == ("practice_name", "tips_after_weeks")
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    assert written == {
        "camera": "device:0",
        "practice_name": "Test Practice",
        "tips_after_weeks": 0,
    }
    (entry,) = signed_in.vault.audit.entries(AuditFilter(events=(AuditEvent.SETTINGS_SAVED,)))
    assert entry.operator_id == administrator.id
    assert entry.facts == {"changed": list(changed)}
    assert change_settings(signed_in.vault, administrator, file, changes) == ()


def test_only_an_administrator_may(signed_in, tmp_path) -> None:
    with pytest.raises(StationError) as refused:
        change_settings(signed_in.vault, signed_in.operator, tmp_path / "s.toml", {"sounds": False})
    assert refused.value.code is ErrorCode.RIGHT_MISSING


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lock_after_minutes": 90}, ErrorCode.SETTING_INVALID),
        ({"practice_name": 7}, ErrorCode.SETTING_INVALID),
        ({"camera": "auto"}, ErrorCode.SETTING_INVALID),  # only IT changes it, in the file
        ({"shutter_key": "F13"}, ErrorCode.SETTING_INVALID),  # operators change it
        ({"colour": "red"}, ErrorCode.SETTING_INVALID),
        ({"how_to_links": "Ours|setup.exe"}, ErrorCode.HOW_TO_LINK_INVALID),
        ({"pathway_links": "usc|Ours|setup.exe"}, ErrorCode.PATHWAY_LINK_INVALID),
        ({"picture_policy": "policy.pdf"}, ErrorCode.PICTURE_POLICY_INVALID),
    ],
)
def test_a_wrong_value_changes_nothing(signed_in, administrator, tmp_path, changes, code) -> None:
    file = tmp_path / "settings.toml"
    with pytest.raises(StationError) as refused:
        change_settings(signed_in.vault, administrator, file, {"sounds": False, **changes})
    assert refused.value.code is code
    assert load_settings(file) == Settings()


def test_a_file_that_cannot_be_written_is_reported(tmp_path, monkeypatch) -> None:
    file = tmp_path / "home" / "settings.toml"
    assert may_be_written(file)  # neither is there yet
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert not may_be_written(file)
