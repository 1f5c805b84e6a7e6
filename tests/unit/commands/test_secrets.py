"""The secret of a command: where it comes from, and that nothing is tried without one."""

import io
import sys
from pathlib import Path

import pytest

from dermstation.cli import main
from dermstation.commands import opening
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.setup import set_up

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "four plain words here"
OPERATOR = Operator("a" * 32, "Test Doctor", Role.ADMINISTRATOR)
RECOVERY = new_recovery_key()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "home"
    vault, _ = set_up(
        made / "vault", OPERATOR, PASSPHRASE, keystore=None, recovery=RECOVERY, kdf=CHEAP
    )
    vault.close()
    # do not harden the tests' own process
    monkeypatch.setattr("dermstation.commands.opening.harden_process", lambda: None)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


COMMANDS = (
    ("vault", "backup", "backups"),
    ("vault", "check", "--recovery"),
    ("vault", "rescue", "saved"),
    ("vault", "restore", "some.file"),
    ("audit", "verify"),
    ("wipe", "--resume"),
)


@pytest.mark.parametrize("typed", [None, "", "\n", "\r\n"])
def test_without_a_secret_nothing_is_tried_and_the_status_is_2(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str | None,
) -> None:
    before = contents(home / "vault")
    for command in COMMANDS:
        monkeypatch.setattr(sys, "stdin", None if typed is None else io.StringIO(typed))
        assert main(["--home", str(home), *command]) == 2
        assert "none was tried" in capsys.readouterr().err
    assert contents(home / "vault") == before


def test_the_end_of_input_at_a_console_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr(opening, "_is_console", lambda: True)
    monkeypatch.setattr("getpass.getpass", ended)
    with pytest.raises(StationError) as caught:
        opening.read_secret("PIN")
    assert caught.value.code is ErrorCode.SECRET_NOT_GIVEN


def test_a_file_gives_its_first_line(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xef\xbb\xbf" + f"{PASSPHRASE}\r\nnot this\r\n".encode())
    file.chmod(0o600)
    command = ["--home", str(home), "vault", "check", "--secret-file", str(file)]
    assert main(command) == 0


def test_a_file_that_is_empty_or_missing_is_not_tried(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    for code in (ErrorCode.SECRET_FILE_REFUSED, ErrorCode.SECRET_NOT_GIVEN):
        with pytest.raises(StationError) as caught:
            opening.read_secret("PIN", file)
        assert caught.value.code is code
        file.touch(mode=0o600)


@pytest.mark.skipif(sys.platform == "win32", reason="there the folder's access list decides")
def test_a_file_that_others_can_read_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{PASSPHRASE}\n")
    file.chmod(0o640)
    command = ["--home", str(home), "vault", "check", "--secret-file", str(file)]
    assert main(command) == 2
    assert "Others on this PC can read" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere isatty() is right")
def test_nul_is_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("NUL").open() as nul:
        monkeypatch.setattr(sys, "stdin", nul)
        with pytest.raises(StationError) as caught:
            opening.read_secret("PIN")
    assert caught.value.code is ErrorCode.SECRET_NOT_GIVEN
