"""The command line as scripts and IT use it: real processes, exit status, JSON."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import pytest

from dermstation.domain.shots import STANDARD_SHOTS
from tests.e2e.screen import clean_environment

LIMIT_S = 600  # for a program that hangs
FILE_MOST_BYTES = 5_242_880
PAGES = (
    *("welcome", "recovery-key", "home", "patient", "patient-confirm", "consent", "lesion"),
    *("aim-general", "review-general", "aim-dermoscopic", "review-dermoscopic"),
    *("summary", "hand-over", "certificate", "locked"),
)


def run(scratch: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the program with no screen, no desktop and a separate home."""
    environment = clean_environment(scratch)
    environment.pop("DISPLAY", None)
    return subprocess.run(
        [sys.executable, "-m", "dermstation", *arguments],
        env=environment,
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def out(scratch: Path) -> Path:
    return scratch / "out"


@pytest.fixture(scope="module")
def demo(scratch: Path, out: Path) -> "subprocess.CompletedProcess[str]":
    # with a steady hand: waiting out the unsteady one of `make demo` belongs to the long runs
    return run(scratch, "demo", "--headless", "--camera", "sim", "--out", str(out), "--json")


@pytest.fixture(scope="module")
def report(demo: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert demo.returncode == 0, demo.stderr
    told: dict[str, Any] = json.loads(demo.stdout)
    return told


def test_the_demo_reports_three_good_captures_and_leaves_nothing(report: dict[str, Any]) -> None:
    assert report["ok"] is True
    assert [one["shot"] for one in report["captures"]] == [shot.value for shot in STANDARD_SHOTS]
    for one in report["captures"]:
        assert (one["width"], one["height"]) == (1600, 1200)
        assert one["bytes"] > 0
        assert one["verdict"] in {"good", "fair", "poor"}
        assert set(one["scores"]) >= {"focus", "exposure"}
        assert all(0 <= score <= 100 for score in one["scores"].values())
    assert report["package"]["verified"] is True
    assert report["wiped"]["complete"] is True
    assert report["wiped"]["items"]["capture"] == len(STANDARD_SHOTS)
    assert report["files_left"] == 0
    assert all(seconds >= 0 for seconds in report["seconds"].values())


@pytest.mark.slow
def test_the_demo_waits_for_good_pictures_from_an_unsteady_hand(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--headless", "--out", str(tmp_path / "out"), "--json")
    report = json.loads(done.stdout)
    assert report["ok"] is True
    assert [one["shot"] for one in report["captures"]] == [shot.value for shot in STANDARD_SHOTS]


def test_the_files_listed_by_the_demo_exist_with_the_stated_sizes(
    report: dict[str, Any], out: Path
) -> None:
    record = Path(report["package"]["record"])
    assert record == out / "record"
    sizes = {file.name: file.stat().st_size for file in record.iterdir()}
    assert sizes == report["package"]["files"]
    assert sum(sizes.values()) <= FILE_MOST_BYTES
    assert Path(report["certificate"]).read_bytes().startswith(b"%PDF-")


def test_the_demo_leaves_a_picture_of_every_page_at_both_sizes(
    report: dict[str, Any], out: Path
) -> None:
    names = [name.split("-", 1)[1] for name in report["screens"]]
    for page in PAGES:
        assert {f"{page}-1366x768.png", f"{page}-1920x1080.png"} <= set(names), page
    for name in report["screens"]:
        picture = cv2.imread(str(out / "screens" / name))
        height, width = picture.shape[:2]
        assert name.endswith(f"-{width}x{height}.png")
        assert picture.std() > 10, f"{name} is blank"


def test_the_demo_leaves_nothing_behind_elsewhere(
    demo: "subprocess.CompletedProcess[str]", scratch: Path, out: Path
) -> None:
    left = [file for file in scratch.rglob("*") if file.is_file() and out not in file.parents]
    assert left == []
    said = set(demo.stderr.splitlines())
    assert said <= {"This plugin does not support propagateSizeHints()"}  # from Qt itself


def test_the_demo_can_be_run_again_into_the_same_folder_and_spares_other_files(
    report: dict[str, Any], scratch: Path, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "demo-out").mkdir()
    (tmp_path / "demo-out" / "mine.txt").write_text("mine")
    done = run(tmp_path, "demo", "--headless", "--camera", "nonsense", "--out", "demo-out")
    assert done.returncode == 1
    assert (tmp_path / "demo-out" / "mine.txt").read_text() == "mine"


def test_a_whole_package_is_verified(report: dict[str, Any], scratch: Path, out: Path) -> None:
    plain = run(scratch, "verify-package", str(out / "record"))
    assert (plain.returncode, plain.stdout) == (0, "The package is whole.\n")
    told = run(scratch, "verify-package", str(out / "record"), "--json")
    assert told.returncode == 0
    json.loads(told.stdout)


@pytest.mark.parametrize("kind", ["*.jpg", "*.pdf"])
def test_a_flipped_byte_is_a_finding(
    report: dict[str, Any], scratch: Path, out: Path, tmp_path: Path, kind: str
) -> None:
    shutil.copytree(out / "record", tmp_path / "record")
    file = next((tmp_path / "record").glob(kind))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x20
    file.write_bytes(data)
    plain = run(scratch, "verify-package", str(tmp_path / "record"))
    assert plain.returncode == 1
    assert plain.stdout.strip()
    told = run(scratch, "verify-package", str(tmp_path / "record"), "--json")
    assert told.returncode == 1
    assert file.name in told.stdout


def test_a_missing_folder_is_a_finding(scratch: Path) -> None:
    done = run(scratch, "verify-package", "no-such-folder")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["--no-such-option"], ["verify-package"], ["--camera"]]
)
def test_wrong_use_ends_with_2_and_the_usage(scratch: Path, arguments: Sequence[str]) -> None:
    done = run(scratch, *arguments)
    assert done.returncode == 2
    assert "usage: dermstation" in done.stderr


@pytest.mark.parametrize("camera", ["webcam", "sim:focus=purple", "device:-1", "http://"])
def test_an_unknown_camera_is_reported_in_plain_words(scratch: Path, camera: str) -> None:
    done = run(scratch, "--camera", camera)
    assert done.returncode == 1
    assert "camera" in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
