"""Shared memory that is allocated in full when it is created.

Memory that is promised but missing kills a process at first use (SIGBUS). Linux reports how much
is free; elsewhere the system itself refuses a request that is too large.
"""

import os
import sys
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError

_SHARED_FOLDER = Path("/dev/shm")  # noqa: S108 - where Linux keeps shared memory


def reserved_memory(size: int) -> SharedMemory:
    """Create shared memory with all `size` bytes allocated. Raises StationError CAMERA_MEMORY."""
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
    """Return how many bytes of shared memory are free; sys.maxsize if the system does not say."""
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
