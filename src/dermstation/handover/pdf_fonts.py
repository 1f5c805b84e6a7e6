"""The fonts of a PDF, chosen by the characters they must show, and text made safe for them.

Fonts are embedded, so that a reader needs none. A character that no font here can show is never
dropped: its code point is printed in a box. Registers fonts with reportlab, process-wide and once.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_WINDOWS = Path("C:/Windows/Fonts")
_LINUX = Path("/usr/share/fonts/truetype")
_BOX_COLOUR = "#d5dbe1"
# what no font shows as itself: controls, format marks, surrogates, private and unassigned
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# right-to-left letters would be printed backwards: reportlab lays text out left to right alone
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


@dataclass(frozen=True, slots=True)
class FontFamily:
    """A regular and a bold face; the file names of bundled faces carry no folder."""

    name: str
    regular: str
    bold: str


# the last is reportlab's own and always there
FONT_FAMILIES: tuple[FontFamily, ...] = (
    FontFamily("Segoe", str(_WINDOWS / "segoeui.ttf"), str(_WINDOWS / "segoeuib.ttf")),
    FontFamily("Arial", str(_WINDOWS / "arial.ttf"), str(_WINDOWS / "arialbd.ttf")),
    FontFamily(
        "DejaVu",
        str(_LINUX / "dejavu/DejaVuSans.ttf"),
        str(_LINUX / "dejavu/DejaVuSans-Bold.ttf"),
    ),
    FontFamily("Vera", "Vera.ttf", "VeraBd.ttf"),
)


@dataclass(frozen=True, slots=True)
class LoadedFamily:
    """A family registered with reportlab: its two font names and the characters of both."""

    regular: str
    bold: str
    characters: frozenset[int]


class DocumentFonts:
    """The family of one document, and others for the characters it lacks."""

    def __init__(self, text: str, families: tuple[FontFamily, ...] = FONT_FAMILIES) -> None:
        loaded = [found for family in families if (found := _loaded(family)) is not None]
        wanted = {ord(character) for character in text if _is_showable(character)}
        lacking = [len(wanted - family.characters) for family in loaded]
        self._main = loaded[lacking.index(min(lacking))]  # the first of the best
        self._others = [family for family in loaded if family is not self._main]

    @property
    def regular(self) -> str:
        """Return the regular face's name, for styles and canvases."""
        return self._main.regular

    @property
    def bold(self) -> str:
        """Return the bold face's name."""
        return self._main.bold

    def markup(self, text: str, *, bold: bool = False) -> str:
        """Write plain text as a paragraph's markup: escaped, lines kept, no character lost."""
        lines = unicodedata.normalize("NFC", text).replace("\t", " ").splitlines()
        return "<br/>".join(self._line(line, bold=bold) for line in lines)

    def plain(self, text: str) -> str:
        """Write text for drawing without markup; what the main face lacks as [U+0000]."""
        composed = unicodedata.normalize("NFC", text)
        return "".join(
            character if self._family(character) is self._main else f"[{_code_point(character)}]"
            for character in composed
        )

    def _line(self, line: str, *, bold: bool) -> str:
        return "".join(self._runs(line, bold=bold))

    def _runs(self, line: str, *, bold: bool) -> Iterator[str]:
        for family, run in groupby(line, self._family):
            characters = "".join(run)
            if family is None:
                for character in characters:
                    box = f'<font backColor="{_BOX_COLOUR}">{_code_point(character)}</font>'
                    yield f" {box} "
            elif family is self._main:
                yield escape(characters)
            else:
                face = family.bold if bold else family.regular
                yield f'<font name="{face}">{escape(characters)}</font>'

    def _family(self, character: str) -> LoadedFamily | None:
        if not _is_showable(character):
            return None
        for family in (self._main, *self._others):
            if ord(character) in family.characters:
                return family
        return None


def _is_showable(character: str) -> bool:
    return (
        unicodedata.category(character) not in _UNSHOWABLE
        and unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT
    )


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


@cache
def _loaded(family: FontFamily) -> LoadedFamily | None:
    names = (f"Station{family.name}", f"Station{family.name}Bold")
    characters: list[set[int]] = []
    for name, file in zip(names, (family.regular, family.bold), strict=True):
        try:
            font = TTFont(name, file)
        except (OSError, TTFError):  # not installed, damaged, or not to be embedded
            return None
        pdfmetrics.registerFont(font)
        characters.append({code for code, glyph in font.face.charToGlyph.items() if glyph})
    return LoadedFamily(*names, frozenset(characters[0] & characters[1]))
