"""What the commands print: in UTF-8 wherever it goes, and into a file if there is no console."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dermstation
from dermstation.cli import main
from dermstation.output import print_in_utf8

SOURCE = Path(dermstation.__file__).parents[1]
SECONDS = 600  # for a program that hangs
NAME = "zdj\u0119cie-\u0142.jpg"


@pytest.mark.parametrize("module", ["dermstation", "dermstation.cli"])
def test_a_pipe_in_a_code_page_carries_every_name(tmp_path: Path, module: str) -> None:
    (tmp_path / NAME).write_bytes(b"no picture")
    ended = subprocess.run(
        [sys.executable, "-m", module, "assess", NAME],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert NAME in (ended.stdout + ended.stderr).decode("utf-8")
    assert b"Traceback" not in ended.stderr


def test_what_is_no_unicode_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        written = io.BytesIO()
        monkeypatch.setattr(sys, name, io.TextIOWrapper(written, encoding="cp1252"))
        print_in_utf8()
        print(f"{NAME} \udce9", file=getattr(sys, name), flush=True)
        assert written.getvalue().split() == [NAME.encode(), b"\\udce9"]


def test_a_report_goes_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed, out = tmp_path / "home", tmp_path / "report.json"
    status = main(["--home", str(printed), "doctor", "--json", "--out", str(out)])
    report = json.loads(out.read_text("utf-8"))
    assert status == int(not report["ok"])
    assert capsys.readouterr().out == ""


def test_without_a_console_the_report_is_in_the_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    out = tmp_path / "report.txt"
    main(["--home", str(tmp_path / "home"), "doctor", "--out", str(out)])
    assert "keystore: " in out.read_text("utf-8")


def test_a_file_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "not there" / "report.json"
    assert main(["--home", str(tmp_path), "doctor", "--json", "--out", str(out)]) == 2
    assert "--out cannot be written" in capsys.readouterr().err


def test_the_self_test_takes_the_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dermstation.selftest.run_selftest", lambda: {"ok": True})
    assert main(["--selftest", "--out", str(tmp_path / "report.json")]) == 0
    assert json.loads((tmp_path / "report.json").read_text()) == {"ok": True}
