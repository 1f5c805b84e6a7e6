"""Keep the memory that pictures took for the next ones, instead of giving it back each time.

Thirty times a second a picture of megabytes is made and let go. The C library gives such blocks
back to the system at once and fetches them anew, page by page, each page cleared: a fifth of the
live view's time. Once for each process, at its start.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # mallopt(3)
_KEPT_BYTES = 64 * 2**20
_LARGEST_KEPT_BYTES = 32 * 2**20  # the most that the C library takes: a picture of 10 megapixels


def keep_freed_memory() -> bool:
    """Tell the C library to keep up to 64 MiB for each heap; say whether it takes it.

    Without effect where it is not glibc.
    """
    if sys.platform != "linux":
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    taken = bool(set_option(_TRIM_THRESHOLD, _KEPT_BYTES))
    return taken and bool(set_option(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES))
