"""The pathway chart opens the text of each box, and preselects no route."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermstation.domain.consents import Answer
from dermstation.domain.routes import Route
from dermstation.resources import resource_text
from dermstation.ui.summary.pathway_page import PathwayPage
from dermstation.workflow.how_to import OwnLink
from dermstation.workflow.pathway import read_pathway

OWN = resource_text("pathways", "skin_lesions.toml")


@pytest.fixture
def opened() -> list[OwnLink]:
    """The links that were opened."""
    return []


@pytest.fixture
def page(qtbot, made, opened) -> PathwayPage:
    made_page = PathwayPage(read_pathway(OWN), made.episode(), opened.append)
    qtbot.addWidget(made_page)
    made_page.resize(1366, 600)
    with qtbot.waitExposed(made_page):
        made_page.show()
    return made_page


def test_to_begin_with_no_route_is_chosen_and_none_can_be(page) -> None:
    assert not page.primary.isEnabled()
    assert all(box.property("chosen") == "false" for box in page.chart.boxes.values())


@pytest.mark.parametrize("box", read_pathway(OWN).boxes, ids=lambda box: box.id)
def test_each_box_opens_its_text_its_source_and_its_date(page, box) -> None:
    page.chart.boxes[box.id].click()
    for words in (box.title, box.text, *box.criteria, *box.needs, box.source, box.date):
        assert words in page.words
    assert page.primary.isEnabled() is (box.route is not None)


def test_a_link_opens_only_when_it_is_pressed(page, opened) -> None:
    page.chart.boxes["usc"].click()
    (link,) = page.link_buttons
    assert opened == []
    link.click()
    assert [one.target for one in opened] == ["https://www.nice.org.uk/guidance/ng12"]


def test_the_practices_own_links_are_marked_as_such(qtbot, made, opened) -> None:
    links = "minor_surgery|Referral form|https://icb.example/form"
    page = PathwayPage(read_pathway(OWN).with_links(links), made.episode(), opened.append)
    qtbot.addWidget(page)
    page.open_box("minor_surgery")
    assert "Referral form: from your practice" in page.words
    page.open_box("routine")
    assert "Referral form" not in page.words


def test_what_is_missing_is_shown_until_it_is_there(page) -> None:
    page.chart.boxes["rads"].click()
    assert "Patient told of possible cancer?" in page.words
    page.told.buttons[Answer.YES].click()
    assert "Patient told of possible cancer?" not in page.words


def test_rads_notes_that_the_patient_was_told(page, qtbot) -> None:
    page.chart.boxes["rads"].click()
    page.told.buttons[Answer.YES].click()
    with qtbot.waitSignal(page.chosen) as chosen:
        page.primary.click()
    assert chosen.args == [Route.RADS, Answer.YES]


def test_only_suspected_cancer_routes_ask_whether_the_patient_was_told(page) -> None:
    for name, asks in (("rads", True), ("usc", True), ("routine", False), ("start", False)):
        page.chart.boxes[name].click()
        assert page.told.isHidden() is not asks


def test_the_keyboard_alone_chooses(page, qtbot) -> None:
    box = page.chart.boxes["routine"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    page.primary.setFocus()
    with qtbot.waitSignal(page.chosen) as chosen:
        QTest.keyClick(page.primary, Qt.Key.Key_Return)
    assert chosen.args[0] is Route.ROUTINE


def test_an_answer_that_is_known_is_shown_and_not_asked_again(qtbot, made, opened) -> None:
    view = replace(made.episode(), told=Answer.YES)
    page = PathwayPage(read_pathway(OWN), view, opened.append)
    qtbot.addWidget(page)
    page.open_box("rads")
    assert page.told.answer is Answer.YES
    assert "Patient told of possible cancer?" not in page.words


def test_a_patient_who_was_not_told_cannot_go_by_rads(page, qtbot) -> None:
    page.chart.boxes["rads"].click()
    page.told.buttons[Answer.NO].click()
    assert "The patient must be told before it can be RADS." in page.words
    page.chart.boxes["usc"].click()
    assert "must be told" not in page.words
