"""Shared memory without a name: only the processes that it is handed to can open it.

It is gone as soon as the last of them has ended, however that was, so that no picture is left
behind. What is used is allocated beforehand: memory that is promised but missing kills a process
at first use (SIGBUS). Linux allocates when it is told to, Windows promises all of it for certain
and takes it page by page.

Linux: a memfd, sealed so that no holder can shrink it below the others. Windows: a file mapping
without a name, whose handle is duplicated into the child; run under Wine, not on Windows.
"""

import multiprocessing.context
import os
import sys
from pathlib import Path
from typing import Self

from dermstation.domain.errors import ErrorCode, StationError

_MEMORY_FACTS = Path("/proc/meminfo")
_NAME = "dermstation-frames"  # for /proc only; nothing can be opened by it

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _READ_WRITE_COMMITTED = 0x04 | 0x08000000  # PAGE_READWRITE | SEC_COMMIT: winnt.h
    _MAP_READ_WRITE = 0x0004 | 0x0002  # FILE_MAP_READ | FILE_MAP_WRITE: memoryapi.h
    _NO_FILE = wintypes.HANDLE(-1)

    def _kernel() -> ctypes.WinDLL:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileMappingW.restype = wintypes.HANDLE
        kernel.MapViewOfFile.restype = wintypes.LPVOID
        kernel.MapViewOfFile.argtypes = (
            wintypes.HANDLE,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.DWORD,
            ctypes.c_size_t,
        )
        return kernel

    def _reserved(size: int) -> int:
        high, low = size >> 32, size & 0xFFFFFFFF
        handle = _kernel().CreateFileMappingW(
            _NO_FILE, None, _READ_WRITE_COMMITTED, high, low, None
        )
        if not handle:
            raise ctypes.WinError(ctypes.get_last_error())
        return int(handle)

    def _allocate(_handle: int, _up_to: int) -> None:
        pass

    class _Mapping:
        """The memory of a handle in this process."""

        def __init__(self, handle: int, size: int) -> None:
            self._handle = handle
            self._address = _kernel().MapViewOfFile(handle, _MAP_READ_WRITE, 0, 0, size)
            if not self._address:
                raise ctypes.WinError(ctypes.get_last_error())
            self.buffer = memoryview((ctypes.c_ubyte * size).from_address(self._address)).cast("B")

        def close(self) -> None:
            self.buffer.release()
            _kernel().UnmapViewOfFile(wintypes.LPVOID(self._address))
            _kernel().CloseHandle(wintypes.HANDLE(self._handle))

else:
    import fcntl
    import mmap

    def _reserved(size: int) -> int:
        if sys.platform != "linux":
            raise OSError("neither Linux nor Windows")
        descriptor = os.memfd_create(_NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(descriptor, size)
            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _allocate(handle: int, up_to: int) -> None:
        if sys.platform == "linux":
            os.posix_fallocate(handle, 0, up_to)

    class _Mapping:
        """The memory of a descriptor in this process."""

        def __init__(self, handle: int, size: int) -> None:
            self._handle = handle
            self._map = mmap.mmap(handle, size)
            self.buffer = memoryview(self._map)

        def close(self) -> None:
            self.buffer.release()
            self._map.close()
            os.close(self._handle)


class NamelessMemory:
    """Memory that this process shares with the child processes it is handed to.

    Hand it over among the arguments of a `multiprocessing.Process` of the spawning kind; it can be
    pickled for nothing else.
    """

    def __init__(self, handle: int, size: int) -> None:
        self._handle = handle
        self.size = size
        self._mapping = _Mapping(handle, size)

    @classmethod
    def reserve(cls, size: int) -> Self:
        """Create memory of `size` bytes, to be allocated. Raises StationError CAMERA_MEMORY."""
        try:
            return cls(_reserved(size), size)
        except OSError as error:
            raise StationError(ErrorCode.CAMERA_MEMORY, errno=error.errno) from None

    def allocate(self, up_to: int) -> None:
        """Allocate the first `up_to` bytes, before they are used.

        Raises StationError CAMERA_MEMORY.
        """
        try:
            _allocate(self._handle, up_to)
        except OSError as error:
            raise StationError(ErrorCode.CAMERA_MEMORY, errno=error.errno) from None

    @property
    def buffer(self) -> memoryview:
        """Return the bytes. Raises ValueError once closed."""
        return self._mapping.buffer

    def close(self) -> None:
        """Let go of the memory in this process; call it once, after all views of it are gone."""
        self._mapping.close()

    def __getstate__(self) -> tuple[int, int]:
        """Return the handle as the child that is being spawned will know it."""
        popen = multiprocessing.context.get_spawning_popen()
        if popen is None:
            raise RuntimeError("only a process that is being started can be given memory")
        return popen.duplicate_for_child(self._handle), self.size

    def __setstate__(self, state: tuple[int, int]) -> None:
        self.__init__(*state)  # type: ignore[misc]  # the handle is this process's own


def free_shared_bytes() -> int:
    """Return how much memory may be shared; sys.maxsize if the system does not say.

    Linux reports it; elsewhere the system itself refuses a request that is too large.
    """
    if sys.platform != "linux":
        return sys.maxsize
    try:
        lines = _MEMORY_FACTS.read_text(encoding="ascii").splitlines()
        facts = dict(line.split(":", 1) for line in lines)
        return int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, LookupError):
        return sys.maxsize
