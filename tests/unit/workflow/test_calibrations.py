"""Scales are kept by camera and picture size, and a damaged file costs no start."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.workflow.calibrations import (
    Calibration,
    Calibrations,
    load_calibrations,
    remember_calibration,
)

ONE = Calibration("Test scope", 1600, 1200, 0.0163, 0.012, "2026-09-04T09:30:00+00:00")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "scales.json"


def test_without_a_file_nothing_is_known(file: Path) -> None:
    assert load_calibrations(file) == Calibrations()


def test_what_is_remembered_is_found_again(file: Path) -> None:
    assert remember_calibration(file, ONE).find("Test scope", 1600, 1200) == ONE
    assert load_calibrations(file).find("Test scope", 1600, 1200) == ONE
    assert [one.name for one in file.parent.iterdir()] == ["scales.json"]


@pytest.mark.parametrize(
    ("camera", "width", "height"),
    [("Other scope", 1600, 1200), ("Test scope", 1280, 1200), ("Test scope", 1600, 900)],
)
def test_another_camera_or_size_has_no_scale(file: Path, camera, width, height) -> None:
    remember_calibration(file, ONE)
    assert load_calibrations(file).find(camera, width, height) is None


def test_measured_again_the_new_one_takes_the_place(file: Path) -> None:
    remember_calibration(file, ONE)
    remember_calibration(file, replace(ONE, width=640, height=480))
    newer = replace(ONE, mm_per_px=0.02)
    known = remember_calibration(file, newer)
    assert known.find("Test scope", 1600, 1200) == newer
    assert len(known.of_camera("Test scope")) == 2


@pytest.mark.expects_log("cannot be read; they must be measured again")
@pytest.mark.parametrize("content", ["", "{", "[]", '{"scales": 3}', "3", '{"other": []}'])
def test_a_damaged_file_is_as_none(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    assert load_calibrations(file) == Calibrations()


@pytest.mark.expects_log("1 scales are not usable")
@pytest.mark.parametrize(
    "wrong",
    [
        {"mm_per_px": 0.0},
        {"mm_per_px": float("nan")},
        {"mm_per_px": "0.1"},
        {"relative_error": 0.2},
        {"relative_error": -0.01},
        {"width": 0},
        {"height": 12.5},
        {"camera": 3},
        {"measured_at": "yesterday"},
        {"measured_at": 3},
        {"colour": "red"},
    ],
)
def test_a_wrong_entry_is_left_out_and_the_others_hold(file: Path, wrong: dict) -> None:
    remember_calibration(file, ONE)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["scales"].append({**content["scales"][0], "camera": "Bad scope", **wrong})
    file.write_text(json.dumps(content), encoding="utf-8")
    assert load_calibrations(file) == Calibrations((ONE,))
