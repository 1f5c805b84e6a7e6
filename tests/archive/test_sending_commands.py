"""`dermstation archive send` and `status`: words, JSON, exit status, and the settings they read."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dermstation.cli import main
from dermstation.domain.records import Operator, Role
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.settings_file import save_settings
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.wiping import Resumed
from tests.archive.lying_server import LyingServer
from tests.unit.workflow.conftest import an_episode, pack

PASSPHRASE = "four plain words here"
OPERATOR = Operator("a" * 32, "Test Doctor", Role.CLINICIAN)
RECOVERY = new_recovery_key()
OBJECTS = len(STANDARD_SHOTS)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LyingServer]:
    made = LyingServer(tmp_path / "server")
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path, server: LyingServer) -> Path:
    """A station with an archive and a dermatoscope, without an episode."""
    made = tmp_path / "home"
    cheap = KdfParameters(memory_kib=64, passes=1, lanes=1)
    vault, _ = set_up(
        made / "vault", OPERATOR, PASSPHRASE, keystore=None, recovery=RECOVERY, kdf=cheap
    )
    vault.close()
    settings = Settings(
        archive_address=server.access().address,
        archive_ca_file=server.access().ca_file,
        dermatoscope_manufacturer="Test Maker",
        dermatoscope_model="Test Scope",
        dermatoscope_serial="TS-1",
    )
    save_settings(settings, made / "settings.toml")
    return made


@pytest.fixture
def episode(home: Path, tmp_path: Path) -> str:
    """The number of an episode whose package is made."""
    (tmp_path / "packages").mkdir()
    with Vault.open(home / "vault", unlock_with_recovery(home / "vault", RECOVERY)) as vault:
        signed_in = SignedIn(vault, OPERATOR, Resumed())
        packed = pack(signed_in, an_episode(signed_in), tmp_path / "packages")
        return packed.episode.id


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    # do not harden the tests' own process
    monkeypatch.setattr("dermstation.commands.opening.harden_process", lambda: None)

    def call(*words: str, typed: str = PASSPHRASE) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        status = main(["--home", str(home), "archive", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_an_episode_is_sent_and_proven(run: Run, episode: str, server: LyingServer) -> None:
    assert run("status")[:2] == (
        0,
        f"Nothing is on its way to the archive.\nPackaged and not sent: episode {episode}\n",
    )
    status, out, err = run("send", episode)
    assert (status, err) == (0, "")
    assert out.endswith(f"In the archive, read back and found equal: {OBJECTS} of {OBJECTS}.\n")
    assert len(server.files) == OBJECTS
    told = json.loads(run("status", "--json")[1])
    assert told["not_sent"] == []
    (one,) = told["episodes"]
    assert (one["episode"], one["proven"], one["error"]) == (episode, OBJECTS, None)


def test_what_went_wrong_is_said_and_found_again(
    run: Run, episode: str, server: LyingServer
) -> None:
    server.status = 507
    status, out, _ = run("send", episode)
    assert status == 1
    assert f"0 of {OBJECTS}" in out
    assert "The archive is full." in out
    assert "The next try is at" in out
    told = json.loads(run("status", "--json")[1])
    assert told["episodes"][0]["error"] == "archive_full"
    assert run("send")[0] == 1  # it is not due yet
    server.status = 0
    assert run("send", episode)[0] == 0


@pytest.mark.parametrize("number", ["0" * 32, "nothing"])
def test_an_episode_that_is_not_known_is_refused(run: Run, episode: str, number: str) -> None:
    status, _, err = run("send", number)
    assert status == 1
    assert "No episode on this station has that number." in err


def test_the_recovery_key_sends_nothing(run: Run, episode: str, server: LyingServer) -> None:
    status, _, err = run("send", episode, "--recovery", typed=" ".join(RECOVERY.words))
    assert status == 1
    assert "clinician" in err
    assert server.sent == []


def test_without_an_archive_nobody_is_asked_for_a_secret(run: Run, home: Path) -> None:
    save_settings(Settings(), home / "settings.toml")
    status, _, err = run("send", typed="")
    assert status == 1
    assert "No archive is set" in err
