import cv2
import numpy as np
import pytest

from dermstation.camera.packets import jpeg_outline, png_size


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    image = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


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


def test_no_cut_off_packet_counts_as_whole(jpeg: bytes) -> None:
    assert [cut for cut in range(len(jpeg)) if jpeg_outline(jpeg[:cut]) is not None] == []


def test_other_bytes_are_not_a_jpeg() -> None:
    rng = np.random.default_rng(2)
    for start in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"):
        assert jpeg_outline(start + rng.bytes(500)) is None


def test_png_size_is_read_from_its_header() -> None:
    png = cv2.imencode(".png", np.zeros((7, 9, 3), np.uint8))[1].tobytes()
    assert png_size(png) == (9, 7)
    assert png_size(png[:20]) is None
    assert png_size(b"\xff\xd8" + png) is None
