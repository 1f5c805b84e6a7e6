"""Colours measured as an eye sees them: a chart, wide colour spaces, CIE Lab and CIEDE2000.

Made apart from what is tested: own arithmetic on published values, no colour library.
"""

import io
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]

WHITE = np.array([0.9642, 1.0, 0.8249])  # D50, to which all XYZ here are adapted
_SRGB = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
# skin from the palest to the darkest, its reds, what lesions look like, and greys; all in sRGB
PATCHES = (
    ((244, 208, 177), (231, 180, 143), (210, 158, 124), (186, 120, 81), (165, 94, 43)),
    ((60, 32, 29), (196, 98, 92), (178, 60, 58), (220, 140, 130), (150, 30, 40)),
    ((235, 120, 110), (92, 58, 42), (120, 80, 58), (50, 34, 30), (25, 20, 22)),
    ((70, 70, 90), (140, 150, 175), (128, 60, 90), (240, 190, 190), (225, 200, 120)),
    ((90, 140, 90), (70, 90, 170), (240, 240, 240), (200, 200, 200), (160, 160, 160)),
    ((120, 120, 120), (80, 80, 80), (45, 45, 45), (200, 60, 50), (250, 225, 205)),
)
_MARGIN = 1 / 6  # at the left, without patches: there is room to draw


@dataclass(frozen=True)
class Space:
    """A colour space: the XYZ of its primaries in columns, and its gamma; None is that of sRGB."""

    name: str
    matrix: Floats
    gamma: float | None = None

    def lab(self, rgb: NDArray[np.generic]) -> Floats:
        """Return the Lab of numbers 0 to 255."""
        share = np.asarray(rgb, float) / 255
        if self.gamma is None:
            share = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        else:
            share = share**self.gamma
        return lab_of(share @ self.matrix.T)

    def numbers_for(self, srgb: NDArray[np.generic]) -> Floats:
        """Return the numbers, 0 to 255, that mean the same colours here as these do in sRGB."""
        share = np.asarray(srgb, float) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        here = np.clip(linear @ _SRGB.T @ np.linalg.inv(self.matrix).T, 0, 1)
        assert self.gamma is not None
        return here ** (1 / self.gamma) * 255

    def profile(self, words: str = "a profile for tests") -> bytes:
        """Return an ICC profile of version 2 that says these words wherever it can."""
        assert self.gamma is not None
        text = words.encode("ascii") + b"\0"
        described = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
        curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(self.gamma * 256))
        tags = {
            b"desc": described,
            b"cprt": b"text\0\0\0\0" + text,
            b"dmnd": described,
            b"wtpt": _xyz(WHITE),
            b"rTRC": curve,
            b"gTRC": curve,
            b"bTRC": curve + b"\0\0" + text,  # behind its numbers
            b"priv": b"data\0\0\0\0" + text,
        }
        for place, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ")):
            tags[name] = _xyz(self.matrix[:, place])
        table, data = struct.pack(">I", len(tags)), b""
        for name, content in tags.items():
            table += struct.pack(">4sII", name, 132 + 12 * len(tags) + len(data), len(content))
            data += content + b"\0" * (-len(content) % 4)
        head = bytearray(128)
        head[8:24], head[36:40] = b"\x02\x10\0\0mntrRGB XYZ ", b"acsp"
        head[48:56] = b"TESTWORD"
        head[68:80] = _xyz(WHITE)[8:]
        whole = head + table + data
        whole[:4] = struct.pack(">I", len(whole))
        return bytes(whole)


SRGB = Space("sRGB", _SRGB)
# Adobe RGB (1998) as published, adapted to D50 by Bradford's matrix
ADOBE = Space(
    "Adobe RGB",
    np.array(
        [
            [0.6097559, 0.2052401, 0.1492240],
            [0.3111242, 0.6256560, 0.0632197],
            [0.0194811, 0.0608902, 0.7448387],
        ]
    ),
    563 / 256,
)
P3 = Space(
    "P3",
    np.array(
        [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
    ),
    563 / 256,
)
WIDE = Space(
    "wide gamut",
    np.array(
        [
            [0.7161046, 0.1009296, 0.1471858],
            [0.2581874, 0.7249378, 0.0168748],
            [0.0, 0.0517813, 0.7734287],
        ]
    ),
    563 / 256,
)


def chart(width: int, height: int, space: Space | None = None) -> NDArray[np.uint8]:
    """Return RGB pixels of the patches on grey, as a camera of this colour space writes them."""
    rgb = np.full((height, width, 3), 128, np.uint8)
    for row, column, (top, left, bottom, right) in _boxes(height, width, inner=0.9):
        rgb[top:bottom, left:right] = PATCHES[row][column]
    numbers = rgb if space is None else space.numbers_for(rgb)
    # noise as of a camera: without it, rounding would move a whole patch
    noise = np.random.default_rng(7).uniform(-6, 6, rgb.shape)
    return np.clip(numbers + noise, 0, 255).round().astype(np.uint8)


def patches_in(rgb: NDArray[np.uint8]) -> Floats:
    """Return the mean numbers of each patch of a chart of any size."""
    height, width = rgb.shape[:2]
    return np.array(
        [
            rgb[top:bottom, left:right].reshape(-1, 3).mean(axis=0)
            for _, _, (top, left, bottom, right) in _boxes(height, width, inner=0.4)
        ]
    )


def seen_in_file(jpeg: bytes) -> Floats:
    """Return the Lab of each patch, as a viewer sees it that knows profiles."""
    picture = Image.open(io.BytesIO(jpeg))
    profile = picture.info.get("icc_profile")
    return seen(np.asarray(picture.convert("RGB")), profile)


def seen(rgb: NDArray[np.uint8], profile: bytes | None = None) -> Floats:
    """Return the Lab of each patch of pixels in this profile; None is sRGB."""
    space = SRGB if profile is None else _space_in(profile)
    return space.lab(patches_in(rgb))


def as_drawn() -> Floats:
    """Return the Lab of each patch as it was drawn."""
    return SRGB.lab(np.array([colour for row in PATCHES for colour in row]))


def _space_in(profile: bytes) -> Space:
    """Read a profile of primaries and one gamma."""
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {}
    for number in range(count):
        name, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        tags[name] = profile[at : at + size]
    columns = [struct.unpack(">3i", tags[name][8:20]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    assert tags[b"rTRC"] == tags[b"gTRC"] == tags[b"bTRC"]
    assert tags[b"rTRC"][:12] == b"curv\0\0\0\0\0\0\0\1"
    (gamma,) = struct.unpack(">H", tags[b"rTRC"][12:14])
    return Space("profile", np.array(columns).T / 65536, gamma / 256)


def _boxes(height: int, width: int, inner: float):
    rows, columns = len(PATCHES), len(PATCHES[0])
    high, wide = height / rows, width * (1 - _MARGIN) / columns
    for row in range(rows):
        for column in range(columns):
            top, left = (row + 0.5) * high, width * _MARGIN + (column + 0.5) * wide
            half = (high * inner / 2, wide * inner / 2)
            box = (top - half[0], left - half[1], top + half[0], left + half[1])
            yield row, column, tuple(round(one) for one in box)


def lab_of(xyz: Floats) -> Floats:
    """Return CIE Lab for XYZ (CIE 15:2004, 8.2.1)."""
    ratio = xyz / WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(one: Floats, other: Floats) -> Floats:
    """Return the difference of Lab colours (CIE 142-2001), all three weights 1."""
    l1, a1, b1 = np.moveaxis(np.asarray(one, float), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(other, float), -1, 0)
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + (1 - np.sqrt(mean / (mean + 25.0**7))) / 2
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1 = np.degrees(np.arctan2(b1, stretch * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, stretch * a2)) % 360
    turn = np.where(c1 * c2 == 0, 0, (h2 - h1 + 180) % 360 - 180)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    apart, total = np.abs(h1 - h2) > 180, h1 + h2
    middle = np.where(apart, np.where(total < 360, total + 360, total - 360), total) / 2
    middle = np.where(c1 * c2 == 0, total, middle)
    weight = (
        1
        - 0.17 * np.cos(np.radians(middle - 30))
        + 0.24 * np.cos(np.radians(2 * middle))
        + 0.32 * np.cos(np.radians(3 * middle + 6))
        - 0.20 * np.cos(np.radians(4 * middle - 63))
    )
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    blue = 60 * np.exp(-(((middle - 275) / 25) ** 2))
    turned = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(blue))
    parts = ((l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h)
    return np.sqrt(sum(part**2 for part in parts) + turned * parts[1] * parts[2])


def _xyz(values: Floats) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(float(one) * 65536) for one in values))
