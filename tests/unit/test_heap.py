"""Freed memory is kept for the next picture: its pages are not fetched and cleared again."""

import subprocess
import sys

import pytest

_PICTURES = """
import resource, sys
import numpy as np
from dermstation.heap import keep_freed_memory
if sys.argv[1] == "kept":
    assert keep_freed_memory()
def fetched():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def work():
    held = [np.ones(3_000_000, np.uint8) for _ in range(10)]
    held.clear()
for _ in range(3):
    work()
before = fetched()
for _ in range(20):
    work()
print((fetched() - before) // 20)
"""


def _pages_a_round(how: str) -> int:
    command = [sys.executable, "-c", _PICTURES, how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only the C library of Linux has such an option"
)
def test_freed_memory_is_used_again() -> None:
    assert _pages_a_round("kept") < 50 < _pages_a_round("given back")


_GIVEN_BACK = """
import os
import numpy as np
from dermstation.heap import give_back, keep_freed_memory
keep_freed_memory()
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
np.ones(3_000_000, np.uint8)
before = resident()
held = [np.ones(3_000_000, np.uint8) for _ in range(10)]
held.clear()
kept = resident() - before
give_back()
print(kept, resident() - before)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="only the C library of Linux has such an option"
)
def test_it_goes_back_to_the_system_once_no_more_pictures_come() -> None:
    command = [sys.executable, "-c", _GIVEN_BACK]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    kept, left = map(int, ended.stdout.split())
    assert left < 6_000_000
    assert kept > 24_000_000
