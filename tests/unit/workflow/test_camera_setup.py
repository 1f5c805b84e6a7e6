"""The setup of the cameras is remembered, and a bad file never stops anybody from working."""

import json
import stat
import sys
from pathlib import Path

import pytest

from dermstation.camera.controls import Control
from dermstation.camera.spec import CameraKind
from dermstation.domain.shots import ShotKind
from dermstation.workflow import camera_setup
from dermstation.workflow.camera_setup import (
    CameraMemory,
    CameraSetup,
    load_setup,
    save_setup,
)

SCOPE = "device:by-id/usb-Maker_Scope_0001-video-index0"
MEMORY = CameraMemory(
    "msmf",
    {"ffmpeg": 0.0, "dshow": 0.7, "msmf": 29.9},
    {Control.EXPOSURE: 120.0, Control.FOCUS: None},
    "system_decodes",
)
SETUP = CameraSetup(
    {ShotKind.DERMOSCOPIC: SCOPE, ShotKind.GENERAL: "device:1"}, {SCOPE: MEMORY}, True
)


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "home" / "cameras.json"
    save_setup(SETUP, file)
    assert load_setup(file) == SETUP
    assert [one.name for one in file.parent.iterdir()] == ["cameras.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_a_file_nothing_is_remembered_and_nothing_logged(tmp_path: Path) -> None:
    assert load_setup(tmp_path / "cameras.json") == CameraSetup()


@pytest.mark.expects_log("cannot be read")
@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe", b"[]", b'{"version": 2}', b"", b"[" * 99_000]
)
def test_a_file_that_cannot_be_read_falls_back(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "cameras.json"
    file.write_bytes(content)
    assert load_setup(file) == CameraSetup()


@pytest.mark.expects_log("left out")
@pytest.mark.parametrize(
    "part",
    [
        {"shots": {"dermoscopic": "a toaster"}},
        {"shots": {"portrait": "device:0"}},
        {"shots": {"dermoscopic": 7}},
        {"shots": ["device:0"]},
        {"cameras": {"device:0": "fast"}},
        {"cameras": {"a toaster": {}}},
    ],
)
def test_one_bad_part_leaves_the_others(tmp_path: Path, part: dict[str, object]) -> None:
    file = tmp_path / "cameras.json"
    file.write_text(json.dumps({"version": 1, "locks_controls": True, **part}), encoding="utf-8")
    assert load_setup(file) == CameraSetup(locks_controls=True)


def test_strange_memories_are_left_out_quietly(tmp_path: Path) -> None:
    file = tmp_path / "cameras.json"
    memory = {
        "backend": "rm -rf",
        "fps": {"dshow": "fast"},
        "controls": {"zoom": 1, "focus": True},
        "pictures": ["own"],
    }
    data = {"version": 1, "cameras": {"device:0": memory}}
    file.write_text(json.dumps(data), encoding="utf-8")
    assert load_setup(file).cameras == {"device:0": CameraMemory()}


def test_a_shot_without_a_camera_is_not_remembered() -> None:
    assert SETUP.with_camera_for(ShotKind.GENERAL, "").shots == {ShotKind.DERMOSCOPIC: SCOPE}


def test_a_camera_is_opened_as_it_is_remembered() -> None:
    spec = SETUP.spec_of(SCOPE)
    assert spec.kind is CameraKind.DEVICE
    assert spec.identity == "by-id/usb-Maker_Scope_0001-video-index0"
    assert spec.backend == "msmf"
    assert dict(spec.controls) == dict(MEMORY.controls)
    assert SETUP.with_memory("sim", CameraMemory("any")).spec_of("sim").backend == "any"


@pytest.mark.parametrize(
    ("backend", "fps", "pinned"),
    [
        ("ffmpeg", {"ffmpeg": 30.0, "dshow": 30.0}, ""),  # the usual order begins with it
        ("dshow", {"ffmpeg": 0.0, "dshow": 30.0}, "dshow"),
        ("dshow", {"dshow": 30.0, "msmf": 10.0}, ""),  # chosen before packets could be had
        ("", {}, ""),
    ],
)
def test_a_back_end_is_pinned_only_if_it_won_against_the_first(
    monkeypatch: pytest.MonkeyPatch, backend: str, fps: dict[str, float], pinned: str
) -> None:
    monkeypatch.setattr(camera_setup, "backends", lambda: ("ffmpeg", "dshow", "msmf"))
    assert CameraMemory(backend, fps).pinned_backend == pinned
