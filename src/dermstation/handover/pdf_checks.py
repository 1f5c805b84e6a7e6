"""Checks of a package's PDF: readable, and nothing in it that acts by itself. Reads only."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

# scripts, actions on opening, programs, forms with code, and files inside the file
_ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia"}
)
_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR"})
_OBJECTS_MOST = 100_000


@dataclass(frozen=True, slots=True)
class PdfContents:
    """What a PDF holds: its keywords, and whether anything in it acts."""

    keywords: str
    is_active: bool


def read_pdf(data: bytes) -> PdfContents | None:
    """Read a PDF; None where it is damaged."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # faults are found and said below
    try:
        reader = PdfReader(BytesIO(data), strict=True)
        pages = len(reader.pages)
        metadata = reader.metadata
        keywords = str(metadata.get("/Keywords", "")) if metadata else ""
        is_active = any(_acts(one) for one in _objects(reader))
    except Exception:  # noqa: BLE001 - whatever pypdf makes of hostile bytes, it is not right
        return None
    return PdfContents(keywords, is_active) if pages else None


def _acts(found: PdfObject) -> bool:
    if not isinstance(found, DictionaryObject):
        return False
    return not _ACTIVE_KEYS.isdisjoint(found.keys()) or found.get("/S") in _ACTIVE_ACTIONS


def _objects(reader: PdfReader) -> Iterator[PdfObject]:
    """Walk everything that can be reached from the trailer."""
    waiting: list[object] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    for _ in range(_OBJECTS_MOST):
        if not waiting:
            return
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            key = (found.idnum, found.generation)
            if key in seen:
                continue
            seen.add(key)
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            waiting.extend(found.values())
        elif isinstance(found, ArrayObject):
            waiting.extend(found)
        if isinstance(found, PdfObject):
            yield found
    raise ValueError("too many objects")
