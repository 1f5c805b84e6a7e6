"""A camera of DirectShow, played by Python: OpenCV and its FFmpeg see it as they see a real one.

It lives in the process that opens it. `install` enters it in the registry, as a driver's
installer would; `serve_camera` lets the calling thread open it.
"""

import contextlib
import ctypes
import sys
import threading
import time
import winreg
from collections.abc import Callable
from ctypes import (
    POINTER,
    c_int,
    c_long,
    c_longlong,
    c_ulong,
    c_void_p,
    c_wchar_p,
)

from tests.faults.camera.com import (
    FALSE,
    OK,
    Guid,
    Made,
    Method,
    call,
    created,
    queried,
    refused,
    serve,
)
from tests.faults.camera.direct_show_records import (
    SECOND,
    VIDEO_INFO,
    Caps,
    FilterInfo,
    Format,
    Info,
    PinInfo,
    Type,
    put,
    text,
    type_of,
)

assert sys.platform == "win32"

CLASS = "7B3C5A10-52C1-4E0B-9C43-0D2A6C5E1F01"
_CATEGORY = "860BB310-5D01-11D0-BD3B-00A0C911CE86"  # CLSID_VideoInputDeviceCategory
_PERSIST = "0000010C-0000-0000-C000-000000000046"
_MEDIA_FILTER = "56A86899-0AD4-11CE-B03A-0020AF0BA770"
_FILTER = "56A86895-0AD4-11CE-B03A-0020AF0BA770"
_PIN = "56A86891-0AD4-11CE-B03A-0020AF0BA770"
_ENUM_PINS = "56A86892-0AD4-11CE-B03A-0020AF0BA770"
_ENUM_TYPES = "89C31040-846B-11CE-97D3-00AA0055595A"
_INPUT = "56A8689D-0AD4-11CE-B03A-0020AF0BA770"
_ALLOCATOR = "56A8689C-0AD4-11CE-B03A-0020AF0BA770"
_MEMORY = "1E651CC0-B199-11D0-8212-00C04FC32C45"
_PROPERTIES = "31EFAC30-515C-11D0-A9AA-00AA0061BE93"
_STREAM_CONFIG = "C6E13340-30AC-11D0-A18C-00A0C9118956"
_CAPTURE = "FB6C4281-0353-11D1-905F-0000C0CC16BA"  # PIN_CATEGORY_CAPTURE
_NOT_CONNECTED = -2147220983
_BUFFERS, _BUFFER_BYTES = 4, 1 << 20
_CAPS_BYTES = 128


def install(name: str) -> Callable[[], None]:
    """Enter the camera in the registry, which takes an administrator; return what removes it."""
    classes = rf"CLSID\{{{_CATEGORY}}}\Instance"
    place = rf"{classes}\{{{CLASS}}}"
    with winreg.CreateKey(winreg.HKEY_CLASSES_ROOT, place) as key:
        winreg.SetValueEx(key, "CLSID", 0, winreg.REG_SZ, f"{{{CLASS}}}")
        winreg.SetValueEx(key, "FriendlyName", 0, winreg.REG_SZ, name)

    def remove() -> None:
        with contextlib.suppress(FileNotFoundError):
            winreg.DeleteKey(winreg.HKEY_CLASSES_ROOT, place)

    return remove


def serve_camera(
    formats: Callable[[], tuple[Format, ...]], picture: Callable[[Format], bytes]
) -> Made:
    """Let this thread open the camera, which sends one `picture` after the other."""
    return serve(CLASS, lambda: _Camera(formats(), picture).filter)


class _Camera:
    def __init__(self, formats: tuple[Format, ...], picture: Callable[[Format], bytes]) -> None:
        self._formats, self._picture = formats, picture
        self._format, self._rate = formats[0], formats[0].rates[1]
        self._sink = self._input = self._allocator = self._graph = self._clock = 0
        self._state = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.filter = self._make_filter()
        self._pin = self._make_pin()

    def _make_filter(self) -> Made:
        at = POINTER(c_void_p)
        methods = (
            Method(lambda found: put(found, Guid.of(CLASS)), POINTER(Guid)),
            Method(self._stopped),
            Method(self._paused),
            Method(self._run, c_longlong),
            Method(lambda _ms, found: put(found, self._state), c_ulong, POINTER(c_int)),
            Method(self._set_clock, c_void_p),
            Method(lambda found: put(found, self._clock), at),
            Method(lambda found: put(found, _listed(_ENUM_PINS, self._pins)), at),
            refused(c_wchar_p, at),
            Method(self._say_filter, POINTER(FilterInfo)),
            Method(self._join, c_void_p, c_wchar_p),
            refused(at),
        )
        return Made({(_FILTER, _MEDIA_FILTER, _PERSIST): methods})

    def _make_pin(self) -> Made:
        at, types = POINTER(c_void_p), POINTER(Type)
        pin = (
            Method(self._connect, c_void_p, types),
            refused(c_void_p, types),
            Method(self._disconnect),
            Method(self._connected_to, at),
            Method(self._say_type, types),
            Method(self._say_pin, POINTER(PinInfo)),
            Method(lambda found: put(found, 1), POINTER(c_int)),
            Method(lambda found: put(found, text("Capture")), at),
            Method(lambda _type: OK, types),
            Method(lambda found: put(found, _listed(_ENUM_TYPES, self._types)), at),
            refused(at, POINTER(c_ulong)),
            *(Method(lambda: OK) for _ in range(3)),
            refused(c_longlong, c_longlong, ctypes.c_double),
        )
        config = (
            Method(self._set_format, types),
            Method(lambda found: put(found, self._types()[0]), at),
            Method(self._count, POINTER(c_int), POINTER(c_int)),
            Method(self._caps, c_int, at, POINTER(Caps)),
        )
        asked = (POINTER(Guid), c_ulong, c_void_p, c_ulong, POINTER(Guid), c_ulong)
        properties = (
            refused(POINTER(Guid), c_ulong, c_void_p, c_ulong, c_void_p, c_ulong),
            Method(self._category, *asked, POINTER(c_ulong)),
            refused(POINTER(Guid), c_ulong, POINTER(c_ulong)),
        )
        return Made({(_PIN,): pin, (_STREAM_CONFIG,): config, (_PROPERTIES,): properties})

    def _pins(self) -> list[int]:
        return [self._pin.at(_PIN)]

    def _set_clock(self, clock: int | None) -> None:
        self._clock = clock or 0

    def _join(self, graph: int | None, _name: str) -> None:
        self._graph = graph or 0

    def _say_filter(self, found: object) -> int:
        if self._graph:
            call(self._graph, 1)
        return put(found, FilterInfo("Played camera", self._graph or None))

    def _say_pin(self, found: object) -> int:
        return put(found, PinInfo(self.filter.at(_FILTER), 1, "Capture"))

    def _say_type(self, found: object) -> int:
        if not self._sink:
            return _NOT_CONNECTED
        made = Type.from_address(type_of(self._format, self._rate))
        return put(found, made)

    def _connected_to(self, found: object) -> int:
        if self._sink:
            call(self._sink, 1)
        return put(found, self._sink or None) or (OK if self._sink else _NOT_CONNECTED)

    def _category(self, *asked: object) -> int:
        put(asked[4], Guid.of(_CAPTURE))
        return put(asked[6], 16)

    def _count(self, count: object, size: object) -> int:
        return put(count, len(self._formats)) or put(size, _CAPS_BYTES)

    def _caps(self, number: int, found: object, caps: object) -> int:
        one = self._formats[number]
        size = (c_long * 2)(one.width, one.height)
        shortest, longest = (SECOND // rate for rate in reversed(one.rates))
        put(
            caps,
            Caps(Guid.of(VIDEO_INFO), least=size, most=size, shortest=shortest, longest=longest),
        )
        return put(found, type_of(one, one.rates[1]))

    def _types(self) -> list[int]:
        return [type_of(self._format, self._rate)]

    def _set_format(self, wanted: "ctypes._Pointer[Type]") -> int:
        info = Info.from_address(wanted.contents.info or 0)
        letters = bytes(info.letters).decode()
        for one in self._formats:
            if (one.letters, one.width, one.height) == (letters, info.width, info.height):
                self._format, self._rate = one, round(SECOND / info.interval)
                return OK
        return FALSE

    def _connect(self, sink: int, _wanted: object) -> int:
        failed = call(sink, 4, self._pin.at(_PIN), self._types()[0])
        if failed:
            return failed
        self._sink = sink
        self._input = queried(sink, _INPUT)
        self._allocator = created(_MEMORY, _ALLOCATOR)
        properties = (c_long * 4)(_BUFFERS, _BUFFER_BYTES, 1, 0)
        granted = (c_long * 4)()
        assert (
            call(self._allocator, 3, ctypes.addressof(properties), ctypes.addressof(granted)) == OK
        )
        return call(self._input, 4, self._allocator, c_int(0))

    def _disconnect(self) -> int:
        self._sink = 0
        return OK

    def _stopped(self) -> int:
        self._state = 0
        self._stop.set()
        if self._allocator:
            call(self._allocator, 6)
        if self._thread is not None:
            self._thread.join(2)
        self._thread = None
        return OK

    def _paused(self) -> int:
        self._state = 1
        return OK

    def _run(self, _start: int) -> int:
        self._state = 2
        call(self._allocator, 5)
        self._stop.clear()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()
        return OK

    def _send(self) -> None:
        began_s = time.perf_counter()
        while not self._stop.wait(1 / self._rate):
            sample = c_void_p()
            if call(self._allocator, 7, ctypes.addressof(sample), 0, 0, c_ulong(0)) or not sample:
                return
            place = c_void_p()
            call(sample.value or 0, 3, ctypes.addressof(place))
            data = self._picture(self._format)
            ctypes.memmove(place, data, len(data))
            call(sample.value or 0, 12, c_long(len(data)))
            now = int((time.perf_counter() - began_s) * SECOND)
            times = (c_longlong * 2)(now, now + 1)
            call(sample.value or 0, 6, ctypes.addressof(times), ctypes.addressof(times) + 8)
            call(self._input, 6, sample.value or 0)
            call(sample.value or 0, 2)


_kept: list[Made] = []


def _listed(name: str, items: Callable[[], list[int]]) -> int:
    """Return an enumerator of pins or media types, which begins at its first item."""
    left = items()

    def following(count: int, found: object, fetched: object) -> int:
        given = 0
        while left and given < count:
            found[given] = left.pop(0)  # type: ignore[index]
            given += 1
        if fetched:
            put(fetched, given)
        return OK if given == count else FALSE

    def reset() -> None:
        left[:] = items()

    next_method = Method(following, c_ulong, POINTER(c_void_p), POINTER(c_ulong))
    skip = Method(lambda _count: FALSE, c_ulong)
    made = Made({(name,): (next_method, skip, Method(reset), refused(POINTER(c_void_p)))})
    _kept.append(made)
    return made.at(name)
