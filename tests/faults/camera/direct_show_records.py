"""The records of DirectShow that a played camera fills, as in strmif.h, and a format it offers."""

import ctypes
import sys
from ctypes import c_int, c_long, c_longlong, c_ubyte, c_ulong, c_void_p, c_wchar
from dataclasses import dataclass

from tests.faults.camera.com import OK, Guid, memory

assert sys.platform == "win32"

VIDEO_INFO = "05589F80-C356-11CE-BF01-00AA0055595A"
SECOND = 10_000_000  # of DirectShow's clock
_VIDEO = "73646976-0000-0010-8000-00AA00389B71"


@dataclass(frozen=True)
class Format:
    """A format that the camera offers: letters, size, lowest and highest rate."""

    letters: str
    width: int
    height: int
    rates: tuple[int, int]


class Type(ctypes.Structure):
    """AM_MEDIA_TYPE."""

    _fields_ = (
        ("major", Guid),
        ("sub", Guid),
        ("fixed", c_int),
        ("temporal", c_int),
        ("sample_size", c_ulong),
        ("form", Guid),
        ("unknown", c_void_p),
        ("form_bytes", c_ulong),
        ("info", c_void_p),
    )


class Info(ctypes.Structure):
    """VIDEOINFOHEADER with its BITMAPINFOHEADER."""

    _fields_ = (
        ("areas", c_long * 8),
        ("rates", c_ulong * 2),
        ("interval", c_longlong),
        ("size", c_ulong),
        ("width", c_long),
        ("height", c_long),
        ("planes", ctypes.c_ushort),
        ("bits", ctypes.c_ushort),
        ("letters", c_ubyte * 4),
        ("image_bytes", c_ulong),
        ("rest", c_long * 4),
    )


class Caps(ctypes.Structure):
    """VIDEO_STREAM_CONFIG_CAPS."""

    _fields_ = (
        ("form", Guid),
        ("standard", c_ulong),
        ("before", c_long * 10),
        ("least", c_long * 2),
        ("most", c_long * 2),
        ("after", c_long * 6),
        ("shortest", c_longlong),
        ("longest", c_longlong),
        ("bits", c_long * 2),
    )


class FilterInfo(ctypes.Structure):
    """FILTER_INFO."""

    _fields_ = (("name", c_wchar * 128), ("graph", c_void_p))


class PinInfo(ctypes.Structure):
    """PIN_INFO."""

    _fields_ = (("filter", c_void_p), ("direction", c_int), ("name", c_wchar * 128))


def put(place: object, value: object) -> int:
    """Put a value where a pointer points; return that all is well."""
    place[0] = value  # type: ignore[index] # a pointer of ctypes
    return OK


def text(value: str) -> int:
    """Return a text in memory that its reader frees."""
    data = ctypes.create_unicode_buffer(value)
    place = memory(ctypes.sizeof(data))
    ctypes.memmove(place, data, ctypes.sizeof(data))
    return place


def type_of(one: Format, rate: int) -> int:
    """Return a media type in memory that its reader frees."""
    place, info = memory(ctypes.sizeof(Type)), memory(ctypes.sizeof(Info))
    letters = (c_ubyte * 4)(*one.letters.encode())
    made = Info.from_address(info)
    ctypes.memset(info, 0, ctypes.sizeof(Info))
    made.interval, made.size = SECOND // rate, 40
    made.width, made.height, made.planes = one.width, one.height, 1
    made.bits = 16 if one.letters == "YUY2" else 24
    made.letters, made.image_bytes = letters, one.width * one.height * made.bits // 8
    sub = Guid.of(_VIDEO)
    sub.data[:4] = letters
    Type.from_address(place).__init__(  # type: ignore[misc] # fills the memory
        Guid.of(_VIDEO), sub, 0, 0, made.image_bytes, Guid.of(VIDEO_INFO), None, 88, info
    )
    return place
