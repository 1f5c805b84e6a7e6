"""Each tag of EXIF is read by itself: what is damaged beside it costs nothing."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermstation.imaging.exif import SIGNATURE, Directory, Exif, Tag, exif_of
from tests.pictures import Tags, jpeg_with, tiff_of

TAKEN = b"2026:09:04 09:45:10\0"
TAGS: Tags = {
    Directory.PICTURE: {0x010F: (2, b"Testcam\0"), 0x0112: (3, 6), 0x0132: (2, TAKEN)},
    Directory.EXIF: {0x9003: (2, TAKEN), 0x9011: (2, b"+01:00\0"), 0xA001: (3, 65535)},
    Directory.INTEROPERABILITY: {0x0001: (2, b"R03\0")},
}


def read(exif: Exif) -> tuple[object, ...]:
    return (
        exif.number(Directory.PICTURE, Tag.ORIENTATION),
        exif.text(Directory.EXIF, Tag.TAKEN),
        exif.text(Directory.EXIF, Tag.TAKEN_OFFSET),
        exif.number(Directory.EXIF, Tag.COLOUR_SPACE),
        exif.text(Directory.INTEROPERABILITY, Tag.INTEROPERABILITY_INDEX),
    )


ALL = (6, "2026:09:04 09:45:10", "+01:00", 65535, "R03")


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_tags_are_read_in_either_byte_order(order: str) -> None:
    exif = Exif(tiff_of(TAGS, order))
    assert read(exif) == ALL
    assert exif.is_whole


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("at", "damage"),
    [
        (2, b"\xff\xff"),  # the type of the first tag
        (2, b"\0\0"),
        (4, b"\xff\xff\xff\xff"),  # how many values it has
        (4, b"\x7f\xff\xff\xff"),
        (8, b"\xff\xff\xff\xff"),  # where they are
        (8, b"\x00\xff\xff\xff"),
    ],
)
@pytest.mark.parametrize("directory", [Directory.PICTURE, Directory.EXIF])
def test_a_damaged_tag_costs_no_other(directory, at, damage, order) -> None:
    """The maker's name and a comment are damaged, in their type, their length and their place."""
    tags = {one: dict(held) for one, held in TAGS.items()}
    tags[directory] = {0x0100: (2, b"a text of some length\0"), **tags[directory]}
    tiff = tiff_of(tags, order)
    entry = tiff.index(struct.pack(f"{order}HH", 0x0100, 2))
    place = entry + at
    exif = Exif(tiff[:place] + damage + tiff[place + len(damage) :])
    assert read(exif) == ALL
    assert not exif.is_whole or at == 2  # a type that is not known may still fit


@pytest.mark.parametrize(
    ("directory", "tag", "left"),
    [
        (Directory.PICTURE, 0x0112, (None, *ALL[1:])),
        (Directory.EXIF, 0x9003, (ALL[0], None, *ALL[2:])),
        (Directory.EXIF, 0xA001, (*ALL[:3], None, ALL[4])),
    ],
)
def test_a_tag_of_another_type_is_unknown_by_itself(directory, tag, left) -> None:
    tags = {one: dict(held) for one, held in TAGS.items()}
    tags[directory][tag] = (5, (1, 3))  # a fraction
    assert read(Exif(tiff_of(tags))) == left


def test_a_directory_that_points_to_itself_ends() -> None:
    tiff = tiff_of({Directory.PICTURE: {0x0112: (3, 8), 0x8769: (4, 8), 0x8825: (4, 8)}})
    exif = Exif(tiff)
    assert exif.number(Directory.PICTURE, Tag.ORIENTATION) == 8
    assert len(exif.entries) < 20


def test_a_jpeg_without_exif_and_what_is_no_jpeg_have_no_tags() -> None:
    for data in (jpeg_with(b""), b"", b"\xff\xd8", b"II*\0"):
        assert exif_of(data).entries == ()
    assert read(exif_of(jpeg_with(tiff_of(TAGS)))) == ALL


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(tiff_of(TAGS)) - 1), st.binary(min_size=1, max_size=8))
def test_hostile_bytes_are_read_or_not_and_nothing_else(at: int, junk: bytes) -> None:
    tiff = tiff_of(TAGS)
    for hostile in (tiff[:at] + junk + tiff[at + len(junk) :], tiff[:at], junk + tiff):
        exif = Exif(hostile)
        read(exif)
        assert len(exif.entries) <= len(hostile) // 12 * len(Directory)


def test_the_signature_is_that_of_exif() -> None:
    assert SIGNATURE in jpeg_with(tiff_of(TAGS))
