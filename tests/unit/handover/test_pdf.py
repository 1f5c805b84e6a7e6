import dataclasses
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from dermstation.domain.quality import Cause
from dermstation.domain.records import Certificate, HandOver, PackageFile, WipedItem
from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.pdf_certificate import CLAIM, certificate_pdf, write_certificate_pdf
from dermstation.handover.pdf_checks import read_pdf
from dermstation.handover.pdf_fonts import FONT_FAMILIES, DocumentFonts
from dermstation.handover.pdf_manifest import is_intact, listed_files
from dermstation.handover.pdf_pictures import CAUSE_WORDS, reduced_copy
from dermstation.handover.plan import plan_package

VERA = FONT_FAMILIES[-1:]


def built(contents) -> bytes:
    plan = plan_package(contents)
    files = [PackageFile(one.name, "image/jpeg", len(one.data), "a" * 64) for one in plan.images]
    return summary_pdf(contents, plan, files)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_the_summary_says_all_that_a_reader_needs(made) -> None:
    words = words_of(built(made["standard"]()))
    for expected in (
        "RADS (urgent Advice & Guidance)",
        "e-RS priority: URGENT",
        "PATIENT-ONE, Test",
        "3 Sep 1958 (age 66)",
        "999 000 0018",
        "Test Surgery",
        "Is excision needed?",
        "Forearm, back (left)",
        "Changed over three months. No itch.",
        "Verbal consent to images for direct care",
        "Quality good",
        "Quality poor: shaken",
        "Kept because: Tremor of the arm",
        "12 Jul 2025, 10:32 BST",
        "Taken by Nurse Test",
        "Made 12 Jul 2025, 10:32 BST by Dr Test",
        "L1-dermoscopic.jpg",
        "a" * 64,
        "Page 1 of 1",
    ):
        assert expected in words


@pytest.mark.parametrize("route", Route)
def test_every_route_is_named(made, route) -> None:
    contents = made["contents_of"]()
    contents = dataclasses.replace(
        contents, episode=dataclasses.replace(contents.episode, route=route)
    )
    assert ROUTE_GUIDES[route].title in words_of(built(contents))


def test_consent_that_is_lacking_or_refused_is_said(made) -> None:
    contents = made["contents_of"]()
    none = dataclasses.replace(contents.episode, consent=None)
    refused = dataclasses.replace(
        contents.episode, consent=dataclasses.replace(contents.episode.consent, given=False)
    )
    assert "Not recorded." in words_of(built(dataclasses.replace(contents, episode=none)))
    assert "did not consent" in words_of(built(dataclasses.replace(contents, episode=refused)))


def test_the_documents_own_data_hold_no_identity(made) -> None:
    metadata = PdfReader(BytesIO(built(made["standard"]()))).metadata
    text = " ".join(str(value) for value in metadata.values())
    assert metadata.title == "Referral summary"
    for identity in ("PATIENT", "Patient", "9990000018", "999 000 0018", "1958"):
        assert identity not in text


def test_the_same_contents_give_the_same_bytes(made) -> None:
    contents = made["standard"]()
    assert built(contents) == built(contents)


def test_the_seal_holds_and_the_list_can_be_read(made) -> None:
    pdf = built(made["standard"]())
    found = read_pdf(pdf)
    assert is_intact(pdf)
    assert not found.is_active
    assert [name for name, _, _ in listed_files(found.keywords)] == [
        "L1-general.jpg",
        "L1-closeup.jpg",
        "L1-dermoscopic.jpg",
    ]


def test_fonts_are_embedded(made) -> None:
    for page in PdfReader(BytesIO(built(made["standard"]()))).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object().get("/FontDescriptor")
            if descriptor is not None:
                assert "/FontFile2" in descriptor.get_object()


def test_text_that_looks_like_markup_is_shown_as_typed(made) -> None:
    typed = "<b>5 < 6</b> & <script>alert(1)</script> &amp;"
    assert typed in words_of(built(made["standard"](question=typed)))


def test_many_pages_count_themselves_and_carry_the_number(made) -> None:
    pdf = built(made["contents_of"](question="A long story. " * 560))
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        words = " ".join(page.extract_text().split())
        assert f"Page {number} of {len(pages)}" in words
        assert "NHS number 999 000 0018" in words


def test_a_character_no_font_has_is_shown_by_its_code_point() -> None:
    fonts = DocumentFonts("A", VERA)
    assert "U+6F22" in fonts.markup("漢")
    assert "U+05D0" in fonts.markup("א")  # would be printed backwards
    assert "U+0007" in fonts.markup("bell\x07")
    assert fonts.plain("漢x") == "[U+6F22]x"


def test_the_first_family_that_covers_the_text_is_taken() -> None:
    available = DocumentFonts("plain")
    assert available.regular == DocumentFonts("").regular
    assert DocumentFonts("plain", VERA).regular == "StationVera"


def test_accents_survive(made) -> None:
    name = "Žółć-Ñandú O\u2019Brien"
    words = words_of(built(made["contents_of"](family_name=name)))
    shown = words.replace(" ", "")
    for letter in name.upper().replace(" ", ""):
        assert letter in shown or f"U+{ord(letter):04X}" in shown


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=400))
def test_any_text_is_laid_out_and_no_character_is_lost(made, text) -> None:
    contents = made["contents_of"](question=text, practice_name=text[:60])
    assert read_pdf(built(contents)) is not None
    fonts = DocumentFonts(text, VERA)
    for character in set(fonts._line(text, bold=False)):  # every run is letters or a box
        assert ord(character) >= 0x20


@pytest.mark.parametrize("limit", [20_000, 60_000, 120_000])
def test_copies_for_reading_keep_within_their_bytes(made, limit) -> None:
    assert len(reduced_copy(made["jpeg"](made["noise"](2000, 1500), 90), limit)) <= limit


def test_every_cause_has_words_for_the_reader() -> None:
    assert set(CAUSE_WORDS) == set(Cause)


@pytest.fixture
def certificate(made) -> Certificate:
    at = made["standard"]().created_at
    return Certificate(
        id="c" * 32,
        episode_id="e" * 32,
        items=(
            WipedItem("capture", "1" * 32, "ab" * 32, "episode key destroyed", True),
            WipedItem("package file", "referral-x/L1-closeup.jpg", None, "was not there", True),
        ),
        hand_over=HandOver(True, True, at, "c1"),
        started_at=at,
        finished_at=at + timedelta(seconds=3),
        wiped_by="c1",
        reason="handed over",
    )


def test_the_certificate_says_what_how_and_by_whom(certificate) -> None:
    pdf = certificate_pdf(certificate, "Dr Test", "Test Surgery")
    words = words_of(pdf)
    for expected in (
        "All 2 items were removed",
        CLAIM,
        "Dr Test",
        "episode key destroyed",
        "the patient's record and e-RS",
        "referral-x/L1-closeup.jpg",
        "e" * 32,
    ):
        assert expected in words
    assert pdf == certificate_pdf(certificate, "Dr Test", "Test Surgery")


def test_the_certificate_says_what_could_not_be_removed(certificate) -> None:
    left = WipedItem(
        "package file", "referral-x/L1-general.jpg", None, "could not be removed", False
    )
    incomplete = dataclasses.replace(certificate, items=(*certificate.items, left), hand_over=None)
    words = words_of(certificate_pdf(incomplete, "Dr Test"))
    assert "1 of 3 items could not be removed" in words
    assert "All" not in words.split("Episode")[0]
    assert "there was no hand-over" in words


def test_the_certificate_is_written_whole_or_not_at_all(certificate, tmp_path: Path) -> None:
    write_certificate_pdf(certificate, tmp_path / "wipe.pdf", "Dr Test")
    assert [path.name for path in tmp_path.iterdir()] == ["wipe.pdf"]
    assert read_pdf((tmp_path / "wipe.pdf").read_bytes()) is not None
    with pytest.raises(OSError, match="gone"):
        write_certificate_pdf(certificate, tmp_path / "gone" / "wipe.pdf", "Dr Test")
