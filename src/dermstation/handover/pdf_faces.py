"""The faces that the station's PDFs are set in: the same on every PC, whatever fonts it has.

They are Noto, from the package `manimgx-fonts` (SIL Open Font License): one main family with a bold
face, and a face for each script that needs no shaping beyond `right_to_left`. They are registered
with reportlab once in a process.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO

from fontTools.ttLib import TTFont as FontFile
from fontTools.varLib import instancer
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont

from dermstation.handover.pdf_unicode import to_unicode_map

ttfonts.makeToUnicodeCMap = to_unicode_map  # reportlab's own map loses characters beyond U+FFFF
REGULAR, BOLD = "StationSans", "StationSansBold"
_PACKAGE = "manimgx_fonts"
_BOLD_WEIGHT = 700
_LAYOUT_TABLES = ("GSUB", "GPOS", "GDEF", "STAT")  # reportlab does not read them
MAIN_FILE = "NotoSans[wght].ttf"
# Scripts of South and South-East Asia are left out: without shaping they would be misread.
OTHER_FILES = (
    "NotoSansArabic[wght].ttf",
    "NotoSansHebrew[wght].ttf",
    "NotoSansArmenian[wght].ttf",
    "NotoSansGeorgian[wght].ttf",
    "NotoSansEthiopic[wght].ttf",
    "NotoSansSymbols[wght].ttf",
    "NotoEmoji[wght].ttf",
)
# reportlab's own fonts have the signs for "at least", "at most" and the like
_SIGN_NAMES = ("StationSigns", "StationSignsBold")
_SIGN_FILES = ("Vera.ttf", "VeraBd.ttf")


@dataclass(frozen=True, slots=True)
class Face:
    """A family registered with reportlab: its two font names and the characters that both have."""

    regular: str
    bold: str
    characters: frozenset[int]


@cache
def main_face() -> Face:
    """Return the family for Latin, Greek and Cyrillic.

    The first call takes about a second, to make the bold face.
    """
    regular = _registered(REGULAR, BytesIO(_read(MAIN_FILE)))
    bold = _registered(BOLD, _at_weight(_read(MAIN_FILE), _BOLD_WEIGHT))
    return Face(REGULAR, BOLD, regular & bold)


@cache
def other_faces() -> tuple[Face, ...]:
    """Return the faces for other scripts, which have no bold, and last the one for signs."""
    faces = []
    for file in OTHER_FILES:
        name = "Station" + file.removeprefix("Noto").split("[")[0]
        faces.append(Face(name, name, _registered(name, BytesIO(_read(file)))))
    regular, bold = map(_registered, _SIGN_NAMES, _SIGN_FILES)
    return (*faces, Face(*_SIGN_NAMES, regular & bold))


def _read(file: str) -> bytes:
    return (resources.files(_PACKAGE) / file).read_bytes()


def _at_weight(data: bytes, weight: int) -> BytesIO:
    """Return a static font of `weight`, made from a variable one; always the same bytes."""
    font = FontFile(BytesIO(data), recalcTimestamp=False)
    for table in _LAYOUT_TABLES:
        if table in font:
            del font[table]
    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    for record in font["name"].names:  # reportlab treats two faces with one name as the same face
        record.string = record.toUnicode().replace("Regular", f"W{weight}")
    written = BytesIO()
    font.save(written)
    written.seek(0)
    return written


def _registered(name: str, file: BytesIO | str) -> frozenset[int]:
    font = TTFont(name, file)
    pdfmetrics.registerFont(font)
    return frozenset(code for code, glyph in font.face.charToGlyph.items() if glyph)
