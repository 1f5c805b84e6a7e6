"""Text made safe for the faces of a PDF: the right face for each character, none lost.

Fonts are embedded, so that a reader needs none. A character that no face here can show is never
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
# what no font shows as itself: controls, format marks, surrogates, private and unassigned
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# joiners, variation selectors and marks of direction have no form of their own
_WITHOUT_FORM = frozenset(
    {0x00AD, 0x2060, 0xFEFF}.union(
        range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2066, 0x206A), range(0xFE00, 0xFE10)
    )
)

_REGISTERING = Lock()  # they are made ahead on one thread and may be asked for on another


class DocumentFonts:
    """The faces of a document. Making one costs nothing; the first registers the fonts."""

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
        """Write plain text as a paragraph's markup: escaped, lines kept, no character lost."""
        lines = unicodedata.normalize("NFC", text).replace("\t", " ").splitlines()
        return "<br/>".join("".join(self._runs(_visible(line), bold=bold)) for line in lines)

    def plain(self, text: str) -> str:
        """Write text for drawing without markup; what the main face lacks as [U+0000]."""
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
    """Put a line in the order in which it is seen, without what has no form."""
    return "".join(one for one in as_seen(line) if ord(one) not in _WITHOUT_FORM)


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"
