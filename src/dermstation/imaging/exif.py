"""Read single tags of EXIF, each by itself: one that is damaged costs no other.

Reads the directories of EXIF 2.32 (they are those of TIFF 6.0) entry by entry. Trusts no byte:
reads nothing beyond the end of the data, and no directory twice. Writes nothing. Pure functions on
bytes; any thread or process.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from typing import NamedTuple

from dermstation.imaging.jpeg_segments import HEADER_BYTES, MalformedJpegError, header_segments

SIGNATURE = b"Exif\0\0"

_APP1 = 0xE1
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_ENTRY_BYTES = 12
_INLINE_BYTES = 4  # a longer value is somewhere else, and the entry says where
# the bytes of one value by its type (EXIF 2.32, 4.6.2; 129 is the UTF-8 of EXIF 3.0)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 129: 1}
_NUMBERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i"}
_TEXTS = frozenset({1, 2, 7, 129})
_LONGEST_TEXT = 256


class Directory(StrEnum):
    """A group of tags."""

    PICTURE = "picture"  # the 0th
    EXIF = "exif"
    GPS = "gps"
    INTEROPERABILITY = "interoperability"
    THUMBNAIL = "thumbnail"  # the 1st


class Tag(IntEnum):
    """The tags that the station reads."""

    MAKE = 0x010F
    MODEL = 0x0110
    ORIENTATION = 0x0112
    TAKEN = 0x9003
    DIGITISED = 0x9004
    TAKEN_OFFSET = 0x9011
    DIGITISED_OFFSET = 0x9012
    COLOUR_SPACE = 0xA001
    INTEROPERABILITY_INDEX = 0x0001


_PARTS = {
    (Directory.PICTURE, 0x8769): Directory.EXIF,
    (Directory.PICTURE, 0x8825): Directory.GPS,
    (Directory.EXIF, 0xA005): Directory.INTEROPERABILITY,
}


class TagEntry(NamedTuple):
    """One entry of a directory; `begin` and `end` are None if its value is not in the data."""

    directory: Directory
    tag: int
    kind: int
    begin: int | None
    end: int | None


class Exif:
    """The tags of one picture, as far as they can be read."""

    def __init__(self, tiff: bytes) -> None:
        """Read the directories of EXIF that begins with its byte order."""
        self._tiff = tiff
        self._order = _ORDERS.get(tiff[:4], "")
        self.is_whole = bool(self._order)  # False too if any directory or value is cut off
        self.entries: tuple[TagEntry, ...] = tuple(self._directories()) if self._order else ()
        self._found = {(one.directory, one.tag): one for one in reversed(self.entries)}

    def number(self, directory: Directory, tag: int) -> int | None:
        """Return the whole number that a tag holds, or None."""
        found = self._found.get((directory, tag))
        return None if found is None else self._number_at(found)

    def text(self, directory: Directory, tag: int) -> str | None:
        """Return the text that a tag holds, up to its first zero byte, or None."""
        found = self._found.get((directory, tag))
        if found is None or found.begin is None or found.end is None or found.kind not in _TEXTS:
            return None
        text = self._tiff[found.begin : min(found.end, found.begin + _LONGEST_TEXT)]
        return text.split(b"\0")[0].decode("latin-1")

    def _directories(self) -> Iterator[TagEntry]:
        """Yield the entries of each directory, the first of each kind."""
        pending = {Directory.PICTURE: self._unpacked("I", 4)}
        seen: set[Directory] = set()
        while pending:
            directory, at = pending.popitem()
            seen.add(directory)
            count = None if at is None else self._unpacked("H", at)
            if at is None or count is None:
                self.is_whole = False
                continue
            for entry in self._entries(directory, at + 2, count):
                yield entry
                part = _PARTS.get((directory, entry.tag))
                if part is not None and part not in seen:
                    pending.setdefault(part, self._number_at(entry))
            following = self._unpacked("I", at + 2 + count * _ENTRY_BYTES)
            if directory is Directory.PICTURE and following:
                pending[Directory.THUMBNAIL] = following

    def _number_at(self, entry: TagEntry) -> int | None:
        form = _NUMBERS.get(entry.kind)
        if form is None or entry.begin is None or entry.begin == entry.end:
            return None
        return self._unpacked(form, entry.begin)

    def _entries(self, directory: Directory, first: int, count: int) -> Iterator[TagEntry]:
        for at in range(first, first + count * _ENTRY_BYTES, _ENTRY_BYTES):
            if at + _ENTRY_BYTES > len(self._tiff):
                self.is_whole = False
                return
            tag, kind, values = struct.unpack_from(f"{self._order}HHI", self._tiff, at)
            size = _SIZES.get(kind, len(self._tiff)) * values
            begin = at + 8 if size <= _INLINE_BYTES else self._unpacked("I", at + 8)
            if begin is None or begin + size > len(self._tiff):
                self.is_whole = False
                yield TagEntry(directory, tag, kind, None, None)
            else:
                yield TagEntry(directory, tag, kind, begin, begin + size)

    def _unpacked(self, form: str, at: int) -> int | None:
        try:
            found: tuple[int] = struct.unpack_from(self._order + form, self._tiff, at)
        except struct.error:
            return None
        return found[0] if at >= 0 else None


def exif_of(jpeg: bytes) -> Exif:
    """Return the EXIF of a JPEG; one without it, or not a JPEG, has no tags."""
    try:
        for marker, begin, end in header_segments(jpeg):
            content = begin + HEADER_BYTES
            if marker == _APP1 and jpeg.startswith(SIGNATURE, content):
                return Exif(jpeg[content + len(SIGNATURE) : end])
    except MalformedJpegError:
        pass
    return Exif(b"")
