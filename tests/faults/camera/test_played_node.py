"""OpenCV's own V4L2 code in front of a played driver: late, torn and unusual packets."""

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
from tests.faults.camera import played_node, played_process

pytestmark = pytest.mark.skipif(bool(shim.why_not()), reason=shim.why_not())

LONG_AGO = 1_000_000_000
OWN_BYTES = ["MJPG", ["JPEG"], played_node.FRAMES]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("library") / "v4l2_node.so"
    source = Path(__file__).with_name("v4l2_node.c")
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, library: Path) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("played")
    node = folder / f"video{played_node.NUMBER}"
    node.touch()
    os.utime(node, (LONG_AGO, LONG_AGO))  # it has been there for a while
    small = np.random.default_rng(5).integers(0, 255, (24, 32, 3), np.uint8)
    cv2.imwrite(str(folder / "picture.jpg"), cv2.resize(small, (320, 240)))
    return played(played_node.__file__, folder, library, folder / "picture.jpg")


@pytest.fixture(scope="module")
def in_processes(tmp_path_factory: pytest.TempPathFactory, library: Path) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("processes")
    return played(played_process.__file__, folder, library, folder / "pictures")


def played(program: str, folder: Path, library: Path, pictures: Path) -> dict[str, Any]:
    environment = shim.environment(library) | {
        "PLAYED_CAMERA": str(folder / "told"),
        "PLAYED_PICTURE": str(pictures),
    }
    command = [sys.executable, program, str(folder)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
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


class TestInTheRealCameraProcess:
    def test_tables_that_a_camera_leaves_out_are_added_to_its_own_bytes(
        self, in_processes: dict[str, Any]
    ) -> None:
        seen = in_processes["no tables"]
        assert seen == {"form": "JPEG", "own": True, "tables added": True}

    def test_the_command_says_that_tables_are_added(self, in_processes: dict[str, Any]) -> None:
        said = {"coding": "MJPG", "keeps_packets": True, "adds_tables": True}
        assert in_processes["listed"] == said

    def test_a_torn_packet_without_tables_stays_out(self, in_processes: dict[str, Any]) -> None:
        assert in_processes["torn let in"] is False

    @pytest.mark.parametrize("behind", ["padding", "garbage"])
    def test_what_follows_the_end_mark_is_taken_off(
        self, in_processes: dict[str, Any], behind: str
    ) -> None:
        assert in_processes[behind] == {"form": "JPEG", "own": True}

    def test_a_camera_without_jpeg_gives_pixels_and_it_is_known_why(
        self, in_processes: dict[str, Any]
    ) -> None:
        assert in_processes["pixels"] == {
            "form": "BGR",
            "own": True,
            "coding": "YUYV",
            "why": "camera_sends_pixels",
        }

    @pytest.mark.parametrize("socket", ["1", "2"])
    @pytest.mark.parametrize("when", ["before", "after"])
    def test_two_cameras_of_one_model_keep_apart_over_a_restart(
        self, in_processes: dict[str, Any], socket: str, when: str
    ) -> None:
        assert in_processes["alike"][f"{when} {socket}"] == socket
