"""Protect the program's own process from memory dumps and debuggers, as far as the OS allows.

Called once at the start. This does not stop malware that runs as the same user; it keeps patients'
identities and keys out of crash dumps that end up on disks and at vendors.
"""

import ctypes
import logging
import sys
from contextlib import suppress

log = logging.getLogger(__name__)

_PR_SET_DUMPABLE = 4
_PR_GET_DUMPABLE = 3
_WER_FAULT_REPORTING_FLAG_NOHEAP = 1
_SEM_FAILCRITICALERRORS_AND_NOGPFAULTERRORBOX = 0x0001 | 0x0002


def harden_process() -> None:
    """Switch off memory dumps. Never fails.

    Child processes inherit the limit on core dumps, but not the rest.
    """
    if sys.platform == "win32":
        _harden_windows()
        return
    import resource  # noqa: PLC0415 - exists only on POSIX

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            # also keeps the user's other programs from attaching a debugger
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def is_hardened() -> bool | None:
    """Return whether dumps are switched off, or None if the system does not say."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - exists only on POSIX

    has_limit = resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    if sys.platform != "linux":
        return has_limit
    with suppress(OSError, AttributeError):
        return has_limit and ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
    return None


def _harden_windows() -> None:
    """Keep the heap out of error reports. Written from documentation; not tested on Windows."""
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.WerSetFlags(_WER_FAULT_REPORTING_FLAG_NOHEAP)
            kernel.SetErrorMode(_SEM_FAILCRITICALERRORS_AND_NOGPFAULTERRORBOX)
