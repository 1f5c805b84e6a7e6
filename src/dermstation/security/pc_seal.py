"""Seal small secrets to this PC: whoever has only the files, on another PC, opens none of them.

On Windows this is DPAPI with the PC's own key. It lies on the system disk, so whoever has that
disk as well, unencrypted, opens them all (docs/adr/0086-one-home-for-the-pc.md).
"""

import ctypes
import sys
from typing import Protocol

_LOCAL_MACHINE, _UI_FORBIDDEN = 0x4, 0x1  # CRYPTPROTECT_*: dpapi.h


class Sealer(Protocol):
    """What seals a secret under a name."""

    def seal(self, plain: bytes, name: bytes) -> bytes:
        """Return the secret sealed. Raises OSError."""

    def unseal(self, sealed: bytes, name: bytes) -> bytes:
        """Return what was sealed under this name. Raises OSError for anything else."""


if sys.platform == "win32":
    from ctypes.wintypes import DWORD

    class _Blob(ctypes.Structure):
        """DATA_BLOB of dpapi.h."""

        _fields_ = (("length", DWORD), ("data", ctypes.c_void_p))

    class PcSealer:
        """The sealer of Windows for all accounts of this PC."""

        def seal(self, plain: bytes, name: bytes) -> bytes:
            """Return the secret sealed. Raises OSError."""
            return _called("CryptProtectData", plain, name, _LOCAL_MACHINE | _UI_FORBIDDEN)

        def unseal(self, sealed: bytes, name: bytes) -> bytes:
            """Return what was sealed under this name. Raises OSError for anything else."""
            return _called("CryptUnprotectData", sealed, name, _UI_FORBIDDEN)

    def _called(function: str, given: bytes, name: bytes, flags: int) -> bytes:
        kept = [ctypes.create_string_buffer(one, len(one)) for one in (given, name)]
        data, entropy = (_Blob(len(one), ctypes.addressof(one)) for one in kept)
        answer = _Blob()
        call = getattr(ctypes.WinDLL("crypt32", use_last_error=True), function)
        try:
            if not call(
                ctypes.byref(data),
                None,
                ctypes.byref(entropy),
                None,
                None,
                flags,
                ctypes.byref(answer),
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            return ctypes.string_at(answer.data, answer.length)
        finally:
            for one in kept:
                ctypes.memset(one, 0, len(one))
            if answer.data:
                ctypes.memset(answer.data, 0, answer.length)
                ctypes.windll.kernel32.LocalFree(ctypes.c_void_p(answer.data))
