"""A camera is tried out in the real camera process, and the better back end is remembered."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.camera.pixel_cause import PixelCause
from dermstation.camera.spec import CameraKind, CameraSpec, parse_camera
from dermstation.cli import main
from dermstation.domain.errors import ErrorCode
from dermstation.workflow import camera_check
from dermstation.workflow.camera_check import Trial, best_backend, remember_trials, try_camera
from dermstation.workflow.camera_setup import CameraSetup, load_setup

SIZE = (320, 240)


def trial(backend: str, fps: float, actual: tuple[int, int] = SIZE) -> Trial:
    return Trial(backend, "camera", SIZE, actual if fps else (0, 0), fps=fps)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_check, "MEASURED_OVER_S", 0.3)


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_check, "backends", lambda: ("dshow", "msmf"))


def test_the_simulated_camera_gives_what_was_asked_for() -> None:
    (found,) = try_camera(parse_camera("sim:jpeg=1"), *SIZE)
    assert found.as_requested
    assert found.fps > 1
    assert found.opened_after_s > 0
    assert found.keeps_packets is True
    assert found.code is None


def test_a_missing_camera_gives_the_reason() -> None:
    (found,) = try_camera(CameraSpec(CameraKind.DEVICE, index=63), *SIZE)
    assert found.fps == 0
    assert found.code is ErrorCode.CAMERA_ABSENT


@pytest.mark.parametrize(
    ("trials", "best"),
    [
        ((trial("dshow", 0.7), trial("msmf", 29.9)), "msmf"),
        ((trial("msmf", 30.0), trial("dshow", 29.5)), "dshow"),  # hardly faster: opens sooner
        ((trial("dshow", 30.0, (640, 480)), trial("msmf", 15.0)), "msmf"),  # the full size first
        ((trial("dshow", 0), trial("msmf", 0)), ""),
        ((trial("dshow", 30.0, (640, 480)), trial("msmf", 0)), "dshow"),
    ],
)
@pytest.mark.usefixtures("on_windows")
def test_the_better_back_end_is_chosen_and_remembered(trials: tuple[Trial, ...], best: str) -> None:
    assert best_backend(trials) == best
    setup = remember_trials(CameraSetup(), "device:0", trials)
    assert setup.cameras["device:0"].backend == best
    assert set(setup.cameras["device:0"].fps) == {"dshow", "msmf"}


@pytest.mark.usefixtures("on_windows")
def test_how_the_pictures_of_the_better_back_end_come_is_remembered() -> None:
    pixels = replace(trial("dshow", 30), keeps_packets=False, cause=PixelCause.SYSTEM)
    packets = replace(trial("msmf", 15), keeps_packets=True)
    setup = remember_trials(CameraSetup(), "device:0", (pixels, packets))
    assert setup.cameras["device:0"].pictures == "system_decodes"
    setup = remember_trials(setup, "device:0", (packets, trial("dshow", 0)))
    assert setup.cameras["device:0"].pictures == "own_bytes"
    setup = remember_trials(setup, "device:0", (trial("dshow", 0),))
    assert setup.cameras["device:0"].pictures == "own_bytes"  # as it was when it worked


def test_the_command_prints_what_a_camera_gives(
    station_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--camera", "sim", "cameras", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    (camera,) = said["cameras"]
    assert (camera["camera"], camera["works"]) == ("sim", True)
    (found,) = camera["backends"]
    assert found["actual"] == camera["requested"]
    assert (found["keeps_packets"], found["why_pixels"]) == (False, "no_camera")
    assert main(["cameras", "--camera", "device:63"]) == 1
    assert "no picture (camera_absent)" in capsys.readouterr().out
    device = load_setup(station_home / "cameras.json").cameras["device:63"]
    assert device.backend == ""


def test_a_password_in_an_address_is_never_printed(capsys: pytest.CaptureFixture[str]) -> None:
    camera = "http://nurse:secret@127.0.0.1:9/video"
    assert main(["cameras", "--json", "--camera", camera]) == 1
    shown = capsys.readouterr().out
    assert "secret" not in shown
    assert "nurse" not in shown


def test_without_a_camera_the_list_is_empty(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("dermstation.camera.discovery.DEVICES", tmp_path)
    assert main(["cameras", "--json", "--quick"]) == 1
    assert json.loads(capsys.readouterr().out) == {"attached": 0, "cameras": []}
