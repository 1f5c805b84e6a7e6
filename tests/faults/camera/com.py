"""COM in plain ctypes, as much as a played DirectShow camera needs: objects and calls."""

import ctypes
import sys
import uuid
from collections.abc import Callable, Sequence
from ctypes import POINTER, c_long, c_ulong, c_void_p, c_wchar_p
from typing import Any

assert sys.platform == "win32"

OK, FALSE, NO_INTERFACE, NOT_IMPLEMENTED = 0, 1, -2147467262, -2147467263
INPROC_SERVER = 1
UNKNOWN = "00000000-0000-0000-C000-000000000046"
_FACTORY = "00000001-0000-0000-C000-000000000046"

ole = ctypes.OleDLL("ole32")  # raises OSError for what fails
_allocate = ctypes.WinDLL("ole32").CoTaskMemAlloc
_allocate.restype = c_void_p
_allocate.argtypes = [ctypes.c_size_t]


class Guid(ctypes.Structure):
    """A GUID as in memory."""

    _fields_ = (("data", ctypes.c_ubyte * 16),)

    @classmethod
    def of(cls, text: str) -> "Guid":
        """Return the GUID of a text."""
        return cls.from_buffer_copy(uuid.UUID(text).bytes_le)

    def __str__(self) -> str:
        return str(uuid.UUID(bytes_le=bytes(self.data))).upper()


class Method:
    """One entry of a table: the types of its arguments, and what it does."""

    def __init__(self, does: Callable[..., int | None], *types: Any) -> None:
        prototype = ctypes.WINFUNCTYPE(c_long, c_void_p, *types)
        self.call = prototype(lambda _this, *arguments: does(*arguments) or OK)


def refused(*types: Any) -> Method:
    """Return an entry that nobody is expected to need."""
    return Method(lambda *_: NOT_IMPLEMENTED, *types)


class Made:
    """A COM object of Python with one table for each of its interfaces. It is never freed."""

    def __init__(self, tables: dict[tuple[str, ...], Sequence[Method]]) -> None:
        self._kept: list[Any] = []
        self._places: dict[str, int] = {}
        for names, methods in tables.items():
            place = self._table(methods)
            for name in (*names, UNKNOWN):
                self._places.setdefault(name.upper(), place)

    def at(self, name: str) -> int:
        """Return the address of an interface."""
        return self._places[name.upper()]

    def _table(self, methods: Sequence[Method]) -> int:
        count = Method(lambda: 1)
        asked = Method(self._query, POINTER(Guid), POINTER(c_void_p))
        entries = [asked, count, count, *methods]
        table = (c_void_p * len(entries))(*(ctypes.cast(one.call, c_void_p) for one in entries))
        place = c_void_p(ctypes.addressof(table))
        self._kept += [entries, table, place]
        return ctypes.addressof(place)

    def _query(self, wanted: Any, found: Any) -> int:
        found[0] = self._places.get(str(wanted.contents))
        return OK if found[0] else NO_INTERFACE


def memory(size: int) -> int:
    """Return the address of new memory that whoever is given it frees."""
    place: int = _allocate(size)
    return place


def call(this: int, entry: int, *arguments: Any) -> int:
    """Call an entry of an object's first table."""
    table = ctypes.cast(this, POINTER(POINTER(c_void_p))).contents
    prototype = ctypes.WINFUNCTYPE(c_long, c_void_p, *map(_type, arguments))
    return int(prototype(table[entry])(this, *arguments))


def queried(this: int, name: str) -> int:
    """Return another interface of an object."""
    found = c_void_p()
    assert call(this, 0, ctypes.byref(Guid.of(name)), ctypes.byref(found)) == OK
    assert found.value is not None
    return found.value


def created(class_id: str, name: str) -> int:
    """Create an object of the system."""
    found = c_void_p()
    ids = (Guid.of(class_id), Guid.of(name))
    ole.CoCreateInstance(
        ctypes.byref(ids[0]), None, INPROC_SERVER, ctypes.byref(ids[1]), ctypes.byref(found)
    )
    assert found.value is not None
    return found.value


def serve(class_id: str, make: Callable[[], Made]) -> Made:
    """Let this thread's programs create objects of a class; return the factory, which must live."""

    def create(_outer: int, wanted: Any, found: Any) -> int:
        return make()._query(wanted, found)

    create_method = Method(create, c_void_p, POINTER(Guid), POINTER(c_void_p))
    factory = Made({(_FACTORY,): (create_method, Method(lambda _lock: OK, c_long))})
    ole.CoInitialize(None)
    number = c_ulong()
    ole.CoRegisterClassObject(
        ctypes.byref(Guid.of(class_id)),
        c_void_p(factory.at(_FACTORY)),
        INPROC_SERVER,
        1,  # REGCLS_MULTIPLEUSE
        ctypes.byref(number),
    )
    return factory


def _type(argument: Any) -> Any:
    if isinstance(argument, int):
        return c_void_p
    if isinstance(argument, str):
        return c_wchar_p
    return type(argument) if isinstance(argument, ctypes._SimpleCData) else c_void_p
