"""Other decoders read our PNG back pixel for pixel."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.codec import decode, decode_grey, encode_png
from dermstation.imaging.png import pixels_of, png_of


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**31))
def test_any_size_is_read_back_by_opencv_and_pillow(width: int, height: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    data = png_of(picture)
    assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), picture)
    with Image.open(io.BytesIO(data)) as read:
        read.load()
        assert read.mode == "RGB"
        assert np.array_equal(np.asarray(read)[:, :, ::-1], picture)
    assert np.array_equal(pixels_of(data), picture)


@given(st.data())
def test_a_png_that_differs_anywhere_is_left_to_the_general_decoder(data) -> None:
    own = png_of(np.random.default_rng(4).integers(0, 256, (9, 12, 3), dtype=np.uint8))
    at, bit = data.draw(st.integers(0, len(own) - 1)), data.draw(st.integers(0, 7))
    assert pixels_of(own[:at] + bytes([own[at] ^ 1 << bit]) + own[at + 1 :]) is None
    assert pixels_of(own[:at]) is None
    assert pixels_of(own + b"x") is None


def test_a_png_with_other_data_is_left_to_the_general_decoder() -> None:
    own = png_of(np.zeros((4, 5, 3), np.uint8))
    for lines in (b"\0" * 64, b"\1" * 63, b"\1" * 65):  # not the filter; too few; too many
        assert pixels_of(with_lines(own, zlib.compress(lines))) is None
    assert pixels_of(with_lines(own, b"no stream")) is None
    assert pixels_of(with_lines(own, zlib.compress(b"\1" * 64)[:-1])) is None


def with_lines(png: bytes, coded: bytes) -> bytes:
    """Return a small PNG with other data, rightly wrapped."""
    check = zlib.crc32(b"IDAT" + coded)
    chunk = struct.pack(">I4s", len(coded), b"IDAT") + coded + struct.pack(">I", check)
    return png[:33] + chunk + png[-12:]


def test_a_view_that_is_not_contiguous_is_encoded_correctly() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    assert np.array_equal(decode(png_of(picture[::2, 10:50])), picture[::2, 10:50])


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_an_array_that_is_not_a_colour_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cannot encode"):
        encode_png(np.zeros(shape, np.uint8))


def test_the_luma_of_a_jpeg_is_that_of_opencv_and_a_torn_one_is_refused() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    packet = cv2.imencode(".jpg", picture)[1].reshape(-1)
    assert np.array_equal(decode_grey(packet.tobytes()), cv2.imdecode(packet, 0))
    with pytest.raises(StationError) as caught:
        decode_grey(packet.tobytes()[:2000])
    assert caught.value.code is ErrorCode.IMAGE_UNREADABLE
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    assert np.array_equal(decode_grey(png_of(picture)), grey)


def test_a_whole_packet_gives_the_pixels_that_opencv_gives() -> None:
    smooth = cv2.GaussianBlur(
        np.random.default_rng(3).integers(0, 256, (90, 121, 3), dtype=np.uint8), (0, 0), 2
    )
    for sampling in (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422):
        options = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
        packet = cv2.imencode(".jpg", smooth, options)[1].reshape(-1)
        assert np.array_equal(decode(packet.tobytes()), cv2.imdecode(packet, cv2.IMREAD_COLOR))
