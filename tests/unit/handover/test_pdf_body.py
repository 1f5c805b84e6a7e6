"""The summary's body map shows the site on the correct side, in the station's own drawing."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from dermstation.body_map import VIEWS, side_at, site_of, sites_of, view_with
from dermstation.domain.lesion_facts import LesionFacts, Spot
from dermstation.domain.records import PackageFile
from dermstation.domain.sites import Side
from dermstation.handover.body_shapes import body_view, shaded
from dermstation.handover.contents import LesionContents
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.pdf_body import FIGURE_HEIGHT, FIGURE_WIDTH, body_figure
from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.handover.pdf_page import Sheet
from dermstation.handover.plan import plan_package
from tests.rendered import Patch, pages_of, patches

SHADED, PALER, DOT = (0x00, 0x5E, 0xB8), (0x9C, 0xC0, 0xE2), (0xA4, 0x16, 0x1A)
CHEST = "244106003"


def drawn(lesion) -> bytes:
    """Draw a lesion's figure alone, as large as the page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(FIGURE_WIDTH, FIGURE_HEIGHT), invariant=1)
    body_figure(lesion, Sheet(DocumentFonts())).drawOn(canvas, 0, 0)
    canvas.save()
    return buffer.getvalue()


def seen(lesion, colour) -> list[Patch]:
    (page,) = pages_of(drawn(lesion), 600)
    return patches(page, colour)


def site(made, code, side, view):
    lesion = replace(made["lesion_of"](), site_code=code, side=side)
    return replace(lesion, facts=LesionFacts(spot=Spot(view, 0.5, 0.5)))


def summary(contents) -> bytes:
    plan = plan_package(contents)
    files = [PackageFile(one.name, "image/jpeg", len(one.data), "a" * 64) for one in plan.images]
    return summary_pdf(contents, plan, files)


@pytest.mark.parametrize("view", VIEWS)
def test_only_the_named_half_of_every_site_is_drawn(view) -> None:
    drawing = body_view(view)
    for code in sites_of(view):
        has_shape = False
        for shape in drawing.shapes:
            for side in (Side.LEFT, Side.RIGHT):
                part = shaded(view, shape, code, side)
                low = 0.0 if side_at(view, 0.0) is side else drawing.width / 2
                assert all(low <= x <= low + drawing.width / 2 for x, _ in part)
                has_shape = has_shape or bool(part)
            whole = shaded(view, shape, code, None)
            assert whole == (shape.outline if site_of(shape.name) == code else ())
        assert has_shape


def test_only_the_lesions_side_is_shaded_in_either_view(made) -> None:
    (left,) = seen(made["lesion_of"](), SHADED)  # seen from behind: on the left of the picture
    (right,) = seen(replace(made["lesion_of"](), side=Side.RIGHT), SHADED)
    assert left.x < 0.5 < right.x
    assert left.pixels == pytest.approx(right.pixels, rel=0.1)
    cheek = replace(made["lesion_of"](), site_code="36141000")
    (left,) = seen(replace(cheek, side=Side.LEFT), SHADED)  # mirrored: on the right
    (right,) = seen(replace(cheek, side=Side.RIGHT), SHADED)
    assert right.x < 0.5 < left.x


def test_a_site_across_the_middle_is_shaded_in_halves_and_a_band(made) -> None:
    sizes = {}
    for side in (*Side, None):
        lesion = replace(made["lesion_of"](), site_code=CHEST, side=side)
        sizes[side] = sum(one.pixels for one in seen(lesion, PALER if side is None else SHADED))
    assert sizes[Side.LEFT] == pytest.approx(sizes[Side.RIGHT], rel=0.1)
    assert sizes[Side.LEFT] + sizes[Side.RIGHT] == pytest.approx(sizes[None], rel=0.1)
    assert 0 < sizes[Side.MIDLINE] < sizes[Side.LEFT]


def test_nothing_of_the_figure_is_hidden_by_a_clip(made) -> None:
    for side in (*Side, None):
        for code in ("41550009", CHEST):
            lesion = replace(made["lesion_of"](), site_code=code, side=side)
            content = PdfReader(BytesIO(drawn(lesion))).pages[0].get_contents().get_data()
            assert b"W" not in content.split()


@pytest.mark.parametrize("view", VIEWS)
def test_the_spot_is_drawn_once(view, made) -> None:
    code = min(sites_of(view))
    assert len(seen(site(made, code, Side.LEFT, view), DOT)) == 1


def test_an_unknown_side_is_paler_and_mentioned(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    unsided = LesionContents(replace(one.lesion, side=None), one.captures)
    assert len(seen(unsided.lesion, PALER)) == 2
    assert not seen(unsided.lesion, SHADED)
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
    assert not seen(newer, DOT)
    assert len(seen(newer, SHADED)) == 1


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
