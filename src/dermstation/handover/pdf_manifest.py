"""The list of files and hashes inside the summary, which lets anyone check the package.

It is stored in the PDF's keywords, which a PDF states once or, with XMP, twice: the destination's
limits, one entry for each file, and finally the PDF's own hash, computed with zeros in its places.
It shows damage and mix-ups. It is not a signature: somebody who alters files on purpose can write a
new list. Pure functions.
"""

import hashlib
import re
from collections.abc import Iterable

from dermstation.domain.presets import Limits
from dermstation.domain.records import PackageFile

_ENTRY = re.compile(r"([\w.-]+)=([0-9a-f]{64}):(\d+)(?::([a-z-]+))?")
_SELF = re.compile(rb"self=([0-9a-f]{64})")
_LIMITS = re.compile(r"limits=(\d+)/(\d+)/(\d+)")
_START = "dermstation-manifest-2"
_ZEROS = b"0" * 64


def keywords(files: Iterable[PackageFile], limits: Limits) -> str:
    """Return the list for a PDF's keywords, with zeros in place of the PDF's own hash."""
    bounds = f"limits={limits.file_bytes}/{limits.total_bytes}/{limits.files_most}"
    entries = [f"{file.name}={file.sha256}:{file.size_bytes}{_noted(file.note)}" for file in files]
    return " ".join([_START, bounds, *entries, f"self={_ZEROS.decode()}"])


def _noted(note: str) -> str:
    """Return a file's note as the end of its entry, with its spaces replaced."""
    return f":{note.replace(' ', '-')}" if note else ""


def sealed(pdf: bytes) -> bytes:
    """Return the PDF with its own hash filled in.

    Raises ValueError if there is no place for it, or one that is filled already.
    """
    found = {match[1] for match in _SELF.finditer(pdf)}
    if found != {_ZEROS}:
        raise ValueError(f"{len(found)} hashes")
    return _SELF.sub(b"self=" + hashlib.sha256(pdf).hexdigest().encode(), pdf)


def is_intact(pdf: bytes) -> bool:
    """Return whether a sealed PDF is unchanged since it was sealed."""
    found = {match[1] for match in _SELF.finditer(pdf)}
    unsealed = _SELF.sub(b"self=" + _ZEROS, pdf)
    return found == {hashlib.sha256(unsealed).hexdigest().encode()}


def listed_files(words: str) -> tuple[tuple[str, str, int], ...] | None:
    """Return the name, SHA-256 and size in bytes of each listed file; None if there is no list."""
    if not words.startswith(_START):
        return None
    return tuple((match[1], match[2], int(match[3])) for match in _ENTRY.finditer(words))


def listed_notes(words: str) -> dict[str, str]:
    """Return the notes of the listed files by name: "marked copy" or "covered copy"."""
    found = _ENTRY.finditer(words) if words.startswith(_START) else iter(())
    return {match[1]: match[4].replace("-", " ") for match in found if match[4]}


def listed_limits(words: str) -> Limits:
    """Return the limits that the package was made for, or those of e-RS if none are listed."""
    found = _LIMITS.search(words)
    return Limits(*map(int, found.groups())) if found else Limits()
