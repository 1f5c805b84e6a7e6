"""A network camera's password lies in the keystore, and nowhere that others can read it."""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dermstation import machine_policy
from dermstation.camera.spec import parse_camera
from dermstation.paths import StationPaths
from dermstation.settings_file import load_settings
from dermstation.workflow import doctor
from dermstation.workflow.camera_password import find_password, is_in_file
from dermstation.workflow.station import Station
from dermstation.workflow.viewfinder import Viewfinder
from tests.unit.camera.servers import begin, server
from tests.unit.camera.test_network import pictures
from tests.unit.security.conftest import MemoryKeystore
from tests.unit.workflow.test_viewfinder import wait_until

BARE = "https://nurse@camera-1/live"
WHOLE = "https://nurse:secret%21x@camera-1/live"
PASSWORD = "secret%21x"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "settings.toml"
    made.write_text(f'# by IT\ncamera = "{WHOLE}"\nsounds = false\n')
    return made


@pytest.fixture
def keystore() -> MemoryKeystore:
    return MemoryKeystore()


def test_the_first_reading_moves_it_and_later_ones_find_it(file, keystore, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    before = load_settings(file).camera
    assert find_password(file, before, keystore) == ""  # the address still has it
    assert file.read_text() == f'# by IT\ncamera = "{BARE}"\nsounds = false\n'
    assert list(keystore.stored.values()) == [PASSWORD]
    assert not any("secret" in text for name in keystore.stored for text in name)
    after = load_settings(file).camera
    assert after == BARE
    assert find_password(file, after, keystore) == PASSWORD
    assert "secret" not in caplog.text
    assert not is_in_file(file)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_the_file_s_old_content_is_overwritten(file, keystore) -> None:
    with file.open("rb") as before:
        find_password(file, WHOLE, keystore)
        assert b"secret" not in before.read()


def test_a_new_password_in_the_file_replaces_the_old_one(file, keystore) -> None:
    find_password(file, WHOLE, keystore)
    file.write_text('camera = "https://nurse:other@camera-1/live"\n')
    find_password(file, load_settings(file).camera, keystore)
    assert find_password(file, BARE, keystore) == "other"
    assert len(keystore.stored) == 1


def test_without_a_keystore_it_stays_and_is_told(file, tmp_path) -> None:
    before = file.read_text()
    assert find_password(file, WHOLE, None) == ""
    assert find_password(file, BARE, None) == ""
    assert file.read_text() == before
    check = doctor.examine(StationPaths(tmp_path), load_settings(file))["camera"]
    assert check.value == BARE
    assert "password" in check.finding
    assert "secret" not in check.finding


@pytest.mark.expects_log("stays in the settings")
@pytest.mark.parametrize("loses", [False, True])
def test_a_keystore_that_fails_or_forgets_costs_no_password(
    file, keystore, monkeypatch, loses
) -> None:
    before = file.read_text()
    keystore.fails = not loses
    if loses:
        monkeypatch.setattr(keystore, "set_password", lambda *_: None)
    assert find_password(file, WHOLE, keystore) == ""
    assert file.read_text() == before


@pytest.mark.expects_log("did not give")
def test_a_keystore_that_fails_later_leaves_the_camera_to_say_so(file, keystore) -> None:
    find_password(file, WHOLE, keystore)
    keystore.fails = True
    assert find_password(file, BARE, keystore) == ""


def test_a_full_disk_leaves_it_in_the_file(file, keystore, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no space")

    before = file.read_text()
    monkeypatch.setattr("dermstation.workflow.camera_password.save_settings", full)
    find_password(file, WHOLE, keystore)
    assert file.read_text() == before


@pytest.mark.skipif(sys.platform == "win32", reason="the policy is in the registry there")
def test_the_address_may_come_from_the_policy_without_a_password(
    file, keystore, tmp_path, monkeypatch
) -> None:
    policy = tmp_path / "etc" / "policy.toml"
    policy.parent.mkdir(mode=0o755)
    policy.write_text(f'camera = "{BARE}"\n')
    policy.chmod(0o644)
    monkeypatch.setattr(machine_policy, "POLICY_FILE", policy)
    monkeypatch.setattr(machine_policy, "_ROOT", os.geteuid())
    assert find_password(file, load_settings(file).camera, keystore) == PASSWORD
    assert "secret" not in file.read_text()
    policy.write_text(f'camera = "{WHOLE}"\n')  # everybody on the PC can read this
    found = doctor.examine(StationPaths(tmp_path), load_settings(file))
    assert "everybody" in found["camera"].finding
    assert "secret" not in str(found)


@pytest.fixture
def station(tmp_path: Path, keystore: MemoryKeystore) -> Iterator[Station]:
    paths = StationPaths(tmp_path)

    def basic(handler) -> None:
        if handler.headers.get("Authorization") is None:
            begin(handler, status=401, WWW_Authenticate='Basic realm="camera"')
        else:
            pictures(handler)

    with server(basic) as (port, _):
        paths.settings.write_text(f'camera = "http://nurse:planted-secret@127.0.0.1:{port}/live"\n')
        find_password(paths.settings, "auto", keystore)
        settings = load_settings(paths.settings)
        viewfinder = Viewfinder(parse_camera(settings.camera), 160, 120)
        made = Station(paths, settings, viewfinder, keystore)
        yield made
        made.stop()


def test_the_camera_is_opened_with_it_and_no_command_line_shows_it(station: Station) -> None:
    assert "planted-secret" not in station.paths.settings.read_text()
    station.find_camera_password()
    station.viewfinder.open()
    wait_until(lambda: station.viewfinder.link.newest() is not None)
    shown = [" ".join(one.cmdline()) for one in psutil.Process().children(recursive=True)]
    assert shown
    assert not any("planted-secret" in line for line in shown)
    assert "planted-secret" not in repr(station.viewfinder.opened)
