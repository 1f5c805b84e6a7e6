import dataclasses
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from dermstation.domain.consents import Answer
from dermstation.domain.dermoscopy_gap import DermoscopyGap, NoDermoscopy
from dermstation.domain.patient_copies import CopyForm, GivenCopy
from dermstation.domain.purpose import PURPOSE
from dermstation.domain.quality import Cause
from dermstation.domain.quality_words import CAUSE_WORDS
from dermstation.domain.records import (
    Certificate,
    HandOver,
    PackageFile,
    Polarisation,
    WipedItem,
)
from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.wipe_claims import CLAIM_LINES, NO_MORE
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.pdf_certificate import certificate_pdf, write_certificate_pdf
from dermstation.handover.pdf_checks import read_pdf
from dermstation.handover.pdf_manifest import is_intact, listed_files
from dermstation.handover.pdf_pictures import reduced_copy
from dermstation.handover.plan import plan_package


def built(contents) -> bytes:
    plan = plan_package(contents)
    files = [PackageFile(one.name, "image/jpeg", len(one.data), "a" * 64) for one in plan.images]
    return summary_pdf(contents, plan, files)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_the_summary_says_everything_that_a_reader_needs(made) -> None:
    words = words_of(built(made["standard"]()))
    for expected in (
        "RADS (urgent Advice & Guidance)",
        "e-RS priority: URGENT",
        "PATIENT-ONE, Test",
        PURPOSE,
        "Born 3 Sep 1958",
        "age 66, sex not recorded",
        "Seen 12 Jul 2025",
        "999 000 0018",
        "Test Surgery",
        "Is excision needed?",
        "Forearm, back (left)",
        "Changed over three months. No itch.",
        "Verbal consent to images for direct care",
        "Poor: shaken",
        "Kept because: Tremor of the arm",
        "Nurse Test; 12 Jul 2025, 10:32 BST",
        "Not reviewed by a clinician; made by Dr Test",
        "As of 12 Jul 2025, 10:32 BST, not reviewed by a clinician; made by Dr Test",
        "L1-dermoscopic.jpg",
        "a" * 64,
        "Page 1 of 1",
    ):
        assert expected in words
    assert "good" not in words  # only faults are said beneath a picture


def test_one_lesion_and_the_list_of_files_fit_on_one_page(made) -> None:
    (page,) = PdfReader(BytesIO(built(made["standard"]()))).pages
    words = page.extract_text()
    assert words.index("Interpreter") < words.index("a" * 64)


def test_it_names_who_reviewed_it_and_not_who_made_it(made) -> None:
    contents = made["contents_of"]()
    reviewer = "f" * 32
    reviewed = dataclasses.replace(
        contents,
        operators={**contents.operators, reviewer: "Dr Test-Reviewer"},
        reviewed_by=reviewer,
    )
    words = words_of(built(reviewed))
    assert "reviewed by Dr Test-Reviewer" in words
    assert "Reviewed by Dr Test-Reviewer" in words
    assert "made by Dr" not in words
    assert "Not reviewed" not in words


def test_it_names_no_reviewer_if_nobody_reviewed_it(made) -> None:
    words = words_of(built(made["contents_of"]()))
    assert "Not reviewed by a clinician; made by Dr Test" in words
    assert "reviewed by dr test" not in words.lower().replace("not reviewed by", "")


@pytest.mark.parametrize("route", Route)
def test_every_route_is_named(made, route) -> None:
    contents = made["contents_of"]()
    contents = dataclasses.replace(
        contents, episode=dataclasses.replace(contents.episode, route=route)
    )
    assert ROUTE_GUIDES[route].title in words_of(built(contents))


@pytest.mark.parametrize("told", Answer)
def test_it_says_whether_the_patient_was_told_of_the_cancer_route(made, told) -> None:
    contents = dataclasses.replace(made["contents_of"](), told=told)
    words = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOT_ASKED: "Not recorded"}[told]
    rads = words_of(built(contents))
    assert f"Patient told it may become a suspected-cancer referral? {words}." in rads
    episode = dataclasses.replace(contents.episode, route=Route.USC)
    urgent = words_of(built(dataclasses.replace(contents, episode=episode)))
    assert f"Patient told this is a suspected-cancer referral? {words}." in urgent
    episode = dataclasses.replace(contents.episode, route=Route.ADVICE)
    assert "Patient told" not in words_of(built(dataclasses.replace(contents, episode=episode)))


def test_missing_or_refused_consent_is_stated(made) -> None:
    contents = made["contents_of"]()
    none = dataclasses.replace(contents.episode, consent=None)
    refused = dataclasses.replace(
        contents.episode, consent=dataclasses.replace(contents.episode.consent, given=False)
    )
    assert "Not recorded." in words_of(built(dataclasses.replace(contents, episode=none)))
    assert "did not consent" in words_of(built(dataclasses.replace(contents, episode=refused)))


def test_the_documents_metadata_do_not_identify_the_patient(made) -> None:
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
    assert found.faults == frozenset()
    assert [name for name, _, _ in listed_files(found.keywords)] == [
        "L1-general.jpg",
        "L1-closeup.jpg",
        "L1-dermoscopic.jpg",
    ]


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


def test_accents_survive(made) -> None:
    name = "Žółć-Ñandú O\u2019Brien"
    assert name.upper() in words_of(built(made["contents_of"](family_name=name)))


@pytest.mark.parametrize("limit", [20_000, 60_000, 120_000])
def test_copies_for_reading_stay_within_their_bytes(made, limit) -> None:
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


def test_the_certificate_says_what_was_removed_how_and_by_whom(certificate) -> None:
    pdf = certificate_pdf(certificate, "Dr Test", "Test Surgery")
    words = words_of(pdf)
    for expected in (
        "All 2 items were removed",
        *CLAIM_LINES,
        NO_MORE,
        "Dr Test",
        "episode key destroyed",
        "the patient's record and e-RS",
        "referral-x/L1-closeup.jpg",
        "e" * 32,
    ):
        assert expected in words
    assert pdf == certificate_pdf(certificate, "Dr Test", "Test Surgery")


def test_a_missing_dermoscopic_picture_is_stated_with_its_reason(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    gap = DermoscopyGap(NoDermoscopy.NO_CONTACT, "ulcerated")
    lesion = dataclasses.replace(
        one.lesion, facts=dataclasses.replace(one.lesion.facts, no_dermoscopy=gap)
    )
    clinical = tuple(held for held in one.captures if held.capture.shot is not ShotKind.DERMOSCOPIC)
    said = "No dermoscopic picture: Sore skin, no polarised light (ulcerated)."
    without = dataclasses.replace(one, lesion=lesion, captures=clinical)
    words = words_of(built(dataclasses.replace(contents, lesions=(without,))))
    assert said in words
    assert "Not recorded: dermoscopic" not in words
    taken = dataclasses.replace(one, lesion=lesion)  # it was taken after all
    assert said not in words_of(built(dataclasses.replace(contents, lesions=(taken,))))


def test_both_lights_of_a_pair_are_named(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    (held,) = (held for held in one.captures if held.capture.shot is ShotKind.DERMOSCOPIC)
    both = tuple(
        dataclasses.replace(
            held,
            capture=dataclasses.replace(
                held.capture,
                details=dataclasses.replace(held.capture.details, polarisation=light),
            ),
        )
        for light in Polarisation
    )
    words = words_of(
        built(dataclasses.replace(contents, lesions=(dataclasses.replace(one, captures=both),)))
    )
    assert "L1 Dermoscopic, polarised light" in words
    assert "L1 Dermoscopic, non-polarised light" in words


def test_copies_given_to_the_patient_are_listed(made) -> None:
    given = ("L1 close-up, printed on paper, 12 Jul 2025, 10:40 BST",)
    told = dataclasses.replace(made["standard"](), copies_given=given)
    assert given[0] in words_of(built(told))


def test_the_certificate_says_what_was_given_to_the_patient(certificate) -> None:
    given = GivenCopy("c" * 32, "e" * 32, "f" * 32, CopyForm.PDF, certificate.finished_at, "o")
    told = dataclasses.replace(certificate, given_copies=(given,))
    words = words_of(certificate_pdf(told, "Dr Test"))
    assert f"Copy of capture {'f' * 32}, as a PDF with a password" in words
    assert "not the station's to wipe" in words
    assert "the station's to wipe" not in words_of(certificate_pdf(certificate, "Dr Test"))


def test_the_certificate_says_what_could_not_be_removed(certificate) -> None:
    left = WipedItem(
        "package file", "referral-x/L1-general.jpg", None, "could not be removed", False
    )
    incomplete = dataclasses.replace(certificate, items=(*certificate.items, left), hand_over=None)
    words = words_of(certificate_pdf(incomplete, "Dr Test"))
    assert "1 of 3 items were not removed" in words
    assert "All" not in words.split("Episode")[0]
    assert "there was no hand-over" in words


def test_the_certificate_is_written_whole_or_not_at_all(certificate, tmp_path: Path) -> None:
    write_certificate_pdf(certificate, tmp_path / "wipe.pdf", "Dr Test")
    assert [path.name for path in tmp_path.iterdir()] == ["wipe.pdf"]
    assert read_pdf((tmp_path / "wipe.pdf").read_bytes()) is not None
    with pytest.raises(OSError, match="gone"):
        write_certificate_pdf(certificate, tmp_path / "gone" / "wipe.pdf", "Dr Test")
