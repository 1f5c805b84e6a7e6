"""Checks of a package's PDF: readable, fonts inside, nothing that acts by itself. Reads only."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from dermstation.handover.findings import PackageFault

# scripts, actions on opening, programs, forms with code, and files inside the file
_ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia"}
)
_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR"})
_FONT_FILES = frozenset({"/FontFile", "/FontFile2", "/FontFile3"})
_FONTS_OF_FONTS = frozenset({"/Type0", "/Type3"})  # made of others, or drawn in the PDF itself
_OBJECTS_MOST = 100_000


@dataclass(frozen=True, slots=True)
class PdfContents:
    """What a PDF holds: its keywords, and what is wrong with it."""

    keywords: str
    faults: frozenset[PackageFault]


def read_pdf(data: bytes) -> PdfContents | None:
    """Read a PDF; None where it is damaged."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # faults are found and said below
    try:
        reader = PdfReader(BytesIO(data), strict=True)
        if reader.is_encrypted:
            return PdfContents("", frozenset({PackageFault.PDF_ENCRYPTED}))
        pages = len(reader.pages)
        metadata = reader.metadata
        keywords = str(metadata.get("/Keywords", "")) if metadata else ""
        objects = list(_objects(reader))
    except Exception:  # noqa: BLE001 - whatever pypdf makes of hostile bytes, it is not right
        return None
    if not pages:
        return None
    faults = {PackageFault.PDF_ACTIVE} if any(map(_acts, objects)) else set()
    if any(map(_lacks_font, objects)):
        faults.add(PackageFault.PDF_FONT_MISSING)
    return PdfContents(keywords, frozenset(faults))


def _acts(found: PdfObject) -> bool:
    if not isinstance(found, DictionaryObject):
        return False
    return not _ACTIVE_KEYS.isdisjoint(found.keys()) or found.get("/S") in _ACTIVE_ACTIONS


def _lacks_font(found: PdfObject) -> bool:
    """Tell whether this is a simple font whose letters are not in the file."""
    if not isinstance(found, DictionaryObject) or found.get("/Type") != "/Font":
        return False
    if found.get("/Subtype") in _FONTS_OF_FONTS:
        return False
    descriptor = found.get("/FontDescriptor")
    if descriptor is None:
        return True
    return _FONT_FILES.isdisjoint(descriptor.get_object().keys())


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
