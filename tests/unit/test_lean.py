"""The frozen program's lean parts still have everything that the station takes from them."""

import runpy
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from dermstation.handover import faces

LEAN = runpy.run_path(str(Path(__file__).parents[2] / "packaging" / "lean.py"))
ICU = next((Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*"), None)
SORTING = """
import ctypes, sys
for library in sys.argv[1:]:
    ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
from PySide6.QtCore import QCollator, QLocale, QStringEncoder
words = ["a10", "a9", "Zoë", "anna", "Émile", "łódź", "çay", "ñu", "öl", "Ż"] + list("漢字한국")
for language in ("en_GB", "de_DE", "sv_SE", "cs_CZ", "tr_TR", "es_ES", "zh_CN", "ko_KR", "pl_PL"):
    order = QCollator(QLocale(language))
    order.setNumericMode(True)
    print(ascii(sorted(words, key=order.sortKey)), order.compare("a10", "a9"))
print(QStringEncoder("GBK").isValid(), file=sys.stderr)
"""


@pytest.mark.skipif(ICU is None, reason="Qt takes its own ICU along on Linux alone")
def test_every_language_sorts_as_before_with_an_eighth_of_icu_s_data(tmp_path: Path) -> None:
    lean = LEAN["lean_icu"](ICU, tmp_path)
    assert lean.stat().st_size < ICU.stat().st_size / 7
    answers = [
        subprocess.run(
            [sys.executable, "-c", SORTING, *libraries], capture_output=True, text=True, check=True
        )
        for libraries in ([], [lean])
    ]
    assert answers[0].stdout == answers[1].stdout
    assert len(set(answers[0].stdout.splitlines())) > 3, "languages differ"
    # the counter-check: the second one had no other data than those
    assert [one.stderr.strip() for one in answers] == ["True", "False"]


def test_a_font_keeps_what_no_earlier_face_has_as_it_was(tmp_path: Path) -> None:
    files = faces.font_files()
    (file,) = (one for one in files if one.name.startswith("NotoSansGeorgian"))
    ((found, lean),) = LEAN["lean_fonts"]({file}, tmp_path)
    assert found == file
    assert lean.name == file.name
    assert lean.stat().st_size < file.stat().st_size
    with TTFont(file) as before, TTFont(lean) as after:
        shown, kept = before.getBestCmap(), after.getBestCmap()
        earlier = set(faces.SIGNS)
        for one in files[: files.index(file)]:
            with TTFont(one, lazy=True) as font:
                earlier |= set(font.getBestCmap())
        assert set(kept) == set(shown) - earlier
        for code in kept:
            assert drawn(before, shown[code]) == drawn(after, kept[code]), hex(code)
        assert before["fvar"].axes[0].__dict__ == after["fvar"].axes[0].__dict__


def drawn(font: TTFont, name: str) -> list:
    """Return the lines of a letter at two weights."""
    pens = []
    for weight in (400, 700):
        glyphs, pen = font.getGlyphSet(location={"wght": weight}), RecordingPen()
        glyphs[name].draw(pen)
        pens.append((glyphs[name].width, pen.value))
    return pens
