"""Every segment of a JPEG is found in its place, and no length is trusted beyond the data."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dermstation.imaging.jpeg_segments import (
    END_OF_IMAGE,
    FRAMES,
    START_OF_SCAN,
    Frame,
    MalformedJpegError,
    Segment,
    frame_of,
    header_segments,
    sampling_of,
    segments,
)

APP1, COMMENT, TABLES, BASELINE, PROGRESSIVE = 0xE1, 0xFE, 0xDB, 0xC0, 0xC2
PICTURE = Image.fromarray(np.random.default_rng(4).integers(0, 255, (48, 64, 3), np.uint8))


def jpeg(**options: object) -> bytes:
    made = io.BytesIO()
    PICTURE.save(made, "JPEG", **options)
    return made.getvalue()


def part(marker: int, content: bytes = b"") -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def picture(*parts: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(parts)


SCAN = part(START_OF_SCAN, b"\1\1\0\0\x3f\0")
WHOLE = picture(part(TABLES, bytes(65)), part(BASELINE, bytes(9)), SCAN, b"coded", b"\xff\xd9")


def markers(data: bytes) -> list[int]:
    return [one.marker for one in segments(data)]


def refused(data: bytes) -> None:
    for walk in (header_segments, segments):
        with pytest.raises(MalformedJpegError):
            list(walk(data))


def test_the_header_ends_where_the_coded_data_begin() -> None:
    *_, scan = header_segments(WHOLE)
    assert scan.marker == START_OF_SCAN
    assert WHOLE[scan.begin : scan.end] == SCAN
    assert WHOLE[scan.end :] == b"coded\xff\xd9"


def test_all_segments_put_together_are_the_picture() -> None:
    for data in (WHOLE, jpeg(), jpeg(progressive=True), jpeg(restart_marker_blocks=1)):
        found = list(segments(data))
        assert b"\xff\xd8" + b"".join(data[one.begin : one.end] for one in found) == data
        assert found[-1].marker == END_OF_IMAGE


def test_a_picture_in_several_scans_is_walked_to_its_end() -> None:
    found = markers(jpeg(progressive=True))
    assert found.count(START_OF_SCAN) > 1
    assert found.count(PROGRESSIVE) == 1
    assert found[-1] == END_OF_IMAGE


def test_restart_markers_and_stuffed_bytes_belong_to_the_coded_data() -> None:
    data = jpeg(restart_marker_blocks=1)
    assert b"\xff\xd0" in data
    assert markers(data).count(START_OF_SCAN) == 1
    coded = b"a\xff\x00b\xff\xd0c\xff\xd7d\xff\xff\x00e"
    (scan, end) = segments(picture(SCAN, coded, b"\xff\xd9"))
    assert scan.end == end.begin == 2 + len(SCAN) + len(coded)


def test_a_restart_marker_in_the_header_has_no_length() -> None:
    data = picture(b"\xff\xd3", b"\xff\x01", part(COMMENT, b"x"), SCAN, b"coded", b"\xff\xd9")
    assert markers(data) == [0xD3, 0x01, COMMENT, START_OF_SCAN, END_OF_IMAGE]


def test_fill_bytes_before_a_marker_belong_to_no_segment() -> None:
    comment = part(COMMENT, b"words")
    data = picture(b"\xff\xff\xff", comment, b"\xff", SCAN, b"coded", b"\xff\xff", b"\xff\xd9")
    found = list(segments(data))
    assert [one.marker for one in found] == [COMMENT, START_OF_SCAN, END_OF_IMAGE]
    assert data[found[0].begin : found[0].end] == comment
    assert found[1].begin == found[0].end + 1


def test_an_embedded_thumbnail_is_skipped() -> None:
    data = picture(part(APP1, b"Exif\0\0" + jpeg()), WHOLE[2:])
    assert markers(data) == [APP1, *markers(WHOLE)]


def test_data_after_the_end_of_image_is_ignored() -> None:
    assert markers(WHOLE + b"\xff\xe1trailer" + jpeg()) == markers(WHOLE)
    assert markers(picture(b"\xff\xd9", b"anything")) == [END_OF_IMAGE]


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_a_picture_cut_anywhere_is_malformed_and_nothing_is_read_beyond_the_data(cut: int) -> None:
    found: list[Segment] = []
    with pytest.raises(MalformedJpegError):
        found.extend(segments(WHOLE[:cut]))
    if cut < WHOLE.index(SCAN) + len(SCAN):
        with pytest.raises(MalformedJpegError):
            found.extend(header_segments(WHOLE[:cut]))
    assert all(one.end <= cut for one in found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\x89PNG\r\n\x1a\n",
        WHOLE[2:],  # no start of image
        picture(b"\0", WHOLE[2:]),  # no marker
        picture(b"\xff\x00\x00\x04xx", WHOLE[2:]),  # a stuffed byte is not a marker
        picture(b"\xff\xd8\x00\x04xx", WHOLE[2:]),  # no second start of image
        picture(b"\xff" * 20),
        picture(
            part(COMMENT, b"x"), b"\xff\xfe\xff\xff", WHOLE[2:]
        ),  # longer than the rest of the data
    ],
)
def test_bytes_that_are_not_a_jpeg_are_malformed(data: bytes) -> None:
    refused(data)


@pytest.mark.parametrize("length", [0, 1])
def test_a_length_that_does_not_count_itself_is_read_as_decoders_read_it(length: int) -> None:
    data = picture(b"\xff\xfe" + struct.pack(">H", length), WHOLE[2:])
    assert markers(data) == [COMMENT, *markers(WHOLE)]


@pytest.mark.parametrize(
    ("subsampling", "factors"), [("4:4:4", (1, 1)), ("4:2:2", (2, 1)), ("4:2:0", (2, 2))]
)
def test_a_frame_header_tells_size_and_sampling(subsampling: str, factors: tuple[int, int]) -> None:
    data = jpeg(subsampling=subsampling)
    (frame,) = [one for one in header_segments(data) if one.marker in FRAMES]
    assert frame_of(data, frame) == Frame(bits=8, height=48, width=64, components=3)
    assert sampling_of(data, frame) == factors


def test_a_frame_header_that_is_too_short_is_malformed() -> None:
    for content in (b"", bytes(5), struct.pack(">BHHB", 8, 48, 64, 3) + bytes(8)):
        data = picture(part(BASELINE, content), WHOLE[2:])
        frame = next(header_segments(data))
        with pytest.raises(MalformedJpegError):
            sampling_of(data, frame)
    for content in (b"", bytes(5)):
        data = picture(part(BASELINE, content), WHOLE[2:])
        with pytest.raises(MalformedJpegError):
            frame_of(data, next(header_segments(data)))


def test_a_camera_buffer_can_be_used_without_copying() -> None:
    data = jpeg(progressive=True)
    buffer = np.frombuffer(data, np.uint8).data
    assert list(segments(buffer)) == list(segments(data))
    assert list(header_segments(buffer)) == list(header_segments(data))


@settings(max_examples=300, deadline=None)
@given(st.integers(2, len(WHOLE)), st.integers(0, 8), st.binary(max_size=8))
def test_hostile_bytes_give_segments_in_order_and_in_bounds(
    at: int, gone: int, junk: bytes
) -> None:
    data = WHOLE[:at] + junk + WHOLE[at + gone :]
    found: list[Segment] = []
    try:
        found.extend(segments(data))
    except MalformedJpegError:
        return
    ends = [2, *(one.end for one in found)]
    assert all(end <= one.begin < one.end for end, one in zip(ends, found, strict=False))
    assert ends[-1] <= len(data)
