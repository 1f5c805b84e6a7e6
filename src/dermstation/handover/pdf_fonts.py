"""Prepare text for a PDF: choose the right face for each character and lose none.

Fonts are embedded, so that the reader's PC needs none. A character that no face can show is never
dropped: its code point is printed in a box.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from threading import Lock
from xml.sax.saxutils import escape

from dermstation.handover.pdf_faces import Face, main_face, other_faces
from dermstation.handover.right_to_left import as_seen

_BOX_COLOUR = "#d5dbe1"
# categories that no font shows: controls, format marks, surrogates, private use and unassigned
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# joiners, variation selectors and direction marks, which are invisible
_WITHOUT_FORM = frozenset(
    {0x00AD, 0x2060, 0xFEFF}.union(
        range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2066, 0x206A), range(0xFE00, 0xFE10)
    )
)

_REGISTERING = Lock()  # one thread prepares the faces in advance, another may need them meanwhile


class DocumentFonts:
    """The faces of a document. The first instance registers the fonts; others are cheap to make."""

    def __init__(self) -> None:
        with _REGISTERING:
            self._faces = (main_face(), *other_faces())

    @property
    def regular(self) -> str:
        """Return the regular face's name, for styles and canvases."""
        return self._faces[0].regular

    @property
    def bold(self) -> str:
        """Return the bold face's name."""
        return self._faces[0].bold

    def markup(self, text: str, *, bold: bool = False) -> str:
        """Return plain text as markup for a paragraph: escaped, line breaks kept, nothing lost."""
        lines = unicodedata.normalize("NFC", text).replace("\t", " ").splitlines()
        return "<br/>".join("".join(self._runs(_visible(line), bold=bold)) for line in lines)

    def plain(self, text: str) -> str:
        """Return text to draw without markup; a character the main face lacks becomes [U+0000]."""
        composed = _visible(unicodedata.normalize("NFC", text))
        return "".join(
            character if self._face(character) is self._faces[0] else f"[{_code_point(character)}]"
            for character in composed
        )

    def _runs(self, line: str, *, bold: bool) -> Iterator[str]:
        for face, run in groupby(line, self._face):
            characters = "".join(run)
            if face is None:
                for character in characters:
                    box = f'<font backColor="{_BOX_COLOUR}">{_code_point(character)}</font>'
                    yield f" {box} "
            elif face is self._faces[0]:
                yield escape(characters)
            else:
                name = face.bold if bold else face.regular
                yield f'<font name="{name}">{escape(characters)}</font>'

    def _face(self, character: str) -> Face | None:
        if unicodedata.category(character) in _UNSHOWABLE:
            return None
        code = ord(character)
        return next((face for face in self._faces if code in face.characters), None)


def _visible(line: str) -> str:
    """Return a line in visual order, without invisible characters."""
    return "".join(one for one in as_seen(line) if ord(one) not in _WITHOUT_FORM)


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"
