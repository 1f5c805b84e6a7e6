"""The checks of the PC, and their findings."""

import json
import os
import sys

import pytest

from dermstation.camera.discovery import AttachedDevice
from dermstation.camera.pixel_cause import PixelCause
from dermstation.cli import main
from dermstation.paths import StationPaths, close_to_others
from dermstation.resources import resource_text
from dermstation.settings import Settings
from dermstation.workflow import camera_pictures, doctor, memory_on_disk
from dermstation.workflow.camera_setup import CameraMemory, CameraSetup, save_setup
from tests.unit.sharing import share_home

ASKED = {
    "archive",
    "cipher",
    "home",
    "keystore",
    "pin",
    "disk_encryption",
    "camera",
    "camera_button",
    "camera_pictures",
    "sync_folders",
    "package_place",
    "patient_folder",
    "pathway_file",
    "settings_file",
    "policy",
    "changed_settings",
    "open_to_others",
    "free_space",
    "dumps_off",
    "swap",
    "hibernation",
    "system_dumps",
    "thumbnails",
    "media_parts",
    "vault",
}


@pytest.fixture
def paths(tmp_path) -> StationPaths:
    return StationPaths(tmp_path / "home")


def test_every_check_runs(paths) -> None:
    found = doctor.examine(paths, Settings(lock_after_minutes=7))
    assert set(found) == ASKED
    assert found["cipher"].value
    assert found["policy"] == doctor.Check({"from": "none"})
    assert found["changed_settings"].value == ["lock_after_minutes"]
    assert found["free_space"].value > 0
    assert found["vault"].value == "not set up"


@pytest.mark.skipif(sys.platform == "win32", reason="the profile's access list holds there")
def test_what_other_users_can_look_into_is_a_finding(paths) -> None:
    paths.home.mkdir(mode=0o755)
    paths.packages.mkdir(mode=0o700)
    paths.settings.write_text("")
    paths.settings.chmod(0o640)
    check = doctor.examine(paths, Settings())["open_to_others"]
    assert check.value == ["home", "settings"]
    assert "home, settings" in check.finding
    close_to_others(paths)
    assert doctor.examine(paths, Settings())["open_to_others"] == doctor.Check([])


@pytest.mark.parametrize("name", ["OneDrive - Test Practice", "Dropbox", "Google Drive"])
def test_a_package_folder_that_is_synced_is_a_finding(paths, tmp_path, name) -> None:
    settings = Settings(package_folder=str(tmp_path / name / "packages"))
    check = doctor.examine(paths, settings)["sync_folders"]
    assert check.value == ["packages"]
    assert check.finding


def test_a_folder_with_the_mark_of_a_service_is_a_finding(paths, tmp_path):
    (tmp_path / ".stfolder").mkdir()
    check = doctor.examine(paths, Settings(package_folder=str(tmp_path)))["sync_folders"]
    assert "packages (Syncthing)" in check.finding


def test_a_missing_package_folder_is_a_finding(paths, tmp_path) -> None:
    absent = Settings(package_folder=str(tmp_path / "absent"))
    assert "does not exist" in doctor.examine(paths, absent)["package_place"].finding
    there = Settings(package_folder=str(tmp_path))
    assert doctor.examine(paths, there)["package_place"] == doctor.Check("local")


def test_files_of_patients_that_were_not_read_are_counted_and_not_named(paths, tmp_path) -> None:
    settings = Settings(patient_folder=str(tmp_path / "handed"))
    assert "does not exist" in doctor.examine(paths, settings)["patient_folder"].finding
    (tmp_path / "handed").mkdir()
    assert doctor.examine(paths, settings)["patient_folder"].finding == ""
    for name in ("Patient-One.gdt.not-read", "Patient-One.gdt.not-read1", "other.gdt"):
        (tmp_path / "handed" / name).write_text("made up")
    check = doctor.examine(paths, settings)["patient_folder"]
    assert check.value == {"not_read": 2}
    assert check.finding.startswith("2 files")
    assert "Patient" not in check.finding


def test_a_pathway_file_that_is_wrong_is_a_finding(paths, tmp_path) -> None:
    chart = tmp_path / "chart.toml"
    settings = Settings(pathway_file=str(chart))
    assert doctor.examine(paths, settings)["pathway_file"].finding
    chart.write_text(resource_text("pathways", "skin_lesions.toml"), encoding="utf-8")
    assert doctor.examine(paths, settings)["pathway_file"] == doctor.Check("own")


def test_a_root_of_onedrive_is_known_by_its_variable(paths, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path))
    assert doctor.examine(paths, Settings())["sync_folders"].value == ["home", "packages"]


@pytest.mark.parametrize(
    ("swap", "can_hibernate", "found"),
    [
        ("none", True, set()),
        ("on", True, set()),
        ("unknown", True, set()),
        ("off", False, {"swap"}),
        ("off", True, {"swap", "hibernation"}),
        ("off", None, {"swap"}),
    ],
)
def test_memory_that_gets_to_a_disk_in_the_clear_is_a_finding(
    paths, monkeypatch, swap, can_hibernate, found
) -> None:
    monkeypatch.setattr(memory_on_disk, "swap", lambda: swap)
    monkeypatch.setattr(memory_on_disk, "hibernates", lambda: can_hibernate)
    monkeypatch.setattr(doctor, "encryption_of", lambda _path: "unknown")
    checks = doctor.examine(paths, Settings())
    names = ("swap", "hibernation", "system_dumps")
    assert {name for name in names if checks[name].finding} == found
    assert checks["swap"].value == swap


def test_what_a_crash_of_windows_writes_is_a_finding(paths, monkeypatch) -> None:
    monkeypatch.setattr(memory_on_disk, "dumps_whole_memory", lambda: True)
    monkeypatch.setattr(memory_on_disk, "swap", lambda: "off")
    monkeypatch.setattr(memory_on_disk, "page_file_is_cleared", lambda: False)
    checks = doctor.examine(paths, Settings())
    assert "small memory dump" in checks["system_dumps"].finding
    assert "clear the page file" in checks["swap"].finding


def test_damaged_key_files_are_a_finding(paths) -> None:
    paths.vault.mkdir(parents=True)
    (paths.vault / "keys.a").write_bytes(b"damaged")
    check = doctor.examine(paths, Settings())["vault"]
    assert (check.value, bool(check.finding)) == ("keys_damaged", True)


def test_little_free_space_is_a_finding(paths, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 1 << 60)
    assert doctor.examine(paths, Settings())["free_space"].finding


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_camera_button_that_the_account_may_not_read_is_a_finding(
    paths, monkeypatch, is_closed
) -> None:
    monkeypatch.setattr(doctor, "has_closed_button", lambda: is_closed)
    assert bool(doctor.examine(paths, Settings())["camera_button"].finding) == is_closed


def test_each_attached_camera_has_its_way(paths, monkeypatch) -> None:
    devices = [AttachedDevice(f"by-id/{name}", name, 0) for name in ("Scope", "Other", "New")]
    monkeypatch.setattr(camera_pictures, "attached_devices", lambda: tuple(devices))
    memories = {
        "device:by-id/Scope": CameraMemory(pictures="own_bytes"),
        "device:by-id/Other": CameraMemory(pictures="camera_sends_pixels"),
        "device:by-id/Gone": CameraMemory(pictures="own_bytes"),
    }
    save_setup(CameraSetup(cameras=memories), paths.cameras)
    said = doctor.examine(paths, Settings())["camera_pictures"]
    assert said.finding == ""
    assert [one.split(":")[0] for one in said.value.values()] == [
        "the camera's own bytes are kept",
        "kept as PNG",
        "not tried yet",
    ]
    every = {"own_bytes", *PixelCause, ""}
    assert len({camera_pictures.pictures_words(one) for one in every}) == len(every)


def test_the_command_prints_json_and_its_status_says_whether_there_is_a_finding(
    paths, capsys, monkeypatch
) -> None:
    monkeypatch.setattr("dermstation.security.process.harden_process", lambda: None)
    status = main(["--home", str(paths.home), "doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert set(found) == ASKED | {"ok", "findings"}
    assert status == (0 if found["ok"] else 1)
    main(["--home", str(paths.home), "doctor"])
    assert "cipher: " in capsys.readouterr().out


def test_of_a_home_that_is_not_shared_it_names_the_account_and_who_has_it_open(paths) -> None:
    check = doctor.examine(paths, Settings())["home"]
    folder = str(paths.home)
    assert check == doctor.Check({"folder": folder, "of": "this account", "open_in": None})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists instead of modes")
class TestSharedHome:
    @pytest.fixture
    def shared(self, tmp_path, monkeypatch) -> StationPaths:
        return share_home(tmp_path, monkeypatch)

    def test_it_says_that_it_is_shared_and_needs_passphrases(self, shared) -> None:
        found = doctor.examine(shared, Settings())
        assert found["home"].value["of"] == "all accounts"
        assert found["home"].finding == ""
        assert found["pin"].value == {"guarded_by": "nothing", "pin": "no_keystore"}
        assert "passphrase" in found["pin"].finding
        assert found["package_place"] == doctor.Check("local")

    def test_one_that_others_may_enter_is_a_finding_and_takes_no_package(self, shared) -> None:
        shared.home.chmod(0o2777)
        found = doctor.examine(shared, Settings())
        assert "open to others" in found["home"].finding
        assert found["package_place"].value == "shared"

    def test_an_account_s_own_store_beside_it_is_named(self, shared) -> None:
        (shared.own / "vault").mkdir(parents=True)
        (shared.own / "vault" / "keys.a").write_bytes(b"x")
        finding = doctor.examine(shared, Settings())["home"].finding
        assert str(shared.own) in finding

    def test_whoever_has_it_open_is_named(self, shared) -> None:
        note = {"account": "test-account", "process": os.getpid()}
        shared.occupant.write_text(json.dumps(note))
        found = doctor.examine(shared, Settings())["home"]
        assert found.value["open_in"] == "test-account"
