"""The summary's body map shows the site on the correct side, in the station's own drawing."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from dermstation.body_map import VIEWS, shape_ids, side_at, sites_of, view_with
from dermstation.domain.lesion_facts import LesionFacts, Spot
from dermstation.domain.records import PackageFile
from dermstation.domain.sites import Side
from dermstation.handover.contents import LesionContents
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.pdf_body import body_figure
from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.handover.pdf_page import Sheet
from dermstation.handover.plan import plan_package

SHADED = b"0 .368627 .721569 rg"
PALER = b".611765 .752941 .886275 rg"
DOT = b".643137 .086275 .101961 rg"
FOREARM_BACK = "41550009"


def drawn(lesion) -> bytes:
    """Draw a lesion's figure and return the content of its page, in the order of drawing."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pageCompression=0, invariant=1)
    body_figure(lesion, Sheet(DocumentFonts())).drawOn(canvas, 0, 0)
    canvas.save()
    return PdfReader(BytesIO(buffer.getvalue())).pages[0].get_contents().get_data()


def count(content: bytes, operator: bytes) -> int:
    return content.count(b"\n" + operator + b"\n")


def summary(contents) -> bytes:
    plan = plan_package(contents)
    files = [PackageFile(one.name, "image/jpeg", len(one.data), "a" * 64) for one in plan.images]
    return summary_pdf(contents, plan, files)


@pytest.mark.parametrize("view", VIEWS)
def test_every_site_of_every_view_is_shaded_as_often_as_it_has_shapes(view, made) -> None:
    for code in sites_of(view):
        lesion = replace(made["lesion_of"](), site_code=code, side=Side.LEFT)
        lesion = replace(lesion, facts=LesionFacts(spot=Spot(view, 0.5, 0.5)))
        shapes = [one for one in shape_ids(view) if one.split(".")[0] == f"s{code}"]
        content = drawn(lesion)
        assert count(content, SHADED) == len(shapes) > 0
        assert count(content, DOT) == 1


def test_left_and_right_are_shaded_on_their_own_half(made) -> None:
    lesion = made["lesion_of"]()  # a left forearm seen from behind: on the left of the picture
    left, right = drawn(lesion), drawn(replace(lesion, side=Side.RIGHT))
    assert b"n 0 0 150 610 re W* n" in left.replace(b"\n", b" ")
    assert b"n 150 0 150 610 re W* n" in right.replace(b"\n", b" ")
    assert side_at("back", 0.2) is Side.LEFT
    assert side_at("front", 0.2) is Side.RIGHT


def test_an_unknown_side_is_paler_and_mentioned(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    unsided = LesionContents(replace(one.lesion, side=None), one.captures)
    assert count(drawn(unsided.lesion), PALER) == 2
    assert count(drawn(unsided.lesion), SHADED) == 0
    pdf = summary(replace(contents, lesions=(unsided,)))
    assert "side not recorded" in PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_the_summary_says_which_side_is_whose_and_what_the_dot_is(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    spotted = replace(one.lesion, facts=LesionFacts(spot=Spot("back", 0.21, 0.42)))
    pdf = summary(replace(contents, lesions=(LesionContents(spotted, one.captures),)))
    pages = PdfReader(BytesIO(pdf)).pages
    words = " ".join(pages[0].extract_text().split())
    assert len(pages) == 1  # one lesion with three pictures, and the list of files
    assert words.count("Patient's") == 2
    assert "Back; the dot is the lesion" in words


def test_a_site_that_no_view_shows_and_an_unknown_view(made) -> None:
    lesion = replace(made["lesion_of"](), site_code="48014002", side=None)
    assert view_with("48014002") is None
    assert body_figure(lesion, Sheet(DocumentFonts())) is None
    newer = replace(made["lesion_of"](), facts=LesionFacts(spot=Spot("torso", 0.5, 0.5)))
    assert count(drawn(newer), DOT) == 0
    assert count(drawn(newer), SHADED) == 2  # both arms, clipped to the left one


def test_a_lesions_heading_is_on_the_page_of_its_pictures(made) -> None:
    first = made["standard"](question="Which of the two is to go first? " * 8)
    second = made["lesion_of"](2)
    held = [made["held"](second, one.capture.shot, one.image) for one in first.lesions[0].captures]
    pdf = summary(replace(first, lesions=(*first.lesions, LesionContents(second, tuple(held)))))
    pages = [" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(pdf)).pages]
    for label in ("L1", "L2"):
        assert (
            len([one for one in pages if f"{label} \u00b7" in one and f"{label} Gen" in one]) == 1
        )
