"""How the summary's page is built: its length, its structure, its pictures, and what it says."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import LesionFacts, Note, Question, made_history
from dermstation.domain.opinion import Opinion
from dermstation.domain.records import PackageFile, Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.handover.body_figure import SHADED, SKIN
from dermstation.handover.contents import LesionContents, Referrer
from dermstation.handover.options import PackageOptions
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.pdf_manifest import is_intact, sealed
from dermstation.handover.plan import plan_package
from dermstation.resources import resource_text

A4_PT = (595.28, 841.89)
CAPTION_PT = 22  # two lines, the light and the scale
READABLE = 4.5  # WCAG 2.2, 1.4.3

FULL = LesionFacts(
    history=made_history(
        {
            **dict.fromkeys((Question.BLEEDS, Question.PIGMENTED), Answer.YES),
            **dict.fromkeys((Question.CRUSTS, Question.ITCHES), Answer.NO),
            Question.IMMUNOSUPPRESSED: Answer.YES,
        },
        {Note.SIZE_MM: "9", Note.ELEVATION: "raised", Note.MEDICINES: "ramipril"},
        None,
    ),
    opinion=Opinion("?melanoma", ""),
)


def built(contents) -> bytes:
    plan = plan_package(contents)
    files = [PackageFile(one.name, "image/jpeg", len(one.data), "a" * 64) for one in plan.images]
    return summary_pdf(contents, plan, files)


def with_lesions(made, count: int):
    contents = made["standard"](question="Which of them is to go first?")
    first = contents.lesions[0]
    lesions = []
    for number in range(1, count + 1):
        lesion = replace(made["lesion_of"](number), facts=FULL)
        held = [made["held"](lesion, one.capture.shot, one.image) for one in first.captures]
        lesions.append(LesionContents(lesion, tuple(held)))
    return replace(contents, lesions=tuple(lesions))


def elements(node: object) -> list[DictionaryObject]:
    """Return the structure elements below one, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        return [found for one in node for found in elements(one)]
    if not isinstance(node, DictionaryObject):
        return []
    found = [node] if "/S" in node else []
    return [*found, *elements(node.get("/K"))]


@pytest.fixture(scope="module")
def one_page(made) -> bytes:
    contents = with_lesions(made, 1)
    return built(replace(contents, referrer=Referrer("clinician", "GMC 1234567", "01632 960001")))


@pytest.fixture(scope="module")
def structure(one_page) -> list[DictionaryObject]:
    return elements(PdfReader(BytesIO(one_page)).trailer["/Root"]["/StructTreeRoot"]["/K"])


@pytest.mark.parametrize(("lesions", "pages"), [(1, 1), (2, 1), (3, 2)])
def test_one_page_for_one_lesion_and_two_for_three(made, lesions, pages) -> None:
    assert len(PdfReader(BytesIO(built(with_lesions(made, lesions)))).pages) == pages


def test_it_is_read_in_the_consultant_s_order(one_page) -> None:
    words = " ".join(PdfReader(BytesIO(one_page)).pages[0].extract_text().split())
    order = [
        "RADS",
        "e-RS priority: URGENT",
        "PATIENT-ONE, Test",
        "999 000 0018",
        "Test Surgery",
        "Dr Test, clinician, GMC 1234567",
        "Direct line: 01632 960001",
        "GP thinks L1: ?melanoma",
        "Asks: Which of them is to go first?",
        "L1 \u00b7 Forearm, back (left)",
        "L1 General",
        "L1 Dermoscopic",
        "9 mm; raised; pigmented",
        "YES: bleeding No: ulcer or crust; itch, pain or other symptom",
        "YES: immune suppression",
        "medicines: ramipril",
        "Changed over three months.",
        "Not asked: 12.",
        "Patient told",
        "Verbal consent",
        "Nurse Test; 12 Jul",
        "Not reviewed by a clinician",
        "L1-general.jpg",
    ]
    places = [words.index(one) for one in order]
    assert places == sorted(places)


def test_every_picture_says_what_it_is_in_the_order_of_reading(structure) -> None:
    texts = [one["/Alt"] for one in structure if one["/S"] == "/Figure"]
    assert texts == [
        "L1 general, good",
        "L1 close-up, good",
        "L1 dermoscopic, good",
        "Body map, back: L1 Forearm, back (left)",
    ]
    kinds = [one["/S"] for one in structure]
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/Figure")
    assert "/Table" in kinds
    assert "/TH" in kinds


def test_it_is_archival_accessible_and_dated_by_the_episode(one_page) -> None:
    reader = PdfReader(BytesIO(one_page))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/OutputIntents"][0]["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    about = root["/Metadata"].get_data().decode()
    for told in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<xmp:CreateDate>2025-07-12T09:32:05",
    ):
        assert told in about
    assert "PATIENT" not in about
    assert reader.metadata.creation_date.isoformat() == "2025-07-12T09:32:05+00:00"


def test_one_that_will_be_encrypted_does_not_call_itself_archival(made) -> None:
    contents = made["standard"]()
    options = PackageOptions().as_one_pdf(sealed=True)
    about = PdfReader(BytesIO(built(replace(contents, options=options)))).trailer["/Root"]
    assert b"pdfuaid:part" in about["/Metadata"].get_data()
    assert b"<pdfaid:part>" not in about["/Metadata"].get_data()


def test_the_pictures_are_embedded_as_they_are_and_say_their_colours(made) -> None:
    contents = replace(with_lesions(made, 1), options=PackageOptions().as_one_pdf(sealed=False))
    pdf = built(contents)
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 4  # the page, and each picture as large as a page
    for image in plan_package(contents).images:
        assert pdf.count(image.data) == 1
    for found in PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/XObject"].values():
        picture = found.get_object()
        if picture["/Subtype"] == "/Image":
            assert picture["/ColorSpace"][0] == "/ICCBased"


def test_the_dermoscopic_picture_is_the_largest_and_the_row_is_full(structure) -> None:
    found = boxes_of_pictures(structure)
    widths = [float(box[2] - box[0]) for box in found]
    assert widths[2] == max(widths) > 1.4 * widths[0]
    assert found[2][2] - found[0][0] == pytest.approx(184 / 25.4 * 72, abs=1)


def test_a_screen_of_1366_by_768_shows_all_down_to_the_captions_without_scrolling(
    structure,
) -> None:
    below = A4_PT[1] - 768 / 1366 * A4_PT[0]
    assert min(box[1] for box in boxes_of_pictures(structure)) - CAPTION_PT > below


def boxes_of_pictures(structure) -> list[list]:
    """Return where the three pictures lie: left, bottom, right, top, in points."""
    boxes = [one["/A"] for one in structure if one["/S"] == "/Figure"]
    return [next(iter(elements_of(one))) for one in boxes][:3]


def elements_of(attributes: object) -> list[list]:
    """Return the bounding boxes among an element's attributes."""
    several = attributes if isinstance(attributes, list) else [attributes]
    return [one.get_object()["/BBox"] for one in several if "/BBox" in one.get_object()]


def test_light_scale_and_faults_are_beneath_the_picture(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    held = list(one.captures)
    details = replace(
        held[2].capture.details,
        polarisation=Polarisation.POLARISED,
        mm_per_px=0.02,
        scale_error=0.03,
    )
    held[2] = replace(held[2], capture=replace(held[2].capture, details=details))
    lesion = replace(one, captures=tuple(held))
    page = PdfReader(BytesIO(built(replace(contents, lesions=(lesion,))))).pages[0]
    words = " ".join(page.extract_text().split())
    assert held[2].capture.shot is ShotKind.DERMOSCOPIC
    assert "L1 Dermoscopic, polarised light 5 mm \u00b1 3%" in words
    assert "L1 Close-up Poor: shaken Kept because: Tremor of the arm" in words


def test_a_site_without_sides_lacks_none(made) -> None:
    lesion = replace(made["lesion_of"](), side=None, site_code="315003")
    page = PdfReader(BytesIO(built(made["contents_of"](LesionContents(lesion, ()))))).pages[0]
    assert "side not recorded" not in page.extract_text()


def test_every_colour_of_the_prints_is_read_in_grey() -> None:
    colours = dict(re.findall(r'#let (\w+) = rgb\("#(\w+)"\)', resource_text("print", "sheet.typ")))
    papers = ["ffffff", colours["panel"]]
    for ink in ("ink", "muted", "accent", "alert"):
        assert min(contrast(colours[ink], paper) for paper in papers) > READABLE
    assert contrast(SHADED[1:], SKIN[1:]) > READABLE


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours' luminances, which is all that grey leaves (WCAG 2.2)."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    shares = [value / 255 for value in bytes.fromhex(colour)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_long_texts_flow_on_and_end_as_they_were_written(made) -> None:
    contents = with_lesions(made, 1)
    one = contents.lesions[0]
    facts = replace(FULL, opinion=Opinion("d" * 199 + "1", "u" * 199 + "2"))
    lesion = replace(one.lesion, history="A story. " * 440 + "Its end.", facts=facts)
    episode = replace(contents.episode, question="A question. " * 650 + "Why?")
    contents = replace(
        contents, episode=episode, lesions=(replace(one, lesion=lesion),), practice_name="P" * 90
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(built(contents))).pages]
    words = " ".join("".join(pages).split()).replace("\u200b", "")
    assert words.count("question.") == 650
    assert "Why?" in words
    assert words.count("story.") == 440
    assert "Its end." in words
    assert words.replace(" ", "").count("P" * 90) == 1
    assert "d1" in words
    assert "u2" in words


def test_a_seal_in_one_place_or_two_holds_until_a_byte_is_changed() -> None:
    place = b"self=" + b"0" * 64
    for pdf in (b"as before " + place, place + b" and in XMP " + place):
        done = sealed(pdf)
        assert is_intact(done)
        assert not is_intact(done.replace(b"as", b"AS").replace(b"and", b"AND"))
        with pytest.raises(ValueError, match="1 hashes"):
            sealed(done)
    assert not is_intact(b"no place")
    assert not is_intact(sealed(place) + b" self=" + b"1" * 64)
