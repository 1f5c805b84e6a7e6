"""Scales are kept by camera and picture size, and a damaged file never prevents a start."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.workflow.scales import (
    MeasuredScale,
    MeasuredScales,
    load_scales,
    remember_scale,
)

ONE = MeasuredScale("Test scope", 1600, 1200, 0.0163, 0.012, "2026-09-04T09:30:00+00:00")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "scales.json"


def test_without_a_file_nothing_is_known(file: Path) -> None:
    assert load_scales(file) == MeasuredScales()


def test_what_is_remembered_is_found_again(file: Path) -> None:
    assert remember_scale(file, ONE).find("Test scope", 1600, 1200) == ONE
    assert load_scales(file).find("Test scope", 1600, 1200) == ONE
    assert [one.name for one in file.parent.iterdir()] == ["scales.json"]


@pytest.mark.parametrize(
    ("camera", "width", "height"),
    [("Other scope", 1600, 1200), ("Test scope", 1280, 1200), ("Test scope", 1600, 900)],
)
def test_another_camera_or_size_has_no_scale(file: Path, camera, width, height) -> None:
    remember_scale(file, ONE)
    assert load_scales(file).find(camera, width, height) is None


def test_a_new_measurement_replaces_the_old_one(file: Path) -> None:
    remember_scale(file, ONE)
    remember_scale(file, replace(ONE, width=640, height=480))
    newer = replace(ONE, mm_per_px=0.02)
    known = remember_scale(file, newer)
    assert known.find("Test scope", 1600, 1200) == newer
    assert len(known.of_camera("Test scope")) == 2


@pytest.mark.expects_log("cannot be read; they must be measured again")
@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"scales": 3}', "3", '{"other": []}', "[" * 99_000]
)
def test_a_damaged_file_counts_as_missing(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    assert load_scales(file) == MeasuredScales()


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
    remember_scale(file, ONE)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["scales"].append({**content["scales"][0], "camera": "Bad scope", **wrong})
    file.write_text(json.dumps(content), encoding="utf-8")
    assert load_scales(file) == MeasuredScales((ONE,))


KNOWN = MeasuredScales((ONE,))


def refused(shot: ShotKind, camera: str, width: int, height: int) -> StationError:
    with pytest.raises(StationError) as caught:
        KNOWN.scale_for(shot, camera, width, height)
    return caught.value


def test_the_dermoscopic_picture_of_that_camera_and_size_has_its_scale() -> None:
    scale = KNOWN.scale_for(ShotKind.DERMOSCOPIC, "Test scope", 1600, 1200)
    assert (scale.mm_per_px, scale.relative_error) == (0.0163, 0.012)


@pytest.mark.parametrize("shot", [shot for shot in ShotKind if shot is not ShotKind.DERMOSCOPIC])
def test_a_shot_held_in_the_hand_has_none_even_if_measured(shot: ShotKind) -> None:
    assert refused(shot, "Test scope", 1600, 1200).code is ErrorCode.SCALE_NOT_CONTACT


@pytest.mark.parametrize("camera", ["Other scope", ""])
def test_another_camera_is_not_measured(camera: str) -> None:
    code = refused(ShotKind.DERMOSCOPIC, camera, 1600, 1200).code
    assert code is ErrorCode.SCALE_NOT_MEASURED


def test_for_another_picture_size_the_known_one_is_named() -> None:
    trouble = refused(ShotKind.DERMOSCOPIC, "Test scope", 1280, 960)
    assert trouble.code is ErrorCode.SCALE_OTHER_SIZE
    assert trouble.facts == {"known": "1600 x 1200", "width": 1280, "height": 960}


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "scales.json.part").mkdir()
    with pytest.raises(StationError) as caught:
        remember_scale(tmp_path / "scales.json", ONE)
    assert caught.value.code is ErrorCode.SCALE_NOT_KEPT
