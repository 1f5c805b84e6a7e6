"""Shared memory that is there when it is used, and never more than the system can spare.

Memory that is promised but not there ends a process at its first use (SIGBUS). Linux says how much
is free; elsewhere the system itself refuses.
"""

import os
import sys
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError

_SHARED_FOLDER = Path("/dev/shm")  # noqa: S108 - where Linux keeps shared memory


def reserved_memory(size: int) -> SharedMemory:
    """Create shared memory of `size` bytes, taken at once. Raises StationError CAMERA_MEMORY."""
    try:
        memory = SharedMemory(create=True, size=size)
    except OSError as error:
        raise StationError(ErrorCode.CAMERA_MEMORY, errno=error.errno) from None
    try:
        _reserve(memory)
    except OSError as error:
        memory.close()
        memory.unlink()
        raise StationError(ErrorCode.CAMERA_MEMORY, errno=error.errno) from None
    return memory


def free_shared_bytes() -> int:
    """Return how much shared memory is free, as far as the system says."""
    if sys.platform != "linux":
        return sys.maxsize
    usage = os.statvfs(_SHARED_FOLDER)
    return usage.f_bavail * usage.f_frsize


def _reserve(memory: SharedMemory) -> None:
    if sys.platform != "linux":
        return
    descriptor = os.open(_SHARED_FOLDER / memory.name, os.O_RDWR)
    try:
        os.posix_fallocate(descriptor, 0, memory.size)
    finally:
        os.close(descriptor)
