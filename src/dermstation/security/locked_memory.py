"""Keep keys out of the swap file, as far as the OS allows.

A page that is locked is never written to swap, but hibernation writes all memory. The lock is by
page and is not counted, so it is never taken back: it goes with the process, which ends with the
lock of the station. Copies that Python or a library made of a key are not covered.
"""

import ctypes
import sys
from contextlib import suppress
from functools import cache
from typing import Any


def locked(buffer: bytearray) -> bytearray:
    """Lock the pages of a buffer into memory and return it; it must keep its size. Never fails."""
    if buffer:
        view = ctypes.c_char.from_buffer(buffer)
        with suppress(OSError, AttributeError):
            lock_pages(ctypes.addressof(view), len(buffer))
        del view  # while it exists, the buffer could not be changed in size or released
    return buffer


def lock_pages(address: int, size: int) -> bool:
    """Lock pages; return whether the OS did so: it allows a user only so many. Raises OSError."""
    done = _lock()(ctypes.c_void_p(address), ctypes.c_size_t(size))
    return bool(done) if sys.platform == "win32" else done == 0


@cache  # loading a library takes longer than all the rest
def _lock() -> Any:
    if sys.platform == "win32":
        return ctypes.WinDLL("kernel32", use_last_error=True).VirtualLock
    return ctypes.CDLL(None, use_errno=True).mlock
