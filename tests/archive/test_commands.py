"""`dermstation archive ...` and the doctor, against a real Orthanc; nobody is named."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from dermstation import cli
from dermstation.archive.token import find_token, keep_token
from dermstation.paths import StationPaths
from dermstation.settings_file import load_settings
from dermstation.workflow import doctor, keystores
from tests.archive.objects import Visit, as_file, picture
from tests.archive.orthanc import TOKEN, Orthanc, write_settings
from tests.archive.worklists import write_entry
from tests.unit.security.conftest import MemoryKeystore


@pytest.fixture
def keystore(monkeypatch: pytest.MonkeyPatch) -> MemoryKeystore:
    made = MemoryKeystore()
    monkeypatch.setattr(keystores, "find_keystore", lambda: made)
    return made


@pytest.fixture
def home(orthanc: Orthanc, tmp_path: Path, keystore: MemoryKeystore) -> Path:
    """A station's folder with everything set, and its token kept."""
    access = orthanc.access()
    write_settings(tmp_path, orthanc)
    keep_token(keystore, access.address, TOKEN)
    return tmp_path


def said(home: Path, capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    assert cli.main(["--home", str(home), "archive", *words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_each_server_lets_the_station_in(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = {"ok": True, "error": None, "words": ""}
    names = ("archive_address", "archive_node", "worklist_node")
    assert said(home, capsys, "echo") == {"ok": True, "servers": dict.fromkeys(names, good)}


def test_a_title_that_only_the_greeting_takes_is_named(
    home: Path, orthanc: Orthanc, keystore: MemoryKeystore, capsys: pytest.CaptureFixture[str]
) -> None:
    write_settings(home, orthanc, station_title="ROOM2")
    servers = said(home, capsys, "echo", status=1)["servers"]
    assert servers["archive_address"]["ok"]
    for name in ("archive_node", "worklist_node"):
        assert servers[name]["error"] == "archive_title"
        assert "ROOM2" in servers[name]["words"]
        assert "DicomModalities" in servers[name]["words"]
    paths = StationPaths(home)
    check = doctor.examine(paths, load_settings(paths.settings))["archive"]
    assert isinstance(check.value, dict)
    assert check.value["worklist_node"] == "archive_title"
    assert "ROOM2" in check.finding


def test_the_worklist_is_counted_without_a_name(
    home: Path, orthanc: Orthanc, capsys: pytest.CaptureFixture[str]
) -> None:
    write_entry(orthanc.worklists, time="0930")
    write_entry(orthanc.worklists, number="hospital 7", time="")
    found = said(home, capsys, "worklist")
    assert found == {"ok": True, "entries": 2, "to_complete": 1, "begins": [None, "09:30"]}
    assert cli.main(["--home", str(home), "archive", "worklist"]) == 0
    assert "Wolfe" not in capsys.readouterr().out


def test_pictures_are_listed_for_a_number_from_standard_input(
    home: Path,
    orthanc: Orthanc,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = picture(Visit())
    orthanc.rest("/instances", as_file(one))
    monkeypatch.setattr(sys, "stdin", io.StringIO("999 000 0018\n"))
    (found,) = said(home, capsys, "find")["pictures"]
    assert found["uid"] == one.SOPInstanceUID
    assert found["kind"] == "dermoscopic"
    file = home / "number"
    file.write_text("9990000018\n", encoding="utf-8")
    file.chmod(0o600)
    words = ["--home", str(home), "archive", "find", "--number-file", str(file)]
    assert cli.main(words) == 0
    shown = capsys.readouterr().out
    assert "2026-03-02: 1" in shown
    assert "9990000018" not in shown


def test_the_token_comes_from_standard_input_and_goes_again(
    home: Path,
    orthanc: Orthanc,
    keystore: MemoryKeystore,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = orthanc.access().address
    assert said(home, capsys, "token", "--remove") == {"ok": True}
    assert find_token(keystore, address) == ""
    refused = said(home, capsys, "echo", status=1)["servers"]["archive_address"]
    assert refused["error"] == "archive_refused"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TOKEN}\n"))
    assert said(home, capsys, "token") == {"ok": True}
    assert find_token(keystore, address) == TOKEN


def test_without_a_server_there_is_nothing_to_try(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], keystore: MemoryKeystore
) -> None:
    assert said(tmp_path, capsys, "echo", status=1) == {"ok": False, "servers": {}}
    for action in ("worklist", "token"):
        assert cli.main(["--home", str(tmp_path), "archive", action]) == 1
        assert "No archive" in capsys.readouterr().err
