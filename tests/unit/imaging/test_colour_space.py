"""A picture's numbers keep meaning the same colours; a profile keeps its numbers, not its words."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from dermstation.imaging.codec import decode
from dermstation.imaging.colour_space import (
    carried,
    decode_srgb,
    encoded,
    has_profile_text,
    in_srgb,
    is_rgb_coded,
    is_srgb,
    profile_of,
    profile_segments,
)
from dermstation.imaging.exif import Directory
from dermstation.imaging.icc import adobe_rgb_profile, without_text
from dermstation.imaging.srgb import srgb_profile
from tests.colours import ADOBE, P3, WIDE, as_drawn, chart, ciede2000, seen, seen_in_file
from tests.pictures import jpeg_with, tiff_of

WORDS = "Colours of Dr A Example's screen"
DCF = {
    Directory.PICTURE: {0x0112: (3, 1)},
    Directory.EXIF: {0xA001: (3, 65535)},
    Directory.INTEROPERABILITY: {0x0001: (2, b"R03\0")},
}


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # Sharma, Wu, Dalal 2005, table 1: pairs 1, 7, 13, 17, 21, 25, 33
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (50, 3.1736, 0.5854), 1.0),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ],
)
def test_the_measure_is_that_of_the_published_pairs(one, other, difference) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=5e-4)


@pytest.mark.parametrize("space", [ADOBE, P3, WIDE], ids=lambda one: one.name)
def test_a_wide_picture_has_the_same_colours_in_srgb(space) -> None:
    data = jpeg_with(b"", chart(600, 480, space), quality=100, icc_profile=space.profile())
    difference = ciede2000(seen(decode_srgb(data)[..., ::-1]), as_drawn())
    assert difference.mean() < 0.5
    assert difference.max() < 1
    lost = ciede2000(seen(decode(data)[..., ::-1]), as_drawn())
    assert lost.mean() > 2  # what the chart would find


@pytest.mark.parametrize("space", [ADOBE, P3, WIDE], ids=lambda one: one.name)
def test_a_copy_carries_even_colours_that_srgb_does_not_have(space) -> None:
    """Every corner of the wide space, red, green and blue at their strongest among them."""
    corners = np.array([[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)], np.uint8)
    rgb = corners.repeat(40, axis=0).repeat(40, axis=0).reshape(8, 40, 40, 3)
    rgb = np.concatenate(list(rgb), axis=1)
    data = jpeg_with(b"", rgb, icc_profile=space.profile())
    copy = encoded(decode(data), 95, profile_of(data))
    assert profile_of(copy) == profile_of(data)
    pixels = np.asarray(Image.open(io.BytesIO(copy)).convert("RGB"))
    for place, corner in enumerate(corners):
        found = pixels[10:30, 40 * place + 10 : 40 * place + 30].reshape(-1, 3).mean(axis=0)
        assert ciede2000(space.lab(found), space.lab(corner)) < 1


@pytest.mark.parametrize("index", [b"R03\0", b"R03 \0", b"R03\0\0"])
def test_adobe_rgb_that_only_exif_names_has_a_profile_of_the_stations_own(index) -> None:
    tags = {**DCF, Directory.INTEROPERABILITY: {0x0001: (2, index)}}
    data = jpeg_with(tiff_of(tags), chart(600, 480, ADOBE), quality=100)
    assert profile_of(data) == adobe_rgb_profile()
    difference = ciede2000(seen(decode_srgb(data)[..., ::-1]), as_drawn())
    assert difference.max() < 1
    assert (
        ciede2000(seen_in_file(encoded(decode(data), 95, profile_of(data))), as_drawn()).max() < 1
    )


@pytest.mark.parametrize(
    "tags",
    [
        {Directory.EXIF: {0xA001: (3, 1)}, Directory.INTEROPERABILITY: {0x0001: (2, b"R98\0")}},
        {Directory.EXIF: {0xA001: (3, 65535)}},  # not known which: a phone's profile was cut out
        {Directory.PICTURE: {0x0112: (3, 6)}},
    ],
)
def test_a_picture_that_names_no_other_colours_is_left_as_it_is(tags) -> None:
    data = jpeg_with(tiff_of(tags), chart(600, 480))
    assert profile_of(data) is None
    assert np.array_equal(decode_srgb(data), decode(data))


def test_a_damaged_tag_beside_it_does_not_hide_adobe_rgb() -> None:
    tags = {**DCF, Directory.PICTURE: {0x010F: (2, b"a maker of some name\0"), 0x0112: (3, 1)}}
    data = jpeg_with(tiff_of(tags))
    at = data.index(b"\x0f\x01\x02\x00") + 4
    assert profile_of(data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]) == adobe_rgb_profile()


def test_the_computed_profile_has_the_published_numbers() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(adobe_rgb_profile())).profile
    found = np.array([profile.red_colorant[0], profile.green_colorant[0], profile.blue_colorant[0]])
    assert np.allclose(found.T, ADOBE.matrix, atol=3e-4)
    assert ADOBE.gamma is not None
    assert struct.pack(">H", round(ADOBE.gamma * 256)) in adobe_rgb_profile()


@pytest.mark.parametrize("space", [ADOBE, P3, WIDE], ids=lambda one: one.name)
def test_no_word_of_a_profile_is_left(space) -> None:
    profile = space.profile(WORDS)
    kept = without_text(profile)
    assert kept is not None
    assert b"Example" not in kept
    assert b"TESTWORD" not in kept
    assert without_text(kept) == kept
    assert without_text(space.profile("Another Name")) == kept
    data = jpeg_with(b"", icc_profile=profile)
    assert has_profile_text(data)
    assert not has_profile_text(encoded(decode(data), 95, profile_of(data)))


def test_words_of_version_4_go_too_and_a_published_name_stays() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = "sRGB built-in".encode("utf-16-be")
    assert name in profile
    assert name in (without_text(profile) or b"")
    another = profile.replace(name, "Dr A Example 1".encode("utf-16-be")[: len(name)])
    kept = without_text(another) or b""
    assert "Example".encode("utf-16-be") not in kept
    assert "Colour profile".encode("utf-16-be") in kept


def test_a_profile_of_srgb_changes_no_pixel() -> None:
    kept = without_text(srgb_profile())
    assert kept is not None
    assert is_srgb(kept)
    pixels = chart(60, 48)
    assert in_srgb(pixels, kept) is pixels
    assert not is_srgb(adobe_rgb_profile())


def test_a_profile_for_other_colours_or_without_sense_says_nothing() -> None:
    grey = np.full((60, 80), 99, np.uint8)
    for data in (
        jpeg_with(b"", grey, icc_profile=WIDE.profile()),
        jpeg_with(b"", icc_profile=b"nonsense" * 40),
        jpeg_with(b"", icc_profile=WIDE.profile()[:200]),
    ):
        assert profile_of(data) is None
    assert has_profile_text(jpeg_with(b"", icc_profile=b"nonsense" * 40))


def test_a_grey_profile_is_converted_because_a_copy_is_in_colour() -> None:
    colour = WIDE.profile()
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 256)  # linear
    head = bytearray(colour[:128])
    head[16:20] = b"GRAY"
    profile = bytes(head) + struct.pack(">I4sII", 1, b"kTRC", 144, len(curve)) + curve
    data = jpeg_with(b"", np.full((60, 80), 128, np.uint8), icc_profile=profile)
    found = profile_of(data)
    assert found is not None
    pixels, left = carried(decode(data), found)
    assert left is None
    assert abs(int(pixels[30, 40, 0]) - 188) <= 1  # half of the light, in sRGB
    assert np.ptp(pixels[30, 40]) <= 1


def test_a_long_profile_is_put_into_several_segments_and_read_from_any_order() -> None:
    table = b"mft1\0\0\0\0" + bytes(150_000)
    head, tag = WIDE.profile()[:128], struct.pack(">I4sII", 1, b"A2B0", 144, len(table))
    profile = head + tag + table
    segments = profile_segments(profile)
    assert segments.count(b"ICC_PROFILE\0") == 3
    plain = jpeg_with(b"")
    one = 2 + 0xFFFF
    parts = [segments[:one], segments[one : 2 * one], segments[2 * one :]]
    for order in ((0, 1, 2), (2, 0, 1)):
        data = plain[:2] + b"".join(parts[place] for place in order) + plain[2:]
        assert Image.open(io.BytesIO(data)).info["icc_profile"] == profile
        assert has_profile_text(data)
    assert has_profile_text(plain[:2] + parts[0] + parts[1] + plain[2:])  # a part is missing


def test_rgb_coded_pictures_are_known_as_decoders_know_them() -> None:
    rgb = chart(120, 90)
    assert is_rgb_coded(jpeg_with(b"", rgb, keep_rgb=True))
    assert not is_rgb_coded(jpeg_with(b"", rgb))
    assert not is_rgb_coded(jpeg_with(b"", rgb[..., 0]))
    by_name = jpeg_with(b"", rgb, keep_rgb=True)
    at = by_name.index(b"Adobe") - 4
    assert is_rgb_coded(by_name[:at] + by_name[at + 16 :])  # the names R, G, B are left


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(P3.profile()) - 1), st.binary(min_size=1, max_size=12))
def test_hostile_profiles_are_used_or_not_and_nothing_else(at: int, junk: bytes) -> None:
    profile = P3.profile()
    hostile = jpeg_with(b"", icc_profile=profile[:at] + junk + profile[at + len(junk) :])
    found = profile_of(hostile)
    assert in_srgb(decode(hostile), found).shape == (60, 80, 3)
    assert not has_profile_text(encoded(decode(hostile), 90, found))
