"""`dermstation policy show` says of each setting where it was read."""

import json
from pathlib import Path

import pytest

from dermstation import machine_policy, settings_file
from dermstation.cli import main
from dermstation.machine_policy import Policy, policy_of
from dermstation.settings import SETTINGS
from dermstation.workflow import setting_sources


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station's folder with a settings file, on a PC with a policy."""
    policy = policy_of("group policy", [("lock_after_minutes", 2)]).over(
        policy_of("the installer's", [("practice_name", "Example Surgery")])
    )
    for module in (machine_policy, settings_file, setting_sources):
        monkeypatch.setattr(module, "machine_policy", lambda: policy)
    (tmp_path / "settings.toml").write_text(
        'lock_after_minutes = 9\nsounds = false\ncamera = "https://nurse:sesame@camera/"\n'
    )
    return tmp_path


def shown(home: Path, capsys: pytest.CaptureFixture[str], *, status: int = 0) -> dict[str, object]:
    assert main(["--home", str(home), "policy", "show", "--json"]) == status
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_each_setting_has_its_value_and_where_it_was_read(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = shown(home, capsys)["settings"]
    assert isinstance(settings, dict)
    assert list(settings) == list(SETTINGS)
    file = str(home / "settings.toml")
    assert settings["lock_after_minutes"] == {"value": 2, "from": "group policy", "fixed": True}
    assert settings["practice_name"]["from"] == "the installer's"
    assert settings["sounds"] == {"value": False, "from": file, "fixed": False}
    assert settings["hands_free"] == {"value": False, "from": "default", "fixed": False}


def test_no_password_is_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home), "policy", "show"]) == 0
    printed = capsys.readouterr().out
    assert "sesame" not in printed
    assert "lock_after_minutes = 2    (group policy)" in printed


@pytest.mark.expects_log("setting lock_after_hours is not valid")
def test_a_line_without_effect_is_a_finding(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (settings_file, setting_sources):
        monkeypatch.setattr(module, "machine_policy", Policy)
    with (home / "settings.toml").open("a") as file:
        file.write("lock_after_hours = 2\n")
    found = shown(home, capsys, status=1)
    assert "line 4 (lock_after_hours)" in str(found["findings"])
