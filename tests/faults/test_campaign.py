"""The short campaign: no row has a bad try, and planted bugs are found.

Its tries are spread over every scenario; `make soak PART=vault` runs all of them.
"""

import random
import subprocess
import sys

import pytest

from tests.faults.campaign import SCALES, campaign, rows_of
from tests.faults.power import Disk, Operation, read_log
from tests.faults.shim import built, environment, why_not

ENOUGH = {
    "kills": 132,
    "errors": 44,
    "power": 176,
    "limits": 48,
    "corruption": 100,
    "forged": 66,
    "put_back": 40,
    "odd": 40,
    "boundary": 1_200,
    "forensic": 1,
    "memory": 4,
    "many": 4,
    "load": 20,
}

pytestmark = [
    pytest.mark.timeout(3600),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "runs here"),
]


def campaign_of(*words):
    found = campaign(["--workers", "1", *words])  # each would import and prepare everything again
    assert found is not None
    return found


@pytest.fixture(scope="module")
def rows():
    return campaign_of("--scale", "check")["rows"]


@pytest.mark.parametrize("row", rows_of(SCALES["check"], []))
def test_nothing_is_lost_nothing_comes_back_and_everything_is_reported(rows, row) -> None:
    if "skipped" in rows[row]:
        pytest.skip(rows[row]["skipped"])
    assert rows[row]["examples"] == []
    assert rows[row]["bad"] == 0
    assert rows[row]["tried"] >= ENOUGH[row]


@pytest.mark.parametrize(
    ("plant", "row", "scenario"),
    [
        ("never written", "kills", "capture"),
        ("not synced", "power", "settings"),
        ("every file is genuine", "forged", "settings"),
        ("strays removed", "put_back", "settings"),
        *(
            pytest.param(*plant, marks=pytest.mark.slow)  # a second one of the row
            for plant in (
                ("acknowledged too early", "kills", "capture"),
                ("not synced", "power", "capture"),
                ("anybody is a holder", "forged", "settings"),
                ("uncounted by the keystore", "forged", "settings"),
            )
        ),
    ],
)
def test_a_planted_bug_is_found(plant, row, scenario) -> None:
    found = campaign_of(
        "--scale", "taste", "--only", row, "--scenarios", scenario, "--plant", plant
    )
    assert not found["ok"]
    assert found["rows"][row]["bad"] > 0


def test_the_replay_keeps_synced_writes_and_may_lose_the_rest(tmp_path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    disk = Disk(tmp_path, is_journalling=False)
    new = str(tmp_path / "new")
    for operation in (
        Operation("c", new),
        Operation("w", new, data=b"first"),
        Operation("s", new),
        Operation("s", str(tmp_path)),
        Operation("w", new, offset=5, data=b" then"),
        Operation("u", str(tmp_path / "old")),
    ):
        disk.play(operation)
    images = list(disk.images(random.Random(1), 50))
    assert {image[new] for image in images} == {b"first", b"first then"}
    assert {str(tmp_path / "old") in image for image in images} == {True, False}


_COPY = """
import shutil, sys
from pathlib import Path
from tests.faults.shim import Shim
home = Path(sys.argv[1])
Shim().arm(home, log=str(home.parent / "log"))
shutil.copyfile(home / "old", home / "new")
"""


def test_a_copy_made_inside_the_kernel_is_in_the_log(tmp_path) -> None:
    """Otherwise the replay of a good disk would have an empty file and be called bad."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "old").write_bytes(b"content" * 10_000)
    command = [sys.executable, "-c", _COPY, str(home)]
    subprocess.run(command, env=environment(built(tmp_path)), check=True)
    disk = Disk(home, is_journalling=True)
    for operation in read_log(tmp_path / "log"):
        disk.play(operation)
    for name in (home / "new", home):
        disk.play(Operation("s", str(name)))
    (image,) = disk.images(random.Random(1), 1)
    assert image[str(home / "new")] == (home / "old").read_bytes()
