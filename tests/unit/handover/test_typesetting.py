"""What is typed or pasted is in the print: shaped, readable by machine, and never lost."""

import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from dermstation.handover.faces import SIGNS, has_face
from dermstation.handover.pdf_checks import read_pdf
from dermstation.handover.print_text import printable
from dermstation.handover.typesetting import PrintHead, typeset
from tests.rendered import pages_of

AT = datetime(2025, 7, 12, 9, 32, 5, tzinfo=UTC)
NAMES = {
    "Arabic": "\u0645\u062d\u0645\u062f \u062d\u0633\u0646",
    "Hebrew": "\u05d3\u05d5\u05d3 \u05db\u05d4\u05df",
    "Han": "\u5f20\u4f1f \u6f22\u5b57",
    "Hangul": "\uae40\ubbfc\uc900",
    "Devanagari": "\u0939\u093f\u0928\u094d\u0926\u0940",
    "Gurmukhi": "\u0a38\u0a3f\u0a70\u0a18 \u0a17\u0a41\u0a30",
    "Gujarati": "\u0aaa\u0a9f\u0ac7\u0ab2",
    "Bengali": "\u09b0\u09b9\u09ae\u09be\u09a8",
    "Tamil": "\u0bae\u0bc1\u0ba4\u0bcd\u0ba4\u0bc1",
    "Thai": "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
    "Greek": "\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2",
    "Cyrillic": "\u0428\u0435\u0432\u0447\u0435\u043d\u043a\u043e",
    "Armenian": "\u0531\u0580\u0574\u0565\u0576",
    "Georgian": "\u10d2\u10d8\u10dd\u10e0\u10d2\u10d8",
    "Ethiopic": "\u12ee\u1210\u1295\u1235",
    "Latin": "\u017b\u00f3\u0142\u0107-\u00d1and\u00fa O\u2019Brien Nguy\u1ec5n",
}


def print_of(words: str) -> bytes:
    """Set a text in the station's shortest print: the certificate's first line."""
    told = {"outcome": words, "failed": False, "claims": [], "facts": [], "lists": []}
    return typeset("certificate.typ", PrintHead("Test", ""), told, dated=AT)


def copied(pdf: bytes) -> str:
    """Return the text of the first page as somebody copies it from a reader."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    return unicodedata.normalize("NFC", text.split("Page ")[0].strip())


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_each_script_is_seen_and_copied_as_it_was_typed(script) -> None:
    name = NAMES[script]
    assert printable(name) == unicodedata.normalize("NFC", name)
    found = copied(print_of(name))
    if script in ("Arabic", "Hebrew"):  # readers copy in the order of reading or of sight
        assert sorted(found) == sorted(name)
    else:
        assert found == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("apart", "shaped"),
    [
        ("\u0939 \u093f", "\u0939\u093f"),  # the vowel sign goes before its letter
        ("\u0645 \u062d \u0645 \u062f", "\u0645\u062d\u0645\u062f"),  # letters join
        ("\u0ba4 \u0bc1", "\u0ba4\u0bc1"),
    ],
)
def test_letters_take_the_shape_that_their_neighbours_give_them(apart, shaped) -> None:
    def ink(words: str) -> int:
        (page,) = pages_of(print_of(words))
        return int((page[:200, :, 2] < 128).sum())

    assert ink(shaped) != pytest.approx(sum(ink(one) for one in apart.split()), rel=0.02)


def test_what_a_word_processor_pastes_is_shown_as_what_it_means() -> None:
    pasted = "\uf0b7 first \uf0fc done \uf0a8 open \u2611 \u2713 \u2610 \u2022 \u2265 7 \u2192"
    assert printable(pasted) == (
        "\u2022 first \u2713 done \u2610 open \u2611 \u2713 \u2610 \u2022 \u2265 7 \u2192"
    )
    assert copied(print_of(pasted)) == printable(pasted)


def test_a_character_that_no_face_has_is_shown_by_its_code_point() -> None:
    assert printable("bell\x07") == "bell[U+0007]"
    assert printable("\ue123 \U00012000") == "[U+E123] [U+12000]"
    assert copied(print_of("a\ue123b")) == "a[U+E123]b"


def test_invisible_marks_are_left_out_and_joiners_are_kept() -> None:
    assert printable("a\u200eb\ufe0f\u00adc") == "abc"
    assert printable("\u0915\u094d\u200d\u0937") == "\u0915\u094d\u200d\u0937"


def test_a_long_word_may_be_broken_and_an_id_may_not() -> None:
    assert printable("x" * 45).count("\u200b") == 2
    for whole in ("ab" * 32, "c" * 32, "Featherstonehaugh-Cholmondeley-Wriothesley"):
        assert printable(whole) == whole
    (page,) = pages_of(print_of("W" * 300))
    assert (page[:, -30:, :3] > 200).all()  # nothing runs off the page


def test_every_sign_of_the_face_inside_typst_is_there() -> None:
    signs = " ".join(map(chr, sorted(SIGNS)))
    assert printable(signs) == signs
    assert copied(print_of(signs)).split()[:3] == ["\u2190", "\u2191", "\u2192"]


def test_faces_are_embedded_and_nothing_acts_by_itself() -> None:
    found = read_pdf(print_of("Test \u5f20 \u2713"))
    assert found is not None
    assert found.faults == frozenset()
    fonts = PdfReader(BytesIO(print_of("Test"))).pages[0]["/Resources"]["/Font"].values()
    assert fonts
    for font in fonts:
        (inner,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile2" in inner.get_object()["/FontDescriptor"]


def test_the_same_words_give_the_same_bytes() -> None:
    assert print_of("Test \u5f20") == print_of("Test \u5f20")


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=300))
@example("\u0300\u0301 \u093f \u0e31 \u200d\u200c \ud83d \u0f39 \u1100\u1161 \u202e")
def test_any_text_is_set_and_no_character_is_lost(text) -> None:
    for character in printable(text):
        assert character in "\n \u200b\u200c\u200d" or has_face(character)
    assert read_pdf(print_of(f"Test {text}")) is not None


def test_nothing_is_written_to_the_disk(tmp_path, monkeypatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    print_of("Somebody made up")
    assert list(tmp_path.iterdir()) == []
