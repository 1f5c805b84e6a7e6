"""`dermstation assess`: one line for each file, whatever state the file is in."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from dermstation.cli import main
from dermstation.domain.advice import advice_for
from dermstation.domain.quality import Cause
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.codec import decode
from tests.pictures import exif_bytes, with_exif

rng = np.random.default_rng(4)
TEXTURE = cv2.GaussianBlur(rng.integers(0, 256, (480, 640, 3), np.uint8), (0, 0), 2)
PICTURE = cv2.addWeighted(TEXTURE, 0.6, np.full_like(TEXTURE, (110, 140, 190)), 0.5, 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), PICTURE)
    return path


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_object_says_all_that_design_promises(file: Path, capsys) -> None:
    assert main(["assess", str(file), "--shot", "closeup", "--json"]) == 0
    (told,) = lines(capsys)
    assert (told["file"], told["shot"], told["width"], told["height"]) == (
        str(file),
        "closeup",
        640,
        480,
    )
    assert told["verdict"] in {"good", "fair", "poor"}
    for aspect in ("focus", "exposure", "glare", "colour", "framing"):
        assert 0 <= told[aspect]["score"] <= 100
        assert told[aspect]["verdict"] in {"good", "fair", "poor"}
        assert (told[aspect]["cause"] is None) == (told[aspect]["verdict"] == "good")
    assert told["focus"]["blur_radius_px"] > 0
    assert [one["text"] for one in told["advice"]] == [
        advice_for(Cause(one["code"]), ShotKind(told["shot"])) for one in told["advice"]
    ]
    assert told["ms"] > 0


def test_a_file_is_judged_as_a_capture_of_the_same_bytes(file: Path, capsys) -> None:
    main(["assess", str(file), "--json"])
    (told,) = lines(capsys)
    report = assess(decode(file.read_bytes()), ShotKind.DERMOSCOPIC)
    assert told["shot"] == "dermoscopic"
    assert told["verdict"] == report.verdict.value
    assert [told[found.aspect.value]["score"] for found in report.judgements] == [
        found.score for found in report.judgements
    ]


def test_what_is_no_picture_is_said_and_the_others_are_still_judged(
    file: Path, tmp_path: Path, capsys
) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "half.png").write_bytes(file.read_bytes()[:2000])
    (tmp_path / "empty.jpg").touch()
    names = ["notes.txt", "half.png", "empty.jpg", "missing.jpg", ".", "nul\0.jpg"]
    wanted = [str(tmp_path / name) for name in names]
    assert main(["assess", *wanted, str(file), "--json"]) == 1
    *troubles, good = lines(capsys)
    assert [one["file"] for one in troubles] == wanted
    assert all(one.keys() == {"file", "error"} and one["error"].endswith(".") for one in troubles)
    assert troubles[3]["error"] == "There is no such file."
    assert troubles[4]["error"] == "This is a folder, not a picture."
    assert good["verdict"]


def test_over_forty_megapixels_is_refused_by_the_header(tmp_path: Path, capsys) -> None:
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), np.zeros((5001, 8000), np.uint8))
    assert main(["assess", str(path), "--json"]) == 1
    assert "too large" in lines(capsys)[0]["error"]


@pytest.mark.parametrize("name", ["deep.png", "deep.tiff", "grey.png", "grey.jpg", "clear.png"])
def test_every_kind_of_pixel_is_judged_like_plain_ones(name: str, tmp_path: Path, capsys) -> None:
    path, plain = tmp_path / name, tmp_path / "plain.png"
    grey = cv2.cvtColor(cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    written = {
        "deep": PICTURE.astype(np.uint16) * 257,
        "grey": grey[..., 0],
        "clear": np.dstack([PICTURE, np.full(PICTURE.shape[:2], 90, np.uint8)]),
    }[path.stem]
    options = [cv2.IMWRITE_JPEG_QUALITY, 100] if path.suffix == ".jpg" else []
    cv2.imwrite(str(path), written, options)
    cv2.imwrite(str(plain), grey if path.stem == "grey" else PICTURE)
    assert main(["assess", str(path), str(plain), "--json"]) == 0
    one, other = lines(capsys)
    assert one["verdict"] == other["verdict"]
    assert one["focus"]["score"] == pytest.approx(other["focus"]["score"], abs=4)


def test_an_orientation_tag_changes_nothing(tmp_path: Path, capsys) -> None:
    path = tmp_path / "turned.jpg"
    plain = cv2.imencode(".jpg", PICTURE)[1].tobytes()
    path.write_bytes(with_exif(plain, exif_bytes(picture={0x0112: 6})))
    main(["assess", str(path), "--json"])
    (told,) = lines(capsys)
    assert (told["width"], told["height"]) == (640, 480)


def test_without_json_each_file_has_a_readable_line(file: Path, tmp_path: Path, capsys) -> None:
    assert main(["assess", str(file), str(tmp_path / "no")]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{file}: ")
    assert "focus" in first
    assert second.endswith("no: There is no such file.")


def test_a_shot_that_does_not_exist_is_wrong_use(file: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["assess", str(file), "--shot", "portrait"])
    assert ended.value.code == 2


def test_no_qt_and_no_calibration_is_imported(file: Path) -> None:
    program = (
        "import sys; from dermstation.cli import main; "
        f"main(['assess', {str(file)!r}, '--json']); "
        "print([m for m in sys.modules if m.startswith(('PySide6', "
        "'calibration', 'dermstation.ui'))])"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert out.splitlines()[-1] == "[]"
