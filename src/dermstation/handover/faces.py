"""The faces that the station's prints are set in: the same on every PC, whatever fonts it has.

They are Noto and, for Arabic, IBM Plex (SIL Open Font License), for the scripts in which UK
patients write their names, from three packages. Signs come from DejaVu Sans Mono, which is inside
typst. A face is read for its characters only when a text needs it.
"""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

_NOTO = {
    "Noto Sans": "NotoSans[wght].ttf",
    "Noto Sans Hebrew": "NotoSansHebrew[wght].ttf",
    "Noto Sans Devanagari": "NotoSansDevanagari[wght].ttf",
    "Noto Sans Bengali": "NotoSansBengali[wght].ttf",
    "Noto Sans Gurmukhi": "NotoSansGurmukhi[wght].ttf",
    "Noto Sans Gujarati": "NotoSansGujarati[wght].ttf",
    "Noto Sans Tamil": "NotoSansTamil[wght].ttf",
    "Noto Sans Telugu": "NotoSansTelugu[wght].ttf",
    "Noto Sans Kannada": "NotoSansKannada[wght].ttf",
    "Noto Sans Malayalam": "NotoSansMalayalam[wght].ttf",
    "Noto Sans Sinhala": "NotoSansSinhala[wght].ttf",
    "Noto Sans Thai": "NotoSansThai[wght].ttf",
    "Noto Sans Armenian": "NotoSansArmenian[wght].ttf",
    "Noto Sans Georgian": "NotoSansGeorgian[wght].ttf",
    "Noto Sans Ethiopic": "NotoSansEthiopic[wght].ttf",
    "Noto Sans Symbols": "NotoSansSymbols[wght].ttf",
}
# Noto's Arabic letters are each made of several glyphs, and would be copied twice by some readers
_ARABIC = {
    "IBM Plex Sans Arabic": ("IBMPlexSansArabic-Regular.ttf", "IBMPlexSansArabic-Bold.ttf"),
}
_CJK = {
    "Noto Sans SC": "notosanssc/NotoSansSC[wght].ttf",
    "Noto Sans KR": "notosanskr/NotoSansKR[wght].ttf",
}
_EMOJI = {"Noto Emoji": "NotoEmoji[wght].ttf"}
_INSIDE_TYPST = "DejaVu Sans Mono"
FAMILIES = (*_NOTO, *_ARABIC, *_CJK, _INSIDE_TYPST, *_EMOJI)
# of DejaVu Sans Mono: arrows, signs for "at least" and the like, shapes, boxes and check marks
_SIGN_RANGES = (
    *((0x2190, 0x2213), (0x2234, 0x223D), (0x2241, 0x2269), (0x2282, 0x228B)),
    *((0x2500, 0x262F), (0x2638, 0x268B), (0x270C, 0x2727), (0x2761, 0x2775)),
    *((0x2756, 0x2756), (0x2794, 0x2794), (0x2798, 0x27AF), (0x27B1, 0x27BF)),
)
SIGNS = frozenset(code for first, last in _SIGN_RANGES for code in range(first, last + 1))


@cache
def fonts() -> "typst.Fonts":
    """Return the fonts that prints are set in; none of the PC's."""
    import typst  # noqa: PLC0415 - for prints alone

    folders = sorted({str(file.parent) for file in font_files()})
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def load_faces() -> None:
    """Read what every print needs: the list of fonts, and the main face's characters."""
    fonts()
    has_face("a")


def has_face(character: str) -> bool:
    """Return whether some face has a character."""
    code = ord(character)
    return code in SIGNS or any(code in _characters(file) for file in font_files())


@cache  # asked for each character of a print
def font_files() -> tuple[Path, ...]:
    """Return the files of the faces; a character is set in the first of them that has it."""
    noto, cjk = _folder("manimgx_fonts"), _folder("justmytype_intl_cjk") / "fonts" / "ofl"
    arabic = _folder("fontpkg_ibm_plex_sans_arabic") / "files"
    return (
        *(noto / name for name in _NOTO.values()),
        *(arabic / name for names in _ARABIC.values() for name in names),
        *(cjk / name for name in _CJK.values()),
        *(noto / name for name in _EMOJI.values()),
    )


def _folder(package: str) -> Path:
    return Path(str(resources.files(package)))


@cache
def _characters(file: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - for prints alone

    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())
