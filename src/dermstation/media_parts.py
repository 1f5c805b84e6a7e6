"""The media parts of Windows, without which OpenCV cannot be loaded at all.

Editions named N come without them, and so does Windows Server until they are added.
"""

import ctypes
import sys

from dermstation.domain.errors import ErrorCode, StationError

_PARTS = ("mf.dll", "mfplat.dll", "mfreadwrite.dll")  # that OpenCV's wheel for Windows links to


def missing_media_parts() -> tuple[str, ...]:
    """List the media parts that this Windows does not have; empty on other systems."""
    is_windows = sys.platform == "win32"
    return tuple(part for part in _PARTS if is_windows and not _loads(part))


def check_media_parts() -> None:
    """Say in words what would end in an ImportError. Raises StationError MEDIA_ABSENT."""
    if missing := missing_media_parts():
        raise StationError(ErrorCode.MEDIA_ABSENT, parts=", ".join(missing))


def _loads(part: str) -> bool:
    try:
        ctypes.CDLL(part)
    except OSError:
        return False
    return True
