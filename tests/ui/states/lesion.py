"""States of the lesion pages: site, history and the pathway chart."""

from typing import Any

from PySide6.QtTest import QTest

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import (
    Chaperone,
    History,
    Identifiable,
    Note,
    Point,
    Question,
    Safeguards,
    Spot,
)
from dermstation.domain.routes import Route
from dermstation.domain.sites import Side
from dermstation.resources import resource_text
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.parts.page import Page
from dermstation.ui.summary.pathway_page import PathwayPage
from dermstation.workflow.pathway import read_pathway
from tests.ui.framing import named


def lesion_empty(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1")
    return page


def lesion_filled_long(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion(
        "L12",
        "60944009",
        None,
        Spot("front", 0.5, 0.49),
        Safeguards(True, Chaperone.PRESENT, "Test " * 19, Identifiable.TATTOO, True),
    )
    return page


def lesion_chaperone_missing(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1", "22180002", Side.LEFT)
    page.primary.click()
    return page


def _history(made: Any, label: str = "L1", site: str = "Forearm, back (left)") -> HistoryPage:
    return HistoryPage(label, site)


def _pathway(made: Any, box: str, **over: Any) -> PathwayPage:
    own = resource_text("pathways", "skin_lesions.toml")
    page = PathwayPage(read_pathway(own), made.episode(**over), [].append)
    page.open_box(box)
    return page


def pathway_start(made: Any) -> Page:
    return _pathway(made, "start")


def pathway_minor_surgery(made: Any) -> Page:
    return _pathway(made, "minor_surgery")


def pathway_advice(made: Any) -> Page:
    return _pathway(made, "advice", lesions=2)


def pathway_usc(made: Any) -> Page:
    return _pathway(made, "usc", lesions=2)


def pathway_missing(made: Any) -> Page:
    return _pathway(made, "rads", lesions=2)


def pathway_chosen_long(made: Any) -> Page:
    return _pathway(made, "rads", route=Route.RADS, lesions=3, history="Grew.")


def history_empty(made: Any) -> Page:
    return _history(made)


def history_filled_long(made: Any) -> Page:
    page = _history(made, "L12", "Around the eye (midline)")
    answers = dict(zip(Question, [Answer.YES, Answer.NO, Answer.NOT_ASKED] * 9, strict=False))
    notes = dict.fromkeys((Note.MEDICINES, Note.ALLERGIES, Note.CONDITIONS), "W" * 90)
    page.show_history(
        History(answers, {**notes, Note.SKIN_TYPE: "IV"}, frozenset(Point)),
        "Growing for three months, itchy. " * 30,
    )
    return page


def history_low_score(made: Any) -> Page:
    page = _history(made)
    page.show_history(History({Question.PIGMENTED: Answer.YES}, {}, frozenset({Point.SIZE})), "")
    return page


def history_not_pigmented(made: Any) -> Page:
    page = _history(made)
    page.show_history(History({Question.PIGMENTED: Answer.NO}), "Tender nodule.")
    return page


def history_wrong(made: Any) -> Page:
    page = _history(made)
    page.show_history(History({}, {Note.SIZE_MM: "big"}, frozenset()), "")
    page.primary.click()
    return page


def lesion_missing(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1", "70559009")
    page.primary.click()
    return page


def lesion_searched(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1")
    QTest.keyClicks(page.search, "nail")
    page.primary.click()
    return page


_LONG_BOXES = (pathway_usc, pathway_advice, pathway_minor_surgery)
STATES = {
    **named(
        "Lesion",
        lesion_empty,
        lesion_filled_long,
        lesion_chaperone_missing,
        history_empty,
        history_filled_long,
        history_low_score,
        history_not_pigmented,
        history_wrong,
        lesion_missing,
        lesion_searched,
    ),
    **named("Summary", pathway_start, *_LONG_BOXES, pathway_missing, pathway_chosen_long),
}
