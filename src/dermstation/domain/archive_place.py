"""Where an archive is reached: by https (DICOMweb), or by DICOM's own protocol. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from dermstation.domain.errors import ErrorCode, StationError

MOST_TITLE_CHARS = 16  # DICOM PS3.5, VR AE
_TITLE = re.compile(r"[!-\[\]-~]+(?: +[!-\[\]-~]+)*")  # printable ASCII but the backslash


@dataclass(frozen=True, slots=True)
class DicomNode:
    """A partner in DICOM's own protocol: its AE title, host and port."""

    title: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "DicomNode | None":
        """Read `TITLE@host:port`; an empty text is no node. Raises StationError SETTING_INVALID."""
        if not text.strip():
            return None
        title, at, place = text.strip().rpartition("@")
        try:
            found = urlsplit(f"//{place}")
            host, port = found.hostname, found.port
        except ValueError:
            host = port = None
        if not at or not host or not port or found.netloc != place:
            raise StationError(ErrorCode.SETTING_INVALID)
        return cls(checked_title(title), host, port)


def checked_title(text: str) -> str:
    """Return an AE title. Raises StationError SETTING_INVALID."""
    if len(text) > MOST_TITLE_CHARS or not _TITLE.fullmatch(text):
        raise StationError(ErrorCode.SETTING_INVALID)
    return text


def checked_address(text: str) -> str:
    """Return the https address of an archive without a slash at its end; empty for none.

    One that holds a name or a password is refused: the settings are no place for it.
    Raises StationError SETTING_INVALID.
    """
    bare = text.strip().rstrip("/")
    if not bare:
        return ""
    try:
        found = urlsplit(bare)
        is_usable = bool(found.hostname) and found.port != 0
    except ValueError:
        is_usable = False
    extra = is_usable and ("@" in found.netloc or found.query or found.fragment)
    if not is_usable or extra or found.scheme.lower() != "https" or re.search(r"\s", bare):
        raise StationError(ErrorCode.SETTING_INVALID)
    return bare
