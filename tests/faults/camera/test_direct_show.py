"""FFmpeg's DirectShow input, as OpenCV has it, in front of a played camera of Windows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="DirectShow is Windows'")

PROGRAM = Path(__file__).with_name("played_direct_show.py")
ROOT = PROGRAM.parents[3]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("played")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = dict(json.loads(done.stdout))
    if "skipped" in found:
        pytest.skip(found["skipped"])
    return found


@pytest.mark.parametrize("packets", ["plain", "no tables", "padding"])
def test_the_camera_s_own_bytes_come_through_the_real_camera_process(
    outcomes: dict[str, Any], packets: str
) -> None:
    assert outcomes[packets] == {
        "backend": "ffmpeg",
        "coding": "MJPG",
        "form": "JPEG",
        "own": 6,
        "tables added": packets == "no tables",
    }


def test_a_camera_that_goes_silent_is_opened_again(outcomes: dict[str, Any]) -> None:
    assert outcomes["silent"] == {"backend": "ffmpeg", "state": "streaming"}
