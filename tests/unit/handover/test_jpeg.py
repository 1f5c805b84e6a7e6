import io
import struct
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover.exif_label import exif_label
from dermstation.handover.jpeg import is_self_contained, segments, with_label, without_metadata
from dermstation.imaging.colour_space import profile_of
from dermstation.imaging.exif import SIGNATURE, Exif
from dermstation.imaging.icc import without_text
from dermstation.imaging.srgb import srgb_profile
from tests.colours import P3

SUMMER = datetime(2025, 7, 12, 9, 32, 5, tzinfo=UTC)
ICC = b"ICC_PROFILE\0\1\1" + P3.profile("the screen of Test Owner")
ADOBE = b"Adobe\0\x64\0\0\0\0\1"
_, BUFFER = cv2.imencode(".jpg", np.full((60, 80, 3), 99, np.uint8))
SMALL = BUFFER.tobytes()


def pixels(data: bytes) -> np.ndarray:
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    return cv2.imdecode(np.frombuffer(data, np.uint8), flags)


def outcome(data: bytes) -> str:
    try:
        return "read" if with_label(data, captured_at=SUMMER, label="L1 close-up") else "empty"
    except StationError as error:
        return error.code


def leaky(made, data: bytes) -> bytes:
    data = made["with_segment"](data, 0xFE, b"taken by Test Owner")
    data = made["with_segment"](data, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")
    data = made["with_segment"](data, 0xE2, b"MPF\0second picture")
    data = made["with_segment"](data, 0xE2, ICC)
    return made["with_segment"](data, 0xE1, made["leaky_exif"]()) + b"trailer: 51.5N"


@pytest.mark.parametrize("progressive", [0, 1])
def test_every_leak_is_removed_and_the_coded_picture_stays_byte_for_byte(made, progressive) -> None:
    plain = made["jpeg"](made["picture"](), 90, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive)
    bare = without_metadata(leaky(made, plain))
    for leak in (b"Test Owner", b"SN-12345", b"secret", b"adobe.com", b"MPF", b"51.5N", b"Exif"):
        assert leak not in bare
    assert profile_of(bare) == without_text(P3.profile())
    scans = [segment for marker, segment in segments(plain) if marker == 0xDA]
    assert [segment for marker, segment in segments(bare) if marker == 0xDA] == scans
    assert np.array_equal(pixels(bare), pixels(plain))


def test_adobes_colour_transform_is_kept_for_cmyk_would_turn_negative_without_it(made) -> None:
    plain = made["with_segment"](made["jpeg"](made["picture"](320, 240)), 0xEE, ADOBE)
    assert ADOBE in without_metadata(plain)


def test_the_label_holds_date_software_and_words_and_nothing_else(made) -> None:
    labelled = with_label(
        leaky(made, made["jpeg"](made["picture"]())), captured_at=SUMMER, label="L1 close-up"
    )
    exif = Image.open(io.BytesIO(labelled)).getexif()
    base = ExifTags.Base
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    assert dict(exif) == {
        base.ImageDescription: "L1 close-up",
        base.Software: "dermstation",
        base.DateTime: "2025:07:12 10:32:05",
        base.ExifOffset: exif[base.ExifOffset],
    }
    assert inner == {
        base.ExifVersion: b"0232",
        base.DateTimeOriginal: "2025:07:12 10:32:05",
        base.OffsetTimeOriginal: "+01:00",
        base.ColorSpace: 0xFFFF,  # "uncalibrated": the profile says that it is P3
    }
    for other in (ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1):
        assert not exif.get_ifd(other)


@pytest.mark.parametrize(
    ("profile", "space"), [(None, 1), (srgb_profile(), 1), (P3.profile(), 0xFFFF)]
)
def test_exif_says_srgb_only_of_colours_that_are(made, profile, space) -> None:
    data = made["jpeg"](made["picture"](320, 240))
    if profile is not None:
        data = made["with_segment"](data, 0xE2, b"ICC_PROFILE\0\1\1" + profile)
    labelled = with_label(data, captured_at=SUMMER, label="L1 close-up")
    inner = Image.open(io.BytesIO(labelled)).getexif().get_ifd(ExifTags.IFD.Exif)
    assert inner[ExifTags.Base.ColorSpace] == space


@pytest.mark.parametrize("label", ["", "a", "ab", "L1 \u00fc close-up", "x" * 60_000])
def test_every_value_of_the_label_begins_where_a_word_does(label) -> None:
    """TIFF 6.0 asks for that, and Pillow's writer pads for it."""
    data = exif_label(SUMMER, label)
    tags = [one for one in Exif(data.removeprefix(SIGNATURE)).entries if one.begin is not None]
    assert len(tags) == 8
    assert [one for one in tags if one.begin % 2] == []
    assert data == exif_label(SUMMER, label)  # always the same bytes


def test_a_12_megapixel_picture_keeps_its_pixels(made) -> None:
    plain = made["jpeg"](made["picture"](4000, 3000), 85)
    labelled = with_label(plain, captured_at=SUMMER, label="L1 close-up")
    assert np.array_equal(pixels(labelled), pixels(plain))


def test_labelling_twice_changes_nothing() -> None:
    once = with_label(SMALL, captured_at=SUMMER, label="L1")
    assert with_label(once, captured_at=SUMMER, label="L1") == once


def test_a_jfif_thumbnail_is_removed() -> None:
    thumbnail = bytes([0, 0, 1, 0, 1, 2, 2]) + b"SECRETPIXELS"
    inside = SMALL[:2] + b"\xff\xe0" + struct.pack(">H", 2 + 5 + 2 + len(thumbnail))
    inside += b"JFIF\0\1\1" + thumbnail + SMALL[20:]
    bare = without_metadata(inside)
    assert b"SECRETPIXELS" not in bare
    assert pixels(bare).shape == (60, 80, 3)


def test_motion_jpeg_without_huffman_tables_is_recognised() -> None:
    tables = [segment for marker, segment in segments(SMALL) if marker == 0xC4]
    lacking = SMALL
    for table in tables:
        lacking = lacking.replace(table, b"")
    assert is_self_contained(SMALL)
    assert not is_self_contained(lacking)


@pytest.mark.parametrize("keep", range(0, len(SMALL) - 2, 17))
def test_a_jpeg_cut_anywhere_is_unreadable(keep) -> None:
    assert outcome(SMALL[:keep]) is ErrorCode.IMAGE_UNREADABLE


@settings(max_examples=300, deadline=None)
@given(st.integers(2, len(SMALL) - 1), st.binary(min_size=1, max_size=6))
def test_hostile_bytes_are_read_or_refused_and_nothing_else(at, junk) -> None:
    hostile = SMALL[:at] + junk + SMALL[at + len(junk) :]
    assert outcome(hostile) in {"read", ErrorCode.IMAGE_UNREADABLE}
