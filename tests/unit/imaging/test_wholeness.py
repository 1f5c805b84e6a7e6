"""A picture is whole if its coded data fill it, whatever else is odd about its bytes."""

import re

import cv2
import numpy as np
import pytest

from dermstation.imaging.huffman_tables import STANDARD_TABLES, with_tables
from dermstation.imaging.wholeness import is_whole, whole_picture
from tests.torn_pictures import TEARS, coded_at, harmless, jpeg, without_tables

RNG = np.random.default_rng(5)
COARSE = RNG.integers(40, 220, (30, 40, 3), np.uint8)
SCENE = cv2.resize(COARSE, (640, 480), interpolation=cv2.INTER_CUBIC)
NOISY = np.clip(SCENE + RNG.normal(0, 3, SCENE.shape), 0, 255).astype(np.uint8)
OTHER = np.clip(np.roll(SCENE, 9, 0) + RNG.normal(0, 3, SCENE.shape), 0, 255).astype(np.uint8)
PLAIN = jpeg(NOISY)
KINDS: dict[str, dict[str, object]] = {
    "plain": {},
    "full colour": {"subsampling": 0},
    "restarts": {"restart_marker_blocks": 7},
    "own tables": {"optimize": True},
    "progressive": {"progressive": True},
}


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("picture", [NOISY, SCENE, NOISY // 9, np.zeros_like(NOISY)])
def test_what_encoders_write_is_whole(picture: np.ndarray, options: dict[str, object]) -> None:
    packet = jpeg(picture, **options)
    assert is_whole(packet)
    found = whole_picture(packet)
    assert found is not None
    assert np.array_equal(found, cv2.imdecode(np.frombuffer(packet, np.uint8), cv2.IMREAD_COLOR))


@pytest.mark.parametrize("kind", harmless(PLAIN))
def test_what_changes_no_pixel_is_harmless(kind: str) -> None:
    odd, plain = harmless(PLAIN)[kind]
    found = whole_picture(odd)
    assert found is not None
    assert np.array_equal(found, whole_picture(plain))


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("tail", [b"", b"\xff\xd9", bytes(9000), bytes(9000) + b"\xff\xd9"])
def test_a_picture_that_is_cut_is_not_whole(options: dict[str, object], tail: bytes) -> None:
    packet = jpeg(NOISY, **options)
    for share in np.linspace(0.02, 0.98, 12):
        assert not is_whole(packet[: int(len(packet) * share)] + tail), share


@pytest.mark.parametrize("way", ["cut_short", "middle_lost", "zero_filled", "shifted"])
def test_a_torn_picture_is_not_whole(way: str) -> None:
    rng = np.random.default_rng(6)
    older = jpeg(OTHER)
    assert not [one for one in range(40) if is_whole(TEARS[way](PLAIN, older, rng))]


def test_scans_that_are_missing_at_the_end_are_missed() -> None:
    packet = jpeg(NOISY, progressive=True)
    scans = [found.start() for found in re.finditer(b"\xff\xda", packet)]
    assert len(scans) > 4
    for begin in scans[1:]:
        assert not is_whole(packet[:begin] + b"\xff\xd9")


def test_restarts_that_are_out_of_order_are_not_whole() -> None:
    packet = jpeg(NOISY, restart_marker_blocks=20)
    pieces = re.split(rb"(\xff[\xd0-\xd7])", packet[coded_at(packet) :])
    del pieces[5:7]
    assert not is_whole(packet[: coded_at(packet)] + b"".join(pieces))


def test_small_pictures_come_from_the_same_decoding() -> None:
    small = whole_picture(PLAIN, 80, 60)
    assert small is not None
    assert small.shape == (60, 80, 3)
    grey = whole_picture(PLAIN, colours="GRAY")
    assert grey is not None
    assert grey.shape == (480, 640, 1)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"GIF89a", bytes(900)])
def test_other_bytes_are_no_picture(data: bytes) -> None:
    assert not is_whole(data)
    assert whole_picture(data) is None


def test_the_standard_tables_are_those_that_encoders_use() -> None:
    bare = without_tables(PLAIN)
    assert STANDARD_TABLES not in bare
    mended = with_tables(bare)
    assert len(mended) == len(bare) + len(STANDARD_TABLES)
    assert with_tables(mended) == mended
    assert np.array_equal(whole_picture(mended), whole_picture(PLAIN))
