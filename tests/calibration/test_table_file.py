"""The calibration program: the same pictures give the same table, byte for byte."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.__main__ import main
from calibration.sources import SKIN_FOLDERS, Source, sources
from calibration.table_file import Effort, calibrate, read_json, write_table
from dermstation.domain.shots import ShotKind
from dermstation.imaging.table import TABLE_PATH, table_from
from tests.skin_pictures import BESIDE, exposed, skin


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    """A data folder of small rendered pictures, a few in each half."""
    for folder, tone in (("dermoscopic", 1.0), ("clinical_closeup", 0.8), ("negative", None)):
        (tmp_path / folder).mkdir()
        for seed in range(8):
            if tone is None:
                picture = np.random.default_rng(seed).integers(0, 256, (260, 340, 3), np.uint8)
            else:
                picture = exposed(skin(260, 340, seed, tone))
            cv2.imwrite(str(tmp_path / folder / f"{folder}_{seed}.jpg"), picture)
    return tmp_path


def test_the_same_data_give_the_same_table_in_one_process_or_two(rendered: Path, tmp_path) -> None:
    written = []
    for workers in (1, 2):
        path = tmp_path / f"table-{workers}.json"
        effort = Effort(copies=0.5, workers=workers, most_sources=2)
        write_table(calibrate(rendered, "2026-01-01", effort), path)
        written.append(path.read_bytes())
    assert written[0] == written[1]
    written_table = read_json(tmp_path / "table-1.json")
    assert written_table["made"]["date"] == "2026-01-01"
    fitted = table_from(written_table)
    assert set(fitted.limits) == set(ShotKind)
    for limits in fitted.limits.values():
        assert limits.blur_radius_px.good < limits.blur_radius_px.poor


def test_a_picture_belongs_to_a_half_by_its_name_in_any_folder() -> None:
    names = [f"picture_{number}" for number in range(400)]
    halves = [Source(Path("a") / f"{name}.jpg", "x").is_training for name in names]
    assert halves == [Source(Path("b/c") / f"{name}.png", "y").is_training for name in names]
    assert 0.4 < np.mean(halves) < 0.6


def test_the_shipped_table_is_complete_and_states_its_origin() -> None:
    assert set(table_from(read_json(TABLE_PATH)).limits) == set(ShotKind)
    made = read_json(TABLE_PATH)["made"]
    assert made["samples"] > 5000
    assert made["data"].startswith("sha256 ")
    assert len(made["date"]) == 10
    text = TABLE_PATH.read_text(encoding="utf-8")
    assert json.loads(text) == read_json(TABLE_PATH)
    assert text.endswith("}\n")


def test_no_picture_of_the_test_half_was_used_for_fitting() -> None:
    data = next((folder for folder in BESIDE if folder.exists()), None)
    if data is None:
        pytest.skip("no real pictures next to the project")
    made = read_json(TABLE_PATH)["made"]
    training = {
        folder: [one.name for one in sources(data, folder) if one.is_training]
        for folder in (*SKIN_FOLDERS.values(), "negative")
    }
    assert made["training_pictures"] == {folder: len(names) for folder, names in training.items()}
    assert set(made["left_out_as_soft"]) <= {name for names in training.values() for name in names}


def test_without_pictures_nothing_is_written(tmp_path: Path, capsys) -> None:
    before = TABLE_PATH.read_bytes()
    assert main([str(tmp_path)]) == 1
    assert "no pictures in" in capsys.readouterr().err
    assert TABLE_PATH.read_bytes() == before
