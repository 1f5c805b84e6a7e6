"""How Windows is asked whether a drive is encrypted."""

import subprocess
from pathlib import Path, PureWindowsPath

import pytest

from dermstation.workflow import disk_encryption

SYSTEM = Path("/Windows/System32")


class Asked:
    """Windows' shell, which answers with a state of BitLocker."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
        self.command: list[str] = []
        self.options: dict[str, object] = {}
        self._answer = answer
        monkeypatch.setattr(disk_encryption.subprocess, "run", self._run)
        monkeypatch.setattr(disk_encryption, "_system_folder", lambda: SYSTEM)

    def _run(self, command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        self.command, self.options = command, options
        return subprocess.CompletedProcess(command, 0, f"{self._answer}\r\n", "")


@pytest.mark.parametrize(
    ("answer", "found"), [("1", "on"), ("3", "on"), ("5", "on"), ("2", "off"), ("", "unknown")]
)
def test_the_answer_of_the_shell_is_read(monkeypatch, answer, found) -> None:
    Asked(monkeypatch, answer)
    path = PureWindowsPath("C:/Users/nurse/station")
    assert disk_encryption._bitlocker(path) == found  # type: ignore[arg-type]


def test_the_shell_is_named_in_full_and_gets_the_drive_as_an_argument(monkeypatch) -> None:
    asked = Asked(monkeypatch, "1")
    disk_encryption._bitlocker(PureWindowsPath("d:/station"))  # type: ignore[arg-type]
    shell, *options, flag, script = asked.command
    assert Path(shell) == SYSTEM / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    assert "-NoProfile" in options
    # what follows -Command is joined to one text: a block takes the drive as its argument
    assert flag == "-Command"
    assert script.startswith("& {")
    assert script.endswith("} 'd:\\'")
    assert "$args[0]" in script
    assert asked.options["stdin"] is subprocess.DEVNULL
    assert asked.options["creationflags"] == getattr(subprocess, "CREATE_NO_WINDOW", 0)


def test_a_share_is_not_asked_about(monkeypatch) -> None:
    asked = Asked(monkeypatch, "1")
    share = PureWindowsPath(r"\\server\it's ours\station")
    assert disk_encryption._bitlocker(share) == "unknown"  # type: ignore[arg-type]
    assert asked.command == []
