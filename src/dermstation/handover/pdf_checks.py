"""Check a package's PDF: readable, fonts embedded, nothing that acts by itself. Pure functions."""

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
_FONTS_OF_FONTS = frozenset({"/Type0", "/Type3"})  # built from other fonts, or drawn in the PDF
_OBJECTS_MOST = 100_000


@dataclass(frozen=True, slots=True)
class PdfContents:
    """A PDF's keywords and its faults."""

    keywords: str
    faults: frozenset[PackageFault]


def read_pdf(data: bytes) -> PdfContents | None:
    """Return the keywords and faults of a PDF, or None if it is damaged."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # faults are reported by this module
    try:
        reader = PdfReader(BytesIO(data), strict=True)
        if reader.is_encrypted:
            return PdfContents("", frozenset({PackageFault.PDF_ENCRYPTED}))
        pages = len(reader.pages)
        metadata = reader.metadata
        keywords = str(metadata.get("/Keywords", "")) if metadata else ""
        objects = list(_objects(reader))
    except Exception:  # noqa: BLE001 - hostile bytes may make pypdf raise anything
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
    """Return whether this is a simple font that is not embedded in the file."""
    if not isinstance(found, DictionaryObject) or found.get("/Type") != "/Font":
        return False
    if found.get("/Subtype") in _FONTS_OF_FONTS:
        return False
    descriptor = found.get("/FontDescriptor")
    if descriptor is None:
        return True
    return _FONT_FILES.isdisjoint(descriptor.get_object().keys())


def _objects(reader: PdfReader) -> Iterator[PdfObject]:
    """Yield everything that can be reached from the trailer.

    Raises ValueError if there is too much of it.
    """
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
