"""The keystores are named, never discovered, and one that does not answer holds nobody up."""

import os
import subprocess
import sys
import threading
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import keystore as keystores
from dermstation.security import pepper as peppers
from dermstation.security.keystore import OsKeystore, answering
from tests.unit.security.conftest import MemoryKeystore

PLANTED = "from pathlib import Path\nPath({mark!r}).touch()\n"
FIND = "from dermstation.security.keystore import find_keystore; find_keystore()"


class Prompting(MemoryKeystore):
    """A keystore whose prompt nobody answers until the test does."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()
        self.asked = 0

    def get_password(self, service, username):
        self.asked += 1
        self.answered.wait()
        return super().get_password(service, username)


@pytest.fixture
def prompting() -> Iterator[Prompting]:
    made = Prompting()
    yield made
    made.answered.set()
    for thread in threading.enumerate():
        if thread.name == "keystore":
            thread.join()


def step_of(call, *arguments) -> str:
    with pytest.raises(StationError) as caught:
        call(*arguments)
    assert caught.value.code is ErrorCode.KEYSTORE_FAILED
    return caught.value.facts["step"]


def planted(folder: Path, how: str, mark: Path) -> dict[str, str]:
    """Plant code where `keyring` would look for the name of a backend."""
    code = folder / "planted"
    code.mkdir()
    (code / "evil.py").write_text(PLANTED.format(mark=str(mark)))
    if how == "variable":
        return {"PYTHONPATH": str(code), "PYTHON_KEYRING_BACKEND": "evil.Keyring"}
    if how == "entry point":
        info = code / "evil-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[keyring.backends]\nevil = evil\n")
        return {"PYTHONPATH": str(code)}
    for config in (folder / "config" / "python_keyring", folder / "share" / "python_keyring"):
        config.mkdir(parents=True)
        lines = f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={code}\n"
        (config / "keyringrc.cfg").write_text(lines)
    return {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "share"),
        "LOCALAPPDATA": str(folder / "config"),
    }


@pytest.mark.parametrize("how", ["config file", "variable", "entry point"])
def test_code_that_is_planted_for_keyring_never_runs(tmp_path: Path, how: str) -> None:
    mark = tmp_path / "it ran"
    given = planted(tmp_path, how, mark)
    path = os.pathsep.join([given.pop("PYTHONPATH", ""), *sys.path])
    environment = {**os.environ, **given, "PYTHONPATH": path}
    subprocess.run([sys.executable, "-c", FIND], env=environment, check=True)
    assert not mark.exists()
    # the same plant works where keyring is asked to look
    asking = "import keyring; keyring.get_keyring()"
    subprocess.run(
        [sys.executable, "-c", asking], env=environment, check=False, capture_output=True
    )
    assert mark.exists()


def test_variables_set_nothing_on_the_keystore(monkeypatch: pytest.MonkeyPatch) -> None:
    secret_service = pytest.importorskip("keyring.backends.SecretService")
    there = type("Keyring", (secret_service.Keyring,), {"priority": 5.0})
    monkeypatch.setattr(secret_service, "Keyring", there)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("KEYRING_PROPERTY_SCHEME", "other")
    found = keystores._backend()
    assert isinstance(found, there)
    assert found.scheme == "default"


def test_no_keystore_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keystores, "_backend", lambda: None)
    assert keystores.find_keystore() is None


def test_a_search_that_does_not_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(keystores, "_FOUND_WITHIN_S", 0.01)
    monkeypatch.setattr(keystores, "_backend", ended.wait)
    assert keystores.find_keystore() is None
    ended.set()


def test_an_answer_passes_through(keystore: MemoryKeystore) -> None:
    held = OsKeystore(keystore)
    held.set_password("service", "name", "a text")
    assert held.get_password("service", "name") == "a text"
    held.delete_password("service", "name")
    assert held.get_password("service", "name") is None
    assert held.name == type(keystore).__module__
    keystore.fails = True
    with pytest.raises(Exception, match="out of order"):
        held.get_password("service", "name")


def test_a_prompt_that_nobody_answers_is_given_up_and_not_shown_again(prompting) -> None:
    held = OsKeystore(prompting, answers_within_s=0.01)
    for _ in range(3):
        assert step_of(held.get_password, "service", "name") == "waiting"
    assert step_of(peppers.read_pepper, held, "slot", bytes(32)) == "waiting"
    assert step_of(peppers.new_pepper, held, "slot") == "waiting"
    assert peppers.read_count(held, "slot").count == 0
    assert answering(held) is None
    assert prompting.asked == 1


def test_once_the_prompt_is_answered_the_keystore_works_again(prompting) -> None:
    held = OsKeystore(prompting, answers_within_s=0.01)
    assert step_of(held.get_password, "service", "name") == "waiting"
    (thread,) = [one for one in threading.enumerate() if one.name == "keystore"]
    prompting.answered.set()
    thread.join()
    held = OsKeystore(prompting)
    assert held.get_password("service", "name") is None
    assert answering(held) is held


def test_a_lost_prompt_is_asked_again_later_but_not_for_ever(prompting, monkeypatch) -> None:
    monkeypatch.setattr(keystores, "_ASK_AGAIN_AFTER_S", 0.0)
    held = OsKeystore(prompting, answers_within_s=0.01)
    for _ in range(10):
        assert step_of(held.get_password, "service", "name") == "waiting"
    assert prompting.asked == keystores._UNANSWERED_MOST


def test_the_end_of_the_station_waits_for_no_prompt(prompting, monkeypatch) -> None:
    monkeypatch.setattr(keystores, "_AT_THE_END_S", 0.01)
    held = OsKeystore(prompting, answers_within_s=3600)
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(held.get_password, "service", "name")
        held.close()
        held.close()
        with pytest.raises(StationError):
            asking.result()
    assert step_of(held.get_password, "service", "name") == "waiting"


def test_the_last_state_is_still_stored_while_the_station_ends(keystore) -> None:
    held = OsKeystore(keystore)
    held.close()
    held.set_password("service", "name", "the last state")
    assert keystore.stored["service", "name"] == "the last state"


def test_a_keystore_that_fails_does_not_answer(keystore: MemoryKeystore) -> None:
    assert answering(None) is None
    assert answering(keystore) is keystore
    keystore.fails = True
    assert answering(keystore) is None


def test_what_windows_stores_stays_on_this_pc(monkeypatch: pytest.MonkeyPatch) -> None:
    class Locker(KeyringBackend):
        priority = 5
        persist = "enterprise"

        def get_password(self, service: str, username: str) -> str | None:
            return None

        def set_password(self, service: str, username: str, password: str) -> None:
            pass

    fake = types.SimpleNamespace(WinVaultKeyring=Locker)
    monkeypatch.setitem(sys.modules, "keyring.backends.Windows", fake)
    monkeypatch.setattr(keystores.sys, "platform", "win32")
    found = keystores._backend()
    assert isinstance(found, Locker)
    assert found.persist == "local machine"


@pytest.mark.skipif(sys.platform != "win32", reason="has no Credential Locker")
def test_the_credential_locker_itself_says_that_it_stays(request: pytest.FixtureRequest) -> None:
    from win32ctypes.pywin32 import win32cred

    name = "test of dermstation"
    found = keystores.find_keystore()
    assert found is not None
    request.addfinalizer(lambda: found.delete_password(name, "one"))
    found.set_password(name, "one", "secret")
    stored = win32cred.CredRead(Type=win32cred.CRED_TYPE_GENERIC, TargetName=name)
    assert stored["Persist"] == win32cred.CRED_PERSIST_LOCAL_MACHINE
