"""What goes to support says what is set, and not what a practice typed."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from dermstation.cli import main
from dermstation.paths import StationPaths
from dermstation.settings_file import load_settings
from dermstation.workflow.diagnostics import diagnostics


def test_settings_report_versions_and_logs_are_there(tmp_path) -> None:
    paths = StationPaths(tmp_path)
    paths.settings.write_text(
        'practice_name = "Typed by hand"\nlock_after_minutes = 2\n'
        'camera = "https://nurse:hidden@camera/"\n'
    )
    paths.logs.mkdir()
    (paths.logs / "station.log").write_bytes(b"a line\n")
    data = diagnostics(paths, load_settings(paths.settings))
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert texts["logs/station.log"] == "a line\n"
    assert json.loads(texts["settings.json"]) == {
        "practice_name": {"value": "(set)", "from": "file"},
        "lock_after_minutes": {"value": 2, "from": "file"},
        "camera": {"value": "https://nurse@camera/", "from": "file"},
    }
    assert json.loads(texts["report.json"])["vault"]["value"] == "not set up"
    assert not any(word in "".join(texts.values()) for word in ("Typed by hand", "hidden"))


@pytest.mark.parametrize("written", [str, Path.as_posix, lambda path: str(path).upper()])
def test_the_name_of_the_account_is_left_out(tmp_path, monkeypatch, written) -> None:
    home = tmp_path / "Users" / "j\u00f6rg.example"
    home.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    paths = StationPaths(tmp_path / "station")
    paths.home.mkdir()
    folder = written(home / "packages")
    paths.settings.write_text(f"package_folder = '{folder}'\n", "utf-8")
    data = diagnostics(paths, load_settings(paths.settings))
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        texts = {name: json.loads(bundle.read(name)) for name in bundle.namelist()}
    assert texts["settings.json"]["package_folder"]["value"].startswith("~")
    assert "example" not in json.dumps(texts).lower()


def test_a_file_that_cannot_be_written_is_a_clear_error(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--home", str(tmp_path), "doctor", "--bundle", str(tmp_path / "none" / "a.zip")]
    assert main(words) == 2
    assert capsys.readouterr().err.strip()
