"""Random damage to pictures of every kind: the reader answers, whatever is in the file.

DERMSTATION_FUZZ is the number of files, DERMSTATION_FUZZ_S the minimum time in seconds. The default
takes seconds; `make soak` takes an hour.
"""

import itertools
import os
import time
from pathlib import Path

import numpy as np
import pytest

from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from tests.unit.camera.card.samples import jpeg

FILES = int(os.environ.get("DERMSTATION_FUZZ", "150"))
SECONDS = float(os.environ.get("DERMSTATION_FUZZ_S", "0"))
REFUSALS = {ErrorCode.IMAGE_UNREADABLE, ErrorCode.IMAGE_TOO_LARGE}
_MARKERS = (0xC0, 0xC2, 0xC4, 0xD0, 0xD8, 0xD9, 0xDA, 0xDB, 0xDD, 0xE1, 0xFE)


def damaged(chance: np.random.Generator, bases: list[bytes]) -> bytes:
    """Damage a picture in one to four ways: bytes, runs, markers, pieces of another picture."""
    data = bytearray(bases[chance.integers(len(bases))])
    for _ in range(chance.integers(1, 5)):
        at = int(
            chance.integers(2, max(3, min(len(data), 800 if chance.random() < 0.6 else 10**9)))
        )
        length = int(chance.integers(1, 40))
        match chance.integers(5):
            case 0:
                data[at : at + length] = chance.bytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = bytes([0xFF, int(chance.choice(_MARKERS))]) + chance.bytes(length)
            case 3:
                data[at : at + 2] = b"\xff\xff" if chance.random() < 0.5 else b"\0\0"
            case _:
                other = bases[chance.integers(len(bases))]
                data[at:at] = other[at : at + length * 50]
    return bytes(data)


@pytest.mark.timeout(7200)
def test_random_damage_never_breaks_the_reader(tmp_path: Path, record_property) -> None:
    chance = np.random.default_rng(int(os.environ.get("DERMSTATION_SEED", "1")))
    bases = [
        jpeg(seed=1),
        jpeg(seed=2, progressive=True, orientation=6),
        jpeg(seed=3, subsampling=0, restart_marker_blocks=4, offset="+01:00"),
    ]
    refused = 0
    file = tmp_path / "PICTURE.JPG"
    ends_at = time.monotonic() + SECONDS
    with CardReader() as reader:
        for number in itertools.count():
            if number >= FILES and time.monotonic() >= ends_at:
                break
            file.write_bytes(damaged(chance, bases))
            try:
                reader.inspect(str(tmp_path), file.name, ShotKind.CLOSEUP)
                reader.thumbnail(str(tmp_path), file.name)
            except StationError as trouble:
                refused += 1
                known = trouble.code in REFUSALS and trouble.facts.get("reason") != "reader ended"
                if not known:
                    (tmp_path / f"broke-it-{number}.jpg").write_bytes(file.read_bytes())
                    pytest.fail(f"file {number}: {trouble!r}")
    record_property("fuzzed_files", number)
    assert refused > number // 4, "the damage did no harm, so it tests nothing"
