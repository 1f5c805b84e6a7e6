"""Ask Windows itself which folders are synced: its list of sync roots and the Cloud Files API.

On other systems the functions find nothing. Reads only; anything Windows refuses is ignored.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

_SOME_SERVICE = "a cloud service"

if sys.platform == "win32":
    import ctypes
    import winreg

    _MANAGER = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\SyncRootManager"
    _USER_ROOTS = "UserSyncRoots"
    # winnt.h: file attributes recall on open, pinned, unpinned, recall on data access
    _CLOUD_ATTRIBUTES = 0x0004_0000 | 0x0008_0000 | 0x0010_0000 | 0x0040_0000
    # winnt.h: the cloud's reparse tags, which differ in one digit
    _CLOUD_TAG, _CLOUD_TAG_MASK = 0x9000_001A, 0xFFFF_0FFF
    _SYNC_ROOT_BASIC, _SYNC_ROOT_BASIC_BYTES = 0, 8  # cfapi.h: CF_SYNC_ROOT_INFO_BASIC

    def sync_roots() -> Iterator[tuple[Path, str]]:
        """Yield the sync roots that programs have registered, each with its service's name."""
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _MANAGER) as manager:
                for index in range(winreg.QueryInfoKey(manager)[0]):
                    provider = winreg.EnumKey(manager, index)
                    yield from _roots_of(manager, provider)
        except OSError:
            return

    def _roots_of(manager: winreg.HKEYType, provider: str) -> Iterator[tuple[Path, str]]:
        name = provider.split("!", maxsplit=1)[0] or _SOME_SERVICE
        try:
            with winreg.OpenKey(manager, rf"{provider}\{_USER_ROOTS}") as users:
                for at in range(winreg.QueryInfoKey(users)[1]):
                    yield Path(str(winreg.EnumValue(users, at)[1])), name
        except OSError:
            return

    def provider_of(folder: Path) -> str:
        """Return a name for the service if the folder is in a sync root, else ""."""
        if _is_in_sync_root(folder):
            return _SOME_SERVICE
        for place in (folder, *folder.parents):
            try:
                found = place.lstat()
            except OSError:
                continue
            is_cloud = found.st_reparse_tag & _CLOUD_TAG_MASK == _CLOUD_TAG
            if is_cloud or found.st_file_attributes & _CLOUD_ATTRIBUTES:
                return _SOME_SERVICE
        return ""

    def _is_in_sync_root(folder: Path) -> bool:
        """Ask the Cloud Files API; False before Windows 10 version 1709, which lacks it."""
        answer = ctypes.create_string_buffer(_SYNC_ROOT_BASIC_BYTES)
        length = ctypes.c_ulong(0)
        try:
            status = ctypes.WinDLL("cldapi.dll").CfGetSyncRootInfoByPath(
                ctypes.c_wchar_p(str(folder)),
                ctypes.c_int(_SYNC_ROOT_BASIC),
                answer,
                ctypes.c_ulong(len(answer)),
                ctypes.byref(length),
            )
        except (OSError, AttributeError):
            return False
        return int(status) == 0

else:

    def sync_roots() -> Iterator[tuple[Path, str]]:
        """Return nothing: only Windows keeps such a list."""
        return iter(())

    def provider_of(_folder: Path) -> str:
        """Return "": only Windows knows."""
        return ""
