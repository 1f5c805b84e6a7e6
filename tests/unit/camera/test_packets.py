import re

import cv2
import numpy as np
import pytest

from dermstation.camera.packets import jpeg_outline, png_size, self_contained
from dermstation.imaging.huffman_tables import STANDARD_TABLES


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    image = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


def without_tables(jpeg: bytes) -> bytes:
    tables = re.compile(rb"\xff\xc4\x00.", re.DOTALL)
    while found := tables.search(jpeg):
        length = int.from_bytes(jpeg[found.start() + 2 : found.start() + 4])
        jpeg = jpeg[: found.start()] + jpeg[found.start() + 2 + length :]
    return jpeg


def test_size_is_read_without_decoding(jpeg: bytes) -> None:
    outline = jpeg_outline(jpeg)
    assert outline is not None
    assert (outline.width, outline.height) == (64, 48)
    assert outline.has_tables
    assert outline.length == len(jpeg)


def test_padding_after_the_end_mark_is_not_counted(jpeg: bytes) -> None:
    outline = jpeg_outline(jpeg + bytes(100))
    assert outline is not None
    assert outline.length == len(jpeg)


def test_the_length_ends_at_the_first_end_mark(jpeg: bytes) -> None:
    outline = jpeg_outline(jpeg)
    assert outline is not None
    chance = np.random.default_rng(3)
    for length in range(60):
        coded = chance.choice([0xFF, 0xD9, 0x11], length, p=[0.2, 0.2, 0.6])
        data = jpeg[: outline.coded_at] + coded.astype(np.uint8).tobytes()
        found = data.find(b"\xff\xd9", outline.coded_at)
        other = jpeg_outline(data)
        assert other is not None
        assert other.has_end == (found >= 0)
        assert other.length == (found + 2 if found >= 0 else len(data))


def test_headers_that_are_cut_off_have_no_outline(jpeg: bytes) -> None:
    outline = jpeg_outline(jpeg)
    assert outline is not None
    assert not any(jpeg_outline(jpeg[:cut]) for cut in range(outline.coded_at))


def test_an_end_mark_and_tables_that_are_missing_are_added_and_nothing_else(jpeg: bytes) -> None:
    outline = jpeg_outline(jpeg)
    assert outline is not None
    assert self_contained(jpeg, outline) == jpeg
    bare = without_tables(jpeg)
    outline = jpeg_outline(bare[:-2])
    assert outline is not None
    assert (outline.has_tables, outline.has_end) == (False, False)
    mended = self_contained(bare[:-2], outline)
    as_decoded = [
        cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in (mended, jpeg)
    ]
    assert np.array_equal(*as_decoded)
    assert mended.replace(STANDARD_TABLES, b"") == bare


def test_an_outline_holds_for_the_packet_only_if_nothing_is_added(jpeg: bytes) -> None:
    for data in (jpeg, jpeg + bytes(9)):
        outline = jpeg_outline(data)
        assert outline is not None
        assert outline.is_self_contained
        assert jpeg_outline(self_contained(data, outline)) == outline
    for cut in (without_tables(jpeg), jpeg[:-2]):
        outline = jpeg_outline(cut)
        assert outline is not None
        assert not outline.is_self_contained


def test_other_bytes_are_not_a_jpeg() -> None:
    rng = np.random.default_rng(2)
    for start in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"):
        assert jpeg_outline(start + rng.bytes(500)) is None


def test_png_size_is_read_from_its_header() -> None:
    png = cv2.imencode(".png", np.zeros((7, 9, 3), np.uint8))[1].tobytes()
    assert png_size(png) == (9, 7)
    assert png_size(png[:20]) is None
    assert png_size(b"\xff\xd8" + png) is None
