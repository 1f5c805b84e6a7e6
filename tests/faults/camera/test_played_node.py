"""OpenCV's own V4L2 code in front of a played driver: what it makes of late and torn packets."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.faults import shim
from tests.faults.camera import played_node

pytestmark = pytest.mark.skipif(bool(shim.why_not()), reason=shim.why_not())

LONG_AGO = 1_000_000_000
OWN_BYTES = ["MJPG", ["JPEG"], played_node.FRAMES]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("played")
    library = folder / "v4l2_node.so"
    source = Path(__file__).with_name("v4l2_node.c")
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    node = folder / f"video{played_node.NUMBER}"
    node.touch()
    os.utime(node, (LONG_AGO, LONG_AGO))  # it has been there for a while
    small = np.random.default_rng(5).integers(0, 255, (24, 32, 3), np.uint8)
    cv2.imwrite(str(folder / "picture.jpg"), cv2.resize(small, (320, 240)))
    environment = shim.environment(library) | {
        "PLAYED_CAMERA": str(folder / "told"),
        "PLAYED_PICTURE": str(folder / "picture.jpg"),
    }
    program = [sys.executable, played_node.__file__, str(folder)]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("situation", "outcome"),
    [
        ("at once", OWN_BYTES),
        ("late", OWN_BYTES),
        ("silent", "camera_stalled"),
        ("after silence", OWN_BYTES),
        ("gone", "camera_absent"),
        ("gone for good", "camera_absent"),
        ("held", "camera_busy"),
        ("pixels", ["YUYV", ["BGR"], 0]),
        ("cut", ["MJPG", ["JPEG"], 0]),  # the gate refuses these
        ("cut in the headers", "camera_torn"),
        ("whole again", OWN_BYTES),
    ],
)
def test_what_comes_of_it(outcomes: dict[str, Any], situation: str, outcome: object) -> None:
    assert outcomes[situation] == outcome
