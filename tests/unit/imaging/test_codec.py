import struct
import zlib
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.codec import MAX_BYTES, decode, encode_jpeg, encode_png, probe
from tests.pictures import exif_bytes, with_exif

RNG = np.random.default_rng(3)
PICTURE = RNG.integers(0, 255, (120, 200, 3), dtype=np.uint8)
SMOOTH = cv2.GaussianBlur(PICTURE, (0, 0), 4)


def encoded(extension: str, bgr: np.ndarray = SMOOTH, *options: int) -> bytes:
    return cv2.imencode(extension, bgr, list(options))[1].tobytes()


def outcome(read: Callable[[bytes], object], data: bytes) -> str:
    try:
        read(data)
    except StationError as error:
        return error.code
    return "read"


def code_of(data: bytes, reduce: int = 1) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        decode(data, reduce)
    return caught.value.code


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [(".jpg", "image/jpeg"), (".png", "image/png"), (".tif", "image/tiff")],
)
def test_probe_reads_kind_and_size_from_the_header(extension: str, media_type: str) -> None:
    info = probe(encoded(extension))
    assert (info.media_type, info.width, info.height) == (media_type, 200, 120)


def test_probe_reads_big_endian_tiff() -> None:
    entries = struct.pack(">HHIHHHHIHH", 256, 3, 1, 640, 0, 257, 3, 1, 480, 0)
    info = probe(b"MM\0*" + struct.pack(">IH", 8, 2) + entries)
    assert (info.width, info.height) == (640, 480)


def test_probe_walks_past_a_thumbnail_to_the_picture() -> None:
    thumbnail = encoded(".jpg", SMOOTH[:60, :80])
    labelled = with_exif(encoded(".jpg"), exif_bytes(thumbnail=thumbnail))
    assert probe(labelled).width == 200


def test_a_png_comes_back_pixel_for_pixel() -> None:
    assert np.array_equal(decode(encode_png(PICTURE)), PICTURE)


def test_a_jpeg_comes_back_nearly_the_same() -> None:
    assert np.abs(decode(encode_jpeg(SMOOTH, 95)).astype(int) - SMOOTH).mean() < 2


def test_high_quality_jpeg_keeps_colour_at_full_resolution() -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2], stripes[:, 1::2] = (40, 40, 200), (40, 110, 100)
    fine = np.abs(decode(encode_jpeg(stripes, 95)).astype(int) - stripes).mean()
    coarse = np.abs(decode(encode_jpeg(stripes, 85)).astype(int) - stripes).mean()
    assert fine < coarse / 2


@pytest.mark.parametrize("extension", [".jpg", ".png", ".tif"])
@pytest.mark.parametrize("reduce", [2, 4, 8])
def test_reduced_decoding_gives_the_fraction(extension: str, reduce: int) -> None:
    assert decode(encoded(extension), reduce).shape == (120 // reduce, 200 // reduce, 3)


def test_the_orientation_tag_is_ignored() -> None:
    turned = with_exif(encoded(".jpg"), exif_bytes(picture={0x0112: 6}))
    assert decode(turned).shape == (120, 200, 3)


def test_grey_and_progressive_and_transparent_pictures_become_bgr() -> None:
    progressive = encoded(".jpg", SMOOTH, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    transparent = encoded(".png", np.dstack([SMOOTH, SMOOTH[..., :1]]))
    for data in (encoded(".jpg", SMOOTH[..., 0]), progressive, transparent):
        assert decode(data).shape == (120, 200, 3)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
@pytest.mark.parametrize("extension", [".jpg", ".png"])
def test_a_picture_cut_short_is_unreadable_rather_than_half_a_picture(
    extension: str, share: float
) -> None:
    data = encoded(extension)
    assert code_of(data[: int(len(data) * share)]) is ErrorCode.IMAGE_UNREADABLE


def test_the_end_mark_of_a_thumbnail_does_not_make_a_cut_jpeg_whole() -> None:
    whole = with_exif(encoded(".jpg"), exif_bytes(thumbnail=encoded(".jpg", SMOOTH[:60, :80])))
    assert code_of(whole[:-40]) is ErrorCode.IMAGE_UNREADABLE


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"GIF89a" + bytes(50), b"II*\0"]
)
def test_bytes_that_are_not_a_picture_are_unreadable(data: bytes) -> None:
    assert code_of(data) is ErrorCode.IMAGE_UNREADABLE


def test_a_header_that_promises_too_many_pixels_is_refused_before_decoding() -> None:
    header = struct.pack(">II5B", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    bomb += struct.pack(">I", zlib.crc32(chunk))
    assert code_of(bomb) is ErrorCode.IMAGE_TOO_LARGE


def test_more_than_64_megabytes_are_refused() -> None:
    assert code_of(encoded(".jpg") + bytes(MAX_BYTES)) is ErrorCode.IMAGE_TOO_LARGE


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_pictures_either_decode_or_are_refused(data: st.DataObject) -> None:
    original = bytearray(encoded(data.draw(st.sampled_from([".jpg", ".png", ".tif"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(original) - 1))
        original[at] = data.draw(st.integers(0, 255))
    assert outcome(decode, bytes(original)) in {
        "read",
        ErrorCode.IMAGE_UNREADABLE,
        ErrorCode.IMAGE_TOO_LARGE,
    }


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b""]), st.binary())
def test_random_bytes_never_crash_the_probe(start: bytes, rest: bytes) -> None:
    assert outcome(probe, start + rest) in {"read", ErrorCode.IMAGE_UNREADABLE}


def others() -> dict[str, bytes]:
    """Return pictures of the kinds that OpenCV also knows, made by it or begun like them."""
    made = {
        extension: cv2.imencode(extension, SMOOTH)[1].tobytes()
        for extension in (".webp", ".jp2", ".bmp", ".ppm", ".hdr", ".ras", ".gif")
        if cv2.haveImageWriter(f"picture{extension}")
    }
    return {
        **made,
        ".exr": bytes.fromhex("762f31010200000000") + bytes(400),
        ".avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + bytes(400),
        ".pfm": b"PF\n2 2\n-1.0\n" + bytes(48),
    }


def test_opencv_is_given_no_kind_of_picture_but_jpeg_png_and_tiff(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pictures = others()
    assert len(pictures) > 6
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("OpenCV was asked"))
    for kind, data in pictures.items():
        assert code_of(data) is ErrorCode.IMAGE_UNREADABLE, kind
