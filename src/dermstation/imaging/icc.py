"""Colour profiles (ICC.1:2010): keep the numbers of one, and leave out whatever is text.

A profile says which colours a picture's numbers mean. It may also hold free text, often the name
of a PC or of its owner. Trusts no byte. Pure functions on bytes; any thread or process.
"""

import struct
from functools import cache, lru_cache

RGB, GREY = b"RGB ", b"GRAY"
FIXED_DATE = b"\x07\xe9\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
HEADER_BYTES = 128

_MOST_BYTES = 4 * 1024 * 1024
_MOST_TAGS = 100
_LAYOUT = struct.Struct(">4sII")  # a tag: its name, where its data begin, how many bytes
_VERSION_AT, _CLASS_AT, _SPACE_AT = 8, slice(12, 16), slice(16, 20)
_DATE_AT = slice(24, 36)
_SIGNED_AT, _SIGNED = slice(36, 40), b"acsp"
# names of makers and programs, and the check sum of what is changed here
_EMPTIED = (slice(4, 8), slice(40, 44), slice(48, 56), slice(80, 128))
_CLASSES = frozenset({b"scnr", b"mntr", b"prtr", b"spac"})
_NEEDED = {RGB: (b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"), GREY: (b"kTRC",)}
_TABLES = (b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2")
_KEPT = frozenset(
    {b"wtpt", b"bkpt", b"chad", b"chrm", b"lumi", b"cicp", *_TABLES}.union(*_NEEDED.values())
)
_TABLE_TYPES = frozenset({b"mft1", b"mft2", b"mAB ", b"mBA "})
_PARAMETERS = (1, 3, 4, 5, 7)  # of a parametric curve, by its function
_VERSION_4 = 4
_UNNAMED = "Colour profile of the camera"
_NO_COPYRIGHT = "No copyright, use freely"
ADOBE_RGB = "Adobe RGB (1998) compatible"
# names of published colour spaces, which name nobody
_PUBLISHED = frozenset(
    {
        ADOBE_RGB,
        "Adobe RGB (1998)",
        "Display P3",
        "Image P3",
        "sRGB",
        "sRGB IEC61966-2.1",
        "sRGB built-in",
    }
)
# Adobe RGB (1998) Color Image Encoding, 4.3: chromaticities of the primaries and of white, gamma
_ADOBE_PRIMARIES = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_D65 = (0.3127, 0.3290)
_ADOBE_GAMMA = 2 + 51 / 256
_D50 = (0.9642, 1.0, 0.8249)  # ICC.1:2010, 7.2.16
# Bradford's matrix for another white (ICC.1:2010, annex E)
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))


def space_of(profile: bytes) -> bytes:
    """Return the colours that a profile is for: RGB, GREY or another signature."""
    return profile[_SPACE_AT]


@lru_cache(maxsize=32)
def without_text(profile: bytes) -> bytes | None:
    """Return the profile with its numbers alone, named by the station; None if it has no sense.

    The name of a published colour space stays. The same numbers always give the same bytes.
    """
    tags = _tags(profile)
    needed = _NEEDED.get(space_of(profile))
    if tags is None or needed is None or profile[_CLASS_AT] not in _CLASSES:
        return None
    numbers = {}
    for name in tags.keys() & _KEPT:
        if (kept := _numbers(tags[name])) is not None:
            numbers[name] = kept
    if not numbers.keys() >= set(needed) and b"A2B0" not in numbers:
        return None
    words = _text(tags.get(b"desc", b""))
    return _written(profile[:HEADER_BYTES], numbers, words if words in _PUBLISHED else _UNNAMED)


@cache
def adobe_rgb_profile() -> bytes:
    """Return a profile of Adobe RGB (1998), computed from its published values."""
    header = bytearray(HEADER_BYTES)
    header[_VERSION_AT : _VERSION_AT + 2] = b"\x02\x10"
    header[_CLASS_AT], header[_SPACE_AT], header[20:24] = b"mntr", RGB, b"XYZ "
    header[_SIGNED_AT] = _SIGNED
    header[68:80] = _xyz(_D50)[8:]
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(_ADOBE_GAMMA * 256))
    numbers = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    columns = _columns()
    numbers |= {
        name: _xyz(columns[place]) for place, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    numbers[b"wtpt"] = _xyz(_D50)
    return _written(bytes(header), numbers, ADOBE_RGB)


def _columns() -> list[tuple[float, ...]]:
    """Return the XYZ of each primary of Adobe RGB, as seen by an eye used to D50."""
    import numpy as np  # noqa: PLC0415 - only once, and only for such a picture

    def xyz(x: float, y: float) -> tuple[float, float, float]:
        return x / y, 1.0, (1 - x - y) / y

    primaries = np.array([xyz(*one) for one in _ADOBE_PRIMARIES]).T
    white, cone = np.array(xyz(*_D65)), np.array(_BRADFORD)
    scaled = primaries * np.linalg.solve(primaries, white)
    gain = np.diag((cone @ np.array(_D50)) / (cone @ white))
    adapted = np.linalg.inv(cone) @ gain @ cone @ scaled
    return [tuple(map(float, column)) for column in adapted.T]


def _tags(profile: bytes) -> dict[bytes, bytes] | None:
    """Return the tags of a profile with their data; None if it is not one, or is cut off."""
    if not HEADER_BYTES + 4 <= len(profile) <= _MOST_BYTES or profile[_SIGNED_AT] != _SIGNED:
        return None
    (count,) = struct.unpack_from(">I", profile, HEADER_BYTES)
    first = HEADER_BYTES + 4
    if count > _MOST_TAGS or first + count * _LAYOUT.size > len(profile):
        return None
    tags: dict[bytes, bytes] = {}
    for number in range(count):
        name, begin, size = _LAYOUT.unpack_from(profile, first + number * _LAYOUT.size)
        if begin + size <= len(profile):
            tags.setdefault(name, profile[begin : begin + size])
    return tags


def _numbers(data: bytes) -> bytes | None:
    """Return the data of a tag up to the end of its numbers; None if they are something else."""
    kind = data[:4]
    if len(data) < 12:  # noqa: PLR2004 - a type, four empty bytes and a number
        return None
    (count,) = struct.unpack_from(">I", data, 8)
    match kind:
        case b"XYZ ":
            size = 20
        case b"curv":
            size = 12 + 2 * count
        case b"para":
            function = count >> 16
            size = 12 + 4 * _PARAMETERS[function] if function < len(_PARAMETERS) else len(data) + 1
        case b"sf32":
            size = 8 + 4 * 9
        case b"chrm":
            size = 12 + 8 * (count >> 16)
        case b"cicp":
            size = 12
        case _ if kind in _TABLE_TYPES:
            size = len(data)
        case _:
            return None
    return kind + bytes(4) + data[8:size] if size <= len(data) else None


def _text(data: bytes) -> str:
    """Return the name in a profile's description, of version 2 or 4, or nothing."""
    try:
        if data[:4] == b"desc":
            (count,) = struct.unpack_from(">I", data, 8)
            return data[12 : 12 + count].rstrip(b"\0").decode("ascii")
        if data[:4] == b"mluc":
            size, begin = struct.unpack_from(">II", data, 20)
            return data[begin : begin + size].decode("utf-16-be")
    except (struct.error, UnicodeDecodeError):
        pass
    return ""


def _written(header: bytes, numbers: dict[bytes, bytes], name: str) -> bytes:
    """Put a profile together; data that several tags share are written once."""
    is_new = header[_VERSION_AT] >= _VERSION_4
    tags = {
        b"cprt": _words(_NO_COPYRIGHT) if is_new else b"text\0\0\0\0" + _ascii(_NO_COPYRIGHT),
        b"desc": _words(name) if is_new else _description(name),
        **dict(sorted(numbers.items())),
    }
    at = HEADER_BYTES + 4 + len(tags) * _LAYOUT.size
    table, data, places = struct.pack(">I", len(tags)), b"", {}
    for tag, content in tags.items():
        if content not in places:
            places[content] = at + len(data)
            data += content + b"\0" * (-len(content) % 4)
        table += _LAYOUT.pack(tag, places[content], len(content))
    head = bytearray(header)
    head[:4] = struct.pack(">I", at + len(data))
    head[_DATE_AT] = FIXED_DATE
    for emptied in _EMPTIED:
        head[emptied] = bytes(emptied.stop - emptied.start)
    return bytes(head) + table + data


def _description(name: str) -> bytes:
    """Return a description of version 2: in ASCII, and empty in Unicode and in Macintosh script."""
    words = _ascii(name)
    return b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(4 + 4 + 2 + 1 + 67)


def _words(name: str) -> bytes:
    """Return words of version 4, in British English."""
    words = name.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enGB", len(words), 28) + words


def _ascii(words: str) -> bytes:
    return words.encode("ascii") + b"\0"


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(one * 65536) for one in values))
