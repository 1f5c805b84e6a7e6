"""Keep the memory of released pictures for the next ones, instead of returning it each time.

Thirty times a second, a picture of several megabytes is allocated and released. The C library would
return such blocks to the system at once and fetch them again page by page, with each page cleared,
which takes a fifth of the live view's time. Call it once in each process, at its start.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # mallopt(3)
_ARENAS = 2  # for all threads: each keeps what was freed in it
_KEPT_BYTES = 64 * 2**20
_LARGEST_KEPT_BYTES = 32 * 2**20  # the most the C library accepts: a picture of 10 megapixels


def keep_freed_memory() -> bool:
    """Ask the C library to keep up to 64 MiB in each of two heaps; return whether it accepts that.

    Does nothing and returns False if the C library is not glibc.
    """
    if sys.platform != "linux":
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    set_option(_ARENA_MAX, _ARENAS)
    taken = bool(set_option(_TRIM_THRESHOLD, _KEPT_BYTES))
    return taken and bool(set_option(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES))


def give_back() -> None:
    """Return all freed memory to the system, once no more pictures come."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
