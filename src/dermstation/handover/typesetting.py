"""Set a print with typst: a template of the station, its words and its pictures, in memory.

The same template, words and pictures give the same bytes on every PC. The PDF is tagged, and is
PDF/A-2a and PDF/UA-1: anybody can read it, on any PC, also in ten years. No file is written, no
font of the PC is read, and nothing is fetched. Any thread.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from dermstation.handover.faces import FAMILIES, fonts
from dermstation.handover.print_text import printable
from dermstation.resources import resource_text

_LOOK = "sheet.typ"
_WORDS = "data.json"
_NO_DRAWINGS: Mapping[str, str] = MappingProxyType({})
_ACCESSIBLE: Final = "ua-1"
_ARCHIVAL: Final = "a-2a"


@dataclass(frozen=True, slots=True, repr=False)
class PrintedPicture:
    """A JPEG as it is embedded, byte for byte, and its size in px."""

    jpeg: bytes
    width: int
    height: int

    def __repr__(self) -> str:
        return f"PrintedPicture({self.width}x{self.height})"


@dataclass(frozen=True, slots=True, repr=False)
class PrintHead:
    """What a print says of itself: its title, in the document's properties, and its footer."""

    title: str
    foot: str
    description: str = ""
    keywords: str = ""

    def __repr__(self) -> str:
        return f"PrintHead({self.title})"


_NO_PICTURES: Mapping[str, PrintedPicture] = MappingProxyType({})


def typeset(
    template: str,
    head: PrintHead,
    words: Mapping[str, Any],
    *,
    dated: datetime,
    is_archival: bool = True,
    pictures: Mapping[str, PrintedPicture] = _NO_PICTURES,
    drawings: Mapping[str, str] = _NO_DRAWINGS,
) -> bytes:
    """Return a template of `resources/print/` as a PDF, with `words` as its data.

    No character of the words is lost: one that no face has is shown by its code point. The
    template finds a picture or a drawing as a file with its key as its name: an SVG, the only kind
    that typst takes from memory. A PDF that will be encrypted must not call itself archival.
    """
    import typst  # noqa: PLC0415 - for prints alone

    sources = _sources(template, head, words)
    sources.update({name: _wrapped(one) for name, one in pictures.items()})
    sources.update({name: one.encode() for name, one in drawings.items()})
    pdf: bytes = typst.compile(  # type: ignore[call-overload]  # its types know no dictionary
        sources,
        format="pdf",
        font_paths=fonts(),
        ignore_system_fonts=True,
        pdf_standards=[_ACCESSIBLE, _ARCHIVAL] if is_archival else [_ACCESSIBLE],
        timestamp=dated.astimezone(UTC).replace(microsecond=0),
    )
    return pdf


def typeset_pages(
    template: str, head: PrintHead, words: Mapping[str, Any], *, dpi: int
) -> tuple[bytes, ...]:
    """Return the pages of the same print as PNGs, for a printer."""
    import typst  # noqa: PLC0415 - for prints alone

    pages: bytes | list[bytes] = typst.compile(  # type: ignore[call-overload]  # as above
        _sources(template, head, words),
        format="png",
        ppi=dpi,
        font_paths=fonts(),
        ignore_system_fonts=True,
    )
    return (pages,) if isinstance(pages, bytes) else tuple(pages)


def _sources(template: str, head: PrintHead, words: Mapping[str, Any]) -> dict[str, Any]:
    data = {**printable(words), "sheet": _sheet(head)}
    return {
        "main.typ": resource_text("print", template).encode(),
        _LOOK: resource_text("print", _LOOK).encode(),
        _WORDS: json.dumps(data).encode(),
    }


def _sheet(head: PrintHead) -> dict[str, Any]:
    return {
        "title": head.title,
        "foot": printable(head.foot),
        "description": head.description,
        "keywords": head.keywords,
        "fonts": FAMILIES,
    }


def _wrapped(picture: PrintedPicture) -> bytes:
    """Return a drawing that holds nothing but the picture."""
    size = f'width="{picture.width}" height="{picture.height}"'
    coded = base64.b64encode(picture.jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:image/jpeg;base64,{coded}"/></svg>'
    ).encode()
