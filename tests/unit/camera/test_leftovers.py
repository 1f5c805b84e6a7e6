"""Frames of killed stations of earlier versions are removed; what is not certain to be so stays."""

import mmap
import os
import struct
import sys
import time
from pathlib import Path

import pytest

from dermstation.camera import leftovers
from dermstation.camera.leftovers import remove_leftovers

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has a folder for shared memory"
)

LONG_AGO_S = 3600


def left(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "psm_0badcafe") -> Path:
    """Write what version 0.1.0 left: a ring with a camera process that fell silent."""
    arena = 64 * 500
    beat_ns = time.perf_counter_ns() - LONG_AGO_S * 10**9
    header = struct.pack("=16q", 7, beat_ns, 2, arena, 0, 1, *(0,) * 10)
    file = folder / name
    file.write_bytes(header + bytes(8 * 64 * 10 + arena))
    now = time.time
    monkeypatch.setattr(leftovers.time, "time", lambda: now() + LONG_AGO_S)
    return file


def beat(file: Path, instant_ns: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(8)
        opened.write(instant_ns.to_bytes(8, sys.byteorder, signed=True))


def test_what_a_killed_station_left_is_removed(tmp_path, monkeypatch) -> None:
    file = left(tmp_path, monkeypatch)
    assert remove_leftovers(tmp_path) == 1
    assert not file.exists()


def test_the_memory_of_other_programs_stays(tmp_path, monkeypatch) -> None:
    other_name = left(tmp_path, monkeypatch, "sem.dermstation")
    other_size = left(tmp_path, monkeypatch, "psm_1")
    with other_size.open("ab") as opened:
        opened.write(b"\0")
    numbers = tmp_path / "psm_2"
    numbers.write_bytes(os.urandom(200_000))
    short = tmp_path / "psm_3"
    short.write_bytes(b"\0" * 8)
    link = tmp_path / "psm_4"
    target = left(tmp_path, monkeypatch, "elsewhere")
    link.symlink_to(target)
    (tmp_path / "psm_5").mkdir()
    os.mkfifo(tmp_path / "psm_6")
    before = sorted(tmp_path.iterdir())
    assert remove_leftovers(tmp_path) == 0
    assert sorted(tmp_path.iterdir()) == before
    assert other_name in before


def test_the_memory_of_a_station_that_lives_stays(tmp_path, monkeypatch) -> None:
    file = left(tmp_path, monkeypatch)
    beat(file, time.perf_counter_ns())
    assert remove_leftovers(tmp_path) == 0
    beat(file, time.perf_counter_ns() - LONG_AGO_S * 10**9)
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0):
        assert remove_leftovers(tmp_path) == 0
    assert remove_leftovers(tmp_path) == 1


def test_the_memory_of_a_station_that_has_just_begun_stays(tmp_path, monkeypatch) -> None:
    file = left(tmp_path, monkeypatch)
    monkeypatch.undo()
    assert remove_leftovers(tmp_path) == 0
    assert file.exists()


def test_the_memory_of_another_user_stays(tmp_path, monkeypatch) -> None:
    file = left(tmp_path, monkeypatch)
    own = os.getuid()
    monkeypatch.setattr(leftovers.os, "getuid", lambda: own + 1)
    assert remove_leftovers(tmp_path) == 0
    assert file.exists()


def test_no_such_folder_is_no_trouble(tmp_path) -> None:
    assert remove_leftovers(tmp_path / "none") == 0
